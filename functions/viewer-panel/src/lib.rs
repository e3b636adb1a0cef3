#![doc = include_str!("../README.md")]

mod act;
mod emoji;
mod enter;
mod own;
mod page;
pub mod path;
mod public;
mod routes;
mod view;
mod visit;

use std::sync::Arc;

use axum::Router;
use ownchatbot_app::ports::Clock;
use ownchatbot_app::{Cached, Context, SigningKey};
use ownchatbot_boot::{BadEnvironment, Environment, SystemClock, clients};
use ownchatbot_domain::Redemption;
use ownchatbot_owncast::{BaseUrl, NoHttpClient, OwncastClient};
use ownchatbot_web::{Token, error, origin, security};

use emoji::EmojiList;
use public::Public;

/// The dependencies of the handlers: the table, the signing key, Owncast, and the caches of a warm process.
#[derive(Debug)]
pub struct Deps<C> {
    context: Arc<Context<C>>,
    key: SigningKey,
    owncast: BaseUrl,
    emojis: EmojiList,
    public: Cached<Public>,
    recent: Cached<Vec<Redemption>>,
    origin: Option<Token>,
}

impl<C> Deps<C> {
    /// A process with empty caches. `key` signs sessions and forms. `owncast` is the URL from which emoji
    /// come, and which may frame the panel unless a setting names another. `origin` is the secret that
    /// CloudFront sends, where there is a CloudFront.
    ///
    /// # Errors
    /// [`NoHttpClient`] when the system's TLS cannot be used.
    pub fn new(
        context: Context<C>,
        key: SigningKey,
        owncast: BaseUrl,
        origin: Option<Token>,
    ) -> Result<Self, NoHttpClient> {
        let emojis = EmojiList::new(OwncastClient::public(owncast.clone())?);
        let (public, recent) = (Cached::new(public::FRESH), Cached::new(public::FRESH));
        Ok(Self { context: Arc::new(context), key, owncast, emojis, public, recent, origin })
    }
}

impl Deps<SystemClock> {
    /// From the environment: `TABLE_NAME`, `SIGNING_KEY`, `OWNCAST_URL`, and `ORIGIN_SECRET` where there is a
    /// CloudFront.
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
        let context = Context::new(clients::store(&table), SystemClock);
        Self::new(context, key, owncast, origin).map_err(|error| BadEnvironment(vec![error.to_string()]))
    }
}

/// The content security policy of responses that are not pages.
const POLICY: &str = "default-src 'none'; frame-ancestors 'none'";

/// The routes of this function.
pub fn router<C: Clock + 'static>(deps: Arc<Deps<C>>) -> Router {
    let secret = deps.origin.clone();
    let texts = deps.context.texts;
    security::headers(origin::guard(error::in_words(routes::all(deps), texts), secret), POLICY)
}
