//! Why a request fails, and the response that says so.

use askama::Template;
use axum::http::header::{CACHE_CONTROL, RETRY_AFTER};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use ownchatbot_app::{AppError, ErrorChain};
use ownchatbot_store::StoreError;
use ownchatbot_web::RandomnessUnavailable;

use crate::response::{NO_STORE, html_response};
use crate::view::{Notice, Notices};

/// Why a request fails.
#[derive(Debug, thiserror::Error)]
pub(crate) enum PanelError {
    #[error("no such page, reward or redemption")]
    NotFound,
    #[error("the request came from another origin")]
    CrossOrigin,
    #[error("no viewer is signed in")]
    SignedOut,
    #[error("the form's CSRF token or one of its fields is wrong")]
    BadForm,
    #[error("the body is too large")]
    TooLarge,
    #[error("the table could not be read or written")]
    Failed(#[from] AppError),
    #[error("could not make a secret")]
    RandomnessUnavailable(#[from] RandomnessUnavailable),
    #[error("could not render a template")]
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

    /// The message for the visitor.
    const fn message(&self) -> &'static str {
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

/// A failed request. It becomes a text, or a notice where the page's script sent the request.
#[derive(Debug)]
pub(crate) struct Failure {
    pub(crate) error: PanelError,
    pub(crate) partial: bool,
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let Self { error, partial } = self;
        let status = error.status();
        if status.is_server_error() {
            tracing::error!(error = %ErrorChain(&error), http.status = status.as_u16(), "could not handle a request to the panel");
        } else {
            tracing::warn!(reason = %error, http.status = status.as_u16(), "refused a request to the panel");
        }
        let message = error.message();
        let mut response = if partial {
            // Whichever part the page's script requested, only the notices are replaced.
            let notices = Notices { swap: true, lines: vec![Notice::new(false, message)] };
            let html = notices.render().unwrap_or_default();
            let mut response = html_response(&HeaderMap::new(), html);
            response.headers_mut().insert("hx-reswap", HeaderValue::from_static("none"));
            response
        } else {
            (status, [("content-type", "text/plain; charset=utf-8")], format!("{message}\n")).into_response()
        };
        *response.status_mut() = status;
        let headers = response.headers_mut();
        if status == StatusCode::SERVICE_UNAVAILABLE {
            headers.insert(RETRY_AFTER, HeaderValue::from_static("1"));
        }
        headers.insert(CACHE_CONTROL, NO_STORE);
        response
    }
}
