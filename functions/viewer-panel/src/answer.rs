//! How requests are answered.

use askama::Template;
use axum::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, LOCATION, RETRY_AFTER};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use ownchatbot_app::{AppError, ErrorChain};
use ownchatbot_owncast::BaseUrl;
use ownchatbot_store::StoreError;
use ownchatbot_web::{Packed, RandomnessUnavailable};

use crate::view::{Notices, Said};

/// Nothing of the panel is kept by anybody between.
const NEVER: HeaderValue = HeaderValue::from_static("no-store");

/// Why a request is not answered.
#[derive(Debug, thiserror::Error)]
pub(crate) enum PanelError {
    #[error("there is nothing here")]
    NotFound,
    #[error("this did not come from a page of ours")]
    CrossOrigin,
    #[error("sign in first")]
    SignedOut,
    #[error("the form is not from this session, or cannot be read")]
    BadForm,
    #[error("the form is larger than any of ours")]
    TooLarge,
    #[error("the table is in the way")]
    Failed(#[from] AppError),
    #[error("no secret can be made")]
    RandomnessUnavailable(#[from] RandomnessUnavailable),
    #[error("a page could not be written out")]
    Page(#[from] askama::Error),
}

impl From<StoreError> for PanelError {
    fn from(error: StoreError) -> Self {
        Self::Failed(error.into())
    }
}

impl PanelError {
    const fn status(&self) -> StatusCode {
        match self {
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::CrossOrigin | Self::BadForm => StatusCode::FORBIDDEN,
            Self::SignedOut => StatusCode::UNAUTHORIZED,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Failed(AppError::Contended { .. } | AppError::Store(StoreError::Busy { .. })) => {
                StatusCode::SERVICE_UNAVAILABLE
            }
            Self::Failed(AppError::Store(StoreError::Broken { .. } | StoreError::Damaged { .. }))
            | Self::RandomnessUnavailable(_)
            | Self::Page(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// What to tell whoever asked.
    const fn said(&self) -> &'static str {
        match self {
            Self::NotFound => "There is nothing here. Open the panel from the stream's page.",
            Self::CrossOrigin => {
                "That did not come from this page, so nothing was done. Load the panel again."
            }
            Self::SignedOut => "You are signed out. Load the panel again to sign in; nothing was spent.",
            Self::TooLarge => "That is more than fits here. Write less; nothing was spent.",
            Self::BadForm => "This page is too old. Load the panel again; nothing was spent.",
            Self::Failed(_) | Self::RandomnessUnavailable(_) | Self::Page(_) => {
                "That did not work just now, and nothing is lost. Try again in a moment."
            }
        }
    }
}

/// A request that failed, with how it was asked.
#[derive(Debug)]
pub(crate) struct Failure {
    pub(crate) trouble: PanelError,
    pub(crate) partly: bool,
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let Self { trouble, partly } = self;
        let status = trouble.status();
        if status.is_server_error() {
            tracing::error!(error = %ErrorChain(&trouble), http.status = status.as_u16(), "a page could not be shown");
        } else {
            tracing::warn!(reason = %trouble, http.status = status.as_u16(), "refused a request to the panel");
        }
        let said = trouble.said();
        let mut answer = if partly {
            // What the page's script asked for takes its place among the notices, whatever it asked for.
            let notices = Notices { swap: true, lines: vec![Said::new(false, said)] };
            let html = notices.render().unwrap_or_default();
            let mut answer = html_answer(&HeaderMap::new(), html);
            let told = answer.headers_mut();
            told.insert("hx-reswap", HeaderValue::from_static("none"));
            answer
        } else {
            (status, [("content-type", "text/plain; charset=utf-8")], format!("{said}\n")).into_response()
        };
        *answer.status_mut() = status;
        if status == StatusCode::SERVICE_UNAVAILABLE {
            answer.headers_mut().insert(RETRY_AFTER, HeaderValue::from_static("1"));
        }
        answer.headers_mut().insert(CACHE_CONTROL, NEVER);
        answer
    }
}

/// A page, or parts of one.
pub(crate) fn html_answer(headers: &HeaderMap, html: String) -> Response {
    let mut answer = Packed::new("text/html; charset=utf-8", html).answer(headers);
    answer.headers_mut().insert(CACHE_CONTROL, NEVER);
    answer
}

/// Back to the page, at `to`.
pub(crate) fn see_other(to: &str) -> Response {
    let mut answer = StatusCode::SEE_OTHER.into_response();
    let told = answer.headers_mut();
    if let Ok(to) = HeaderValue::try_from(to) {
        told.insert(LOCATION, to);
    }
    told.insert(CACHE_CONTROL, NEVER);
    answer
}

/// What the panel may do, and who may frame it: Owncast, at `owncast`, from where its emoji come too.
pub(crate) fn policy(owncast: &BaseUrl) -> Option<HeaderValue> {
    let owncast = owncast.origin();
    let policy = format!(
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' {owncast}; connect-src 'self'; \
         base-uri 'none'; form-action 'self'; frame-ancestors {owncast}"
    );
    HeaderValue::try_from(policy).ok()
}

/// Puts `policy` on an answer.
pub(crate) fn with_policy(mut answer: Response, policy: Option<HeaderValue>) -> Response {
    if let Some(policy) = policy {
        answer.headers_mut().insert(CONTENT_SECURITY_POLICY, policy);
    }
    answer
}
