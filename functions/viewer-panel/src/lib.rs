#![doc = include_str!("../README.md")]

use std::sync::Arc;

use axum::Router;
use axum::routing::get;
use ownchatbot_app::ports::Clock;
use ownchatbot_app::{Context, SigningKey};
use ownchatbot_boot::{BadEnvironment, Environment, SystemClock, clients};
use ownchatbot_owncast::BaseUrl;
use ownchatbot_store::Store;
use ownchatbot_web::{Token, origin};

/// What the panel works with.
#[derive(Debug)]
pub struct Deps<C> {
    context: Context<Store, C>,
    key: SigningKey,
    owncast: BaseUrl,
    origin: Option<Token>,
}

impl<C> Deps<C> {
    /// A process that has shown nothing yet. `key` makes sessions; `owncast` is where emoji come from and who may frame the
    /// panel, unless a setting names another address; `origin` is what CloudFront tells us, where it stands in front.
    pub fn new(context: Context<Store, C>, key: SigningKey, owncast: BaseUrl, origin: Option<Token>) -> Self {
        Self { context, key, owncast, origin }
    }
}

impl Deps<SystemClock> {
    /// From the environment: `TABLE_NAME`, `SIGNING_KEY`, `OWNCAST_URL`, and `ORIGIN_SECRET` where CloudFront stands in
    /// front.
    ///
    /// # Errors
    /// [`BadEnvironment`] with everything that is missing or wrong.
    pub async fn from_environment(mut env: Environment) -> Result<Self, BadEnvironment> {
        let table = env.table();
        let key = env.signing_key();
        let owncast = env.required("OWNCAST_URL", |text| BaseUrl::parse(&text));
        let origin = env.optional("ORIGIN_SECRET", Token::parse);
        let (Some(table), Some(key), Some(owncast)) = (table, key, owncast) else {
            return Err(env.problems());
        };
        env.done()?;
        Ok(Self::new(Context::new(clients::store(&table).await, SystemClock), key, owncast, origin))
    }
}

/// The paths of this function, behind whatever address it has.
pub const ROUTES: [&str; 14] = [
    "/userpanel",
    "/userpanel/me",
    "/userpanel/history",
    "/userpanel/use/{reward}",
    "/userpanel/take-back",
    "/userpanel/boards",
    "/userpanel/sign-in",
    "/userpanel/enter/{token}",
    "/userpanel/code",
    "/userpanel/code/wait",
    "/userpanel/sign-out",
    "/userpanel/data.json",
    "/userpanel/forget",
    "/userpanel/emoji.json",
];

/// The routes of this function.
pub fn router<C: Clock + 'static>(deps: Arc<Deps<C>>) -> Router {
    let secret = deps.origin.clone();
    let routes = Router::new().route(ROUTES[0], get(async || "soon")).with_state(deps);
    origin::guard(routes, secret)
}
