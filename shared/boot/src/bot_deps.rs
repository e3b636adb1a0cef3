//! The dependencies of the functions that talk to Owncast.

use aws_types::SdkConfig;
use ownchatbot_app::Context;
use ownchatbot_owncast::{AccessToken, BaseUrl, OwncastClient};
use ownchatbot_schedules::EventBridge;

use crate::{BadEnvironment, Environment, SystemClock, clients};

/// The table and the connected Owncast.
#[derive(Debug)]
pub struct BotDeps<C, O, H = ()> {
    /// The table, the clock, and the caches of a warm process.
    pub context: Context<C>,
    /// The client of the connected Owncast.
    pub owncast: O,
    /// The schedules; `()` for functions that do not change any.
    pub schedules: H,
}

impl<C, O> BotDeps<C, O> {
    /// The same dependencies with `schedules`.
    pub fn with_schedules<H>(self, schedules: H) -> BotDeps<C, O, H> {
        BotDeps { context: self.context, owncast: self.owncast, schedules }
    }
}

/// The context of a function that only needs the table, from the environment variable `TABLE_NAME`.
///
/// # Errors
/// [`BadEnvironment`] when the variable is missing.
pub async fn context(mut env: Environment) -> Result<Context<SystemClock>, BadEnvironment> {
    let Some(table) = env.table() else { return Err(env.problems()) };
    Ok(Context::new(clients::store(&table), SystemClock))
}

impl BotDeps<SystemClock, OwncastClient> {
    /// Creates the dependencies from the environment variables `TABLE_NAME`, `OWNCAST_URL` and
    /// `OWNCAST_TOKEN`.
    ///
    /// # Errors
    /// [`BadEnvironment`] with everything that is missing or wrong.
    pub async fn from_environment(mut env: Environment) -> Result<Self, BadEnvironment> {
        let (table, owncast) = (env.table(), env.owncast());
        let (Some(table), Some(owncast)) = (table, owncast) else { return Err(env.problems()) };
        Self::new(&clients::aws(), &table, owncast)
    }

    fn new(
        aws: &SdkConfig,
        table: &str,
        (url, token): (BaseUrl, AccessToken),
    ) -> Result<Self, BadEnvironment> {
        let owncast =
            OwncastClient::new(url, token).map_err(|error| BadEnvironment(vec![error.to_string()]))?;
        let context = Context::new(clients::store_in(aws, table), SystemClock);
        Ok(Self { context, owncast, schedules: () })
    }
}

impl BotDeps<SystemClock, OwncastClient, EventBridge<SystemClock>> {
    /// Creates the dependencies of functions that deliver effects, which include schedules and whispered
    /// sign-in links. Reads the variables of [`BotDeps::from_environment`] and [`Environment::schedules`],
    /// and `SIGNING_KEY`.
    ///
    /// # Errors
    /// [`BadEnvironment`] with everything that is missing or wrong.
    pub async fn scheduling(mut env: Environment) -> Result<Self, BadEnvironment> {
        let (table, owncast) = (env.table(), env.owncast());
        let (stack, key) = (env.schedules(), env.signing_key());
        let (Some(table), Some(owncast), Some(stack), Some(key)) = (table, owncast, stack, key) else {
            return Err(env.problems());
        };
        let aws = clients::aws();
        let BotDeps { context, owncast, .. } = BotDeps::new(&aws, &table, owncast)?;
        let schedules = clients::schedules_in(&aws, stack);
        Ok(Self { context: context.signing(key), owncast, schedules })
    }
}
