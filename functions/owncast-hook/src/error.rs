//! Why an event is not handled: the response to the caller, and the line in the log.

use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use ownchatbot_app::{AppError, ErrorChain};
use ownchatbot_owncast::{BadSignature, Unreadable};
use ownchatbot_store::StoreError;

/// Why an event is not handled.
#[derive(Debug, thiserror::Error)]
pub(crate) enum HookError {
    #[error("not found")]
    UnknownToken,
    #[error("the body is larger than {max_kib} KiB")]
    TooLarge { max_kib: usize },
    #[error("the request body ended early")]
    CutOff,
    #[error("the signature is missing or wrong")]
    Signature(#[source] BadSignature),
    #[error("this is not an event of Owncast")]
    Unreadable(#[from] Unreadable),
    #[error("try again later")]
    Failed(#[from] AppError),
}

impl IntoResponse for HookError {
    fn into_response(self) -> Response {
        let status = match &self {
            Self::UnknownToken => StatusCode::NOT_FOUND,
            Self::TooLarge { .. } => StatusCode::PAYLOAD_TOO_LARGE,
            Self::CutOff | Self::Unreadable(_) => StatusCode::BAD_REQUEST,
            Self::Signature(_) => StatusCode::UNAUTHORIZED,
            Self::Failed(AppError::Contended { .. } | AppError::Store(StoreError::Busy { .. })) => {
                StatusCode::SERVICE_UNAVAILABLE
            }
            Self::Failed(AppError::Store(StoreError::Broken { .. } | StoreError::Damaged { .. })) => {
                StatusCode::INTERNAL_SERVER_ERROR
            }
        };
        match &self {
            Self::Failed(error) => {
                tracing::error!(error = %ErrorChain(error), http.status = status.as_u16(), "could not handle an event of Owncast");
            }
            _ => {
                tracing::warn!(reason = %ErrorChain(&self), http.status = status.as_u16(), "refused a request to the hook");
            }
        }
        // An unreadable event is reported with the place of the error, which helps the sender's author and
        // holds no secret.
        let text = match &self {
            Self::Unreadable(reason) => format!("{self}: {reason}\n"),
            _ => format!("{self}\n"),
        };
        if status == StatusCode::SERVICE_UNAVAILABLE {
            return (status, [(header::RETRY_AFTER, "1")], text).into_response();
        }
        (status, text).into_response()
    }
}
