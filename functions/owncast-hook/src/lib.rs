#![doc = include_str!("../README.md")]

mod auth;
mod body;
mod error;

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use ownchatbot_app::ports::Clock;
use ownchatbot_app::{Context, Outcome, on_event};
use ownchatbot_boot::{BadEnvironment, Environment, SystemClock, clients};
use ownchatbot_owncast::{WebhookSecret, read_event};
use ownchatbot_web::{Token, origin};

pub use auth::HookAuth;

use error::HookError;

/// The dependencies of the hook.
#[derive(Debug)]
pub struct Deps<C> {
    /// The table, the clock, and the caches of a warm process.
    pub context: Context<C>,
    /// What a caller must prove.
    pub auth: HookAuth,
    /// The secret that CloudFront sends, where there is a CloudFront.
    pub origin: Option<Token>,
}

impl Deps<SystemClock> {
    /// From the environment: `TABLE_NAME`, `SIGNING_KEY`, `HOOK_TOKEN`, `ORIGIN_SECRET` where there is a
    /// CloudFront, and `OWNCAST_WEBHOOK_SECRET` where Owncast signs.
    ///
    /// # Errors
    /// [`BadEnvironment`] with everything that is missing or wrong.
    pub async fn from_environment(mut env: Environment) -> Result<Self, BadEnvironment> {
        let table = env.table();
        let (key, token) = (env.signing_key(), env.required("HOOK_TOKEN", Token::parse));
        let origin = env.optional("ORIGIN_SECRET", Token::parse);
        let secret = env.optional("OWNCAST_WEBHOOK_SECRET", WebhookSecret::parse);
        let (Some(table), Some(key), Some(token)) = (table, key, token) else { return Err(env.problems()) };
        env.done()?;
        let context = Context::new(clients::store(&table), SystemClock).signing(key);
        Ok(Self { context, auth: HookAuth { token, secret }, origin })
    }
}

/// The paths of this function.
pub mod path {
    /// The webhook that Owncast calls.
    pub const CHAT_HOOK: &str = "/chatHook/{token}";
    /// All of them.
    pub const ALL: [&str; 1] = [CHAT_HOOK];
}

/// The routes of this function.
pub fn router<C: Clock + 'static>(deps: Arc<Deps<C>>) -> Router {
    let secret = deps.origin.clone();
    origin::guard(Router::new().route(path::CHAT_HOOK, post(hook::<C>)).with_state(deps), secret)
}

async fn hook<C: Clock + 'static>(
    State(deps): State<Arc<Deps<C>>>,
    token: Result<Path<String>, PathRejection>,
    headers: HeaderMap,
    body: Body,
) -> Result<StatusCode, HookError> {
    let arrived = deps.context.clock.now();
    // A path that is not UTF-8 holds no token; the response does not tell it from a wrong one.
    let Path(token) = token.map_err(|_| HookError::UnknownToken)?;
    deps.auth.check_token(&token)?;
    let raw = body::read(body).await?;
    deps.auth.verify_signature(&headers, &raw, arrived)?;
    let event = read_event(&raw, arrived)?;
    let outcome = on_event(&deps.context, &event).await?;
    let took = deps.context.clock.now().since(arrived);
    let (kind, duration_ms) = (kind(&event), took.ms());
    // Most chat messages are no commands, and logging each would cost more than handling it.
    if outcome == Outcome::Ignored {
        tracing::debug!(event.kind = kind, ?outcome, duration_ms, "handled an event of Owncast");
    } else {
        tracing::info!(event.kind = kind, ?outcome, duration_ms, "handled an event of Owncast");
    }
    Ok(StatusCode::OK)
}

/// The kind of `event`, for the log.
fn kind(event: &ownchatbot_app::OwncastEvent) -> &'static str {
    use ownchatbot_app::OwncastEvent::{
        Chat, Followed, Joined, Parted, Renamed, ScheduledStream, StreamStarted, StreamStopped, TitleChanged,
        Unknown, VisibilityChanged,
    };
    match event {
        Chat(_) => "chat",
        Joined { .. } => "joined",
        Parted { .. } => "parted",
        Renamed { .. } => "renamed",
        VisibilityChanged { .. } => "visibility",
        StreamStarted { .. } => "stream_started",
        StreamStopped { .. } => "stream_stopped",
        TitleChanged { .. } => "title",
        Followed { .. } => "followed",
        ScheduledStream => "scheduled",
        Unknown(_) => "unknown",
    }
}
