#![doc = include_str!("../README.md")]

pub mod document;
mod fill;
mod live;
pub mod pace;
mod page;

use std::sync::Arc;

use axum::Router;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::header::{CACHE_CONTROL, ETAG, RETRY_AFTER, VARY};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use ownchatbot_app::ports::Clock;
use ownchatbot_app::{Context, SigningKey};
use ownchatbot_boot::{BadEnvironment, Environment, SystemClock, clients};
use ownchatbot_web::{Token, assets, origin, security};

use live::Live;

/// The dependencies of the handlers: the table, the signing key, CloudFront's secret, and the cached
/// document.
#[derive(Debug)]
pub struct Deps<C> {
    context: Context<C>,
    key: SigningKey,
    origin: Option<Token>,
    live: Live,
}

impl<C> Deps<C> {
    /// A process with an empty cache. `key` hashes viewers' ids; `origin` is the secret that CloudFront
    /// sends, where there is a CloudFront.
    pub fn new(context: Context<C>, key: SigningKey, origin: Option<Token>) -> Self {
        Self { context, key, origin, live: Live::default() }
    }
}

impl Deps<SystemClock> {
    /// From the environment: `TABLE_NAME`, `SIGNING_KEY`, and `ORIGIN_SECRET` where there is a CloudFront.
    ///
    /// # Errors
    /// [`BadEnvironment`] with everything that is missing or wrong.
    pub async fn from_environment(mut env: Environment) -> Result<Self, BadEnvironment> {
        let table = env.table();
        let key = env.signing_key();
        let origin = env.optional("ORIGIN_SECRET", Token::parse);
        let (Some(table), Some(key)) = (table, key) else { return Err(env.problems()) };
        env.done()?;
        Ok(Self::new(Context::new(clients::store(&table), SystemClock), key, origin))
    }
}

/// The paths of this function.
pub mod path {
    /// The overlay of votes.
    pub const VOTES: &str = "/votes";
    /// The overlay of goals.
    pub const GOALS: &str = "/goals";
    /// The list of all overlays.
    pub const INDEX: &str = "/overlay";
    /// The document that overlays and panels poll.
    pub const LIVE: &str = "/overlay/live.json";
    /// One overlay.
    pub const OVERLAY: &str = "/overlay/{page}";
    /// A style or a script.
    pub const ASSET: &str = "/assets/{hash}/{*file}";

    /// All of them.
    pub const ALL: [&str; 6] = [VOTES, GOALS, INDEX, LIVE, OVERLAY, ASSET];
}

/// The content security policy of the overlays. OBS, which shows them, adds the CSS of its own settings to
/// the page; images and sounds of the streamer's choice may come from elsewhere; the streamer's panel shows
/// overlays in a frame.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; \
     img-src 'self' https: data:; connect-src 'self'; font-src 'self'; media-src 'self' data:; base-uri 'none'; \
     form-action 'none'; frame-ancestors 'self'";

/// The `cache-control` of pages: for a minute after an upgrade, and for a day while the function fails, old
/// ones are sent.
const PAGE: &str = "public, max-age=60, stale-if-error=86400";
/// The `cache-control` of the document: each CloudFront location requests it once a second, however many
/// browsers poll.
const DOCUMENT: &str = "public, max-age=1, s-maxage=1, stale-while-revalidate=2, stale-if-error=60";
/// The `cache-control` of errors: what does not exist now may exist later.
const NEVER: &str = "no-store";

/// The routes of this function.
pub fn router<C: Clock + 'static>(deps: Arc<Deps<C>>) -> Router {
    let (secret, texts) = (deps.origin.clone(), deps.context.texts);
    let routes = Router::new()
        .route(path::VOTES, get(async move || cached(PAGE, page::overlay("votes", texts))))
        .route(path::GOALS, get(async move || cached(PAGE, page::overlay("goals", texts))))
        .route(path::INDEX, get(async move || cached(PAGE, page::index(texts))))
        .route(path::LIVE, get(live_document::<C>))
        .route(
            path::OVERLAY,
            get(async move |path: Result<Path<String>, PathRejection>| {
                let found = path.ok().and_then(|Path(name)| page::under_overlay(&name, texts));
                found.map_or_else(not_found, |page| cached(PAGE, page))
            }),
        )
        .route(path::ASSET, get(file))
        .with_state(deps);
    security::headers(origin::guard(routes, secret), POLICY)
}

async fn live_document<C: Clock>(State(deps): State<Arc<Deps<C>>>, headers: HeaderMap) -> Response {
    let Some(built) = deps.live.document(&deps.context, &deps.key).await else {
        return cached(NEVER, (StatusCode::SERVICE_UNAVAILABLE, [(RETRY_AFTER, "1")], "try again later\n"));
    };
    let mut response = if built.etag.is_known(&headers) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        built.packed.response(&headers)
    };
    let sent = response.headers_mut();
    sent.insert(VARY, HeaderValue::from_static("accept-encoding"));
    if let Some(tag) = built.etag.header() {
        sent.insert(ETAG, tag);
    }
    cached(DOCUMENT, response)
}

async fn file(path: Result<Path<(String, String)>, PathRejection>, headers: HeaderMap) -> Response {
    let found = path.ok().and_then(|Path((hash, name))| assets::find(&hash, &name));
    found.map_or_else(not_found, |file| cached(assets::CACHE_CONTROL, file.response(&headers)))
}

/// `response` with the header `cache-control: {policy}`.
fn cached(policy: &'static str, response: impl IntoResponse) -> Response {
    let mut response = response.into_response();
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static(policy));
    response
}

fn not_found() -> Response {
    cached(NEVER, (StatusCode::NOT_FOUND, "there is nothing here\n"))
}
