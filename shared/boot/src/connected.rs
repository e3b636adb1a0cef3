//! What a function works with that talks to Owncast.

use ownchatbot_app::Context;
use ownchatbot_owncast::OwncastClient;
use ownchatbot_store::Store;

use crate::{BadEnvironment, Environment, SystemClock, clients};

/// The table and the connected Owncast.
#[derive(Debug)]
pub struct Connected<C, O> {
    /// The table, the clock, and what a warm process remembers.
    pub context: Context<Store, C>,
    /// The connected Owncast.
    pub owncast: O,
}

impl Connected<SystemClock, OwncastClient> {
    /// From the environment: `TABLE_NAME`, `OWNCAST_URL`, `OWNCAST_TOKEN`.
    ///
    /// # Errors
    /// [`BadEnvironment`] with everything that is missing or wrong.
    pub async fn from_environment(mut env: Environment) -> Result<Self, BadEnvironment> {
        let (table, owncast) = (env.table(), env.owncast());
        let (Some(table), Some((url, token))) = (table, owncast) else { return Err(env.problems()) };
        let owncast =
            OwncastClient::new(url, token).map_err(|error| BadEnvironment(vec![error.to_string()]))?;
        Ok(Self { context: Context::new(clients::store(&table).await, SystemClock), owncast })
    }
}
