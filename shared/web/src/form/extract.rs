//! The extractors of forms and query strings.

use std::convert::Infallible;

use axum::body::{Bytes, to_bytes};
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::HeaderMap;
use axum::http::request::Parts;
use ownchatbot_app::ports::Clock;
use ownchatbot_app::signing::Purpose;
use ownchatbot_app::{Context, SigningKey};
use ownchatbot_domain::{EventId, Source};
use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::browser::Browser;
use crate::error::PanelError;
use crate::same_origin;
use crate::session::SessionId;
use crate::state::WebState;
use crate::visit::{Session, Visit};

/// The largest body, in bytes. No form is larger.
const MAX_BODY: usize = 16 * 1024;
/// The longest one-time key, in bytes: a nonce, and the longest id of a reward.
const MAX_KEY: usize = 200;

/// A form of somebody who is signed in. The extractor checks that it comes from one of the bot's own pages
/// and from the page of its session, by the CSRF token, and then reads its fields as `T`, without the hidden
/// fields of [`FormTokens`](super::FormTokens). Fields that `T` does not have are ignored.
///
/// It refuses others with [`PanelError::CrossOrigin`], [`PanelError::SignedOut`], [`PanelError::BadForm`]
/// and, above 16 KiB, [`PanelError::TooLarge`].
#[derive(Debug)]
pub struct SignedForm<T> {
    /// How the browser expects the response.
    pub browser: Browser,
    /// The session that sends it.
    pub session: Session,
    /// The form's event id, which is its idempotency key: a hash of its one-time key and the session, so that
    /// viewers cannot use up each other's keys.
    pub event: EventId,
    /// Its fields.
    pub fields: T,
}

/// A form that needs no session, such as one that signs in. The extractor checks that it comes from one of
/// the bot's own pages. It refuses others with [`PanelError::CrossOrigin`], [`PanelError::BadForm`] and,
/// above 16 KiB, [`PanelError::TooLarge`].
#[derive(Debug)]
pub struct OpenForm<T> {
    /// How the browser expects the response.
    pub browser: Browser,
    /// Its fields.
    pub fields: T,
}

/// The fields of a form that is only a button.
#[derive(Debug, Clone, Copy, Deserialize)]
pub struct NoFields {}

/// The fields of the query string. Pages open whatever is added to their URL, so a query string that does not
/// fit reads as an empty one.
#[derive(Debug)]
pub struct Query<T>(pub T);

/// The hidden fields of a [`SignedForm`].
#[derive(Deserialize)]
struct SentTokens {
    csrf: String,
    key: String,
}

/// Refuses requests that do not come from a page of the bot.
async fn check_origin<C: Clock>(context: &Context<C>, headers: &HeaderMap) -> Result<(), PanelError> {
    let config = context.config().await?;
    if same_origin::is_ours(headers, config.settings.public_url.as_deref()) {
        Ok(())
    } else {
        Err(PanelError::CrossOrigin)
    }
}

/// The body of a form.
async fn body(request: Request) -> Result<Bytes, PanelError> {
    to_bytes(request.into_body(), MAX_BODY).await.map_err(|_| PanelError::TooLarge)
}

fn fields<T: DeserializeOwned>(body: &[u8]) -> Result<T, PanelError> {
    serde_html_form::from_bytes(body).map_err(|_| PanelError::BadForm)
}

/// The event id of a form with the one-time key `once`.
fn event(key: &SigningKey, session: &SessionId, once: &str) -> Result<EventId, PanelError> {
    if once.is_empty() || once.len() > MAX_KEY {
        return Err(PanelError::BadForm);
    }
    let hash = key.hash(Purpose::Click, &format!("{} {once}", session.as_str()));
    EventId::new(Source::Click, hash.to_string()).map_err(|_| PanelError::BadForm)
}

impl<C, D, T> FromRequest<WebState<C, D>> for SignedForm<T>
where
    C: Clock + 'static,
    D: Send + Sync,
    T: DeserializeOwned,
{
    type Rejection = PanelError;

    async fn from_request(request: Request, state: &WebState<C, D>) -> Result<Self, PanelError> {
        let (mut parts, body_) = request.into_parts();
        check_origin(state.context(), &parts.headers).await?;
        let visit = Visit::from_request_parts(&mut parts, state).await?;
        let session = visit.session.ok_or(PanelError::SignedOut)?;
        let bytes = body(Request::from_parts(parts, body_)).await?;
        let sent: SentTokens = fields(&bytes)?;
        if !session.id.is_form_token(state.key(), &sent.csrf) {
            return Err(PanelError::BadForm);
        }
        let event = event(state.key(), &session.id, &sent.key)?;
        Ok(Self { browser: visit.browser, session, event, fields: fields(&bytes)? })
    }
}

impl<C, D, T> FromRequest<WebState<C, D>> for OpenForm<T>
where
    C: Clock + 'static,
    D: Send + Sync,
    T: DeserializeOwned,
{
    type Rejection = PanelError;

    async fn from_request(request: Request, state: &WebState<C, D>) -> Result<Self, PanelError> {
        check_origin(state.context(), request.headers()).await?;
        let browser = Browser::of(request.headers());
        Ok(Self { browser, fields: fields(&body(request).await?)? })
    }
}

impl<S: Sync, T: DeserializeOwned + Default> FromRequestParts<S> for Query<T> {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let query = parts.uri.query().unwrap_or_default();
        Ok(Self(serde_html_form::from_str(query).unwrap_or_default()))
    }
}
