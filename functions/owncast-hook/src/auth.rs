//! Authentication of the hook's callers: the token in the path, and Owncast's signature where there is a
//! secret.

use axum::http::HeaderMap;
use ownchatbot_domain::Timestamp;
use ownchatbot_owncast::{WebhookSecret, signature, verify};
use ownchatbot_web::Token;

use crate::error::HookError;

/// What a caller of the hook must prove.
#[derive(Debug, Clone)]
pub struct HookAuth {
    /// The random part of the hook's URL. It is the only protection before Owncast 0.3.0, which signs its
    /// webhooks.
    pub token: Token,
    /// The secret that Owncast signs with. Without one (Owncast up to 0.2.5) only the token is checked.
    pub secret: Option<WebhookSecret>,
}

impl HookAuth {
    /// Compares `token` with the right one in constant time.
    ///
    /// # Errors
    /// [`HookError::UnknownToken`] when it is another.
    pub(crate) fn check_token(&self, token: &str) -> Result<(), HookError> {
        if self.token.is(token) { Ok(()) } else { Err(HookError::UnknownToken) }
    }

    /// Verifies the signature of the body `raw`, where there is a secret.
    ///
    /// # Errors
    /// [`HookError::Signature`] when it is missing, wrong, or too old or new at `now`.
    pub(crate) fn verify_signature(
        &self,
        headers: &HeaderMap,
        raw: &[u8],
        now: Timestamp,
    ) -> Result<(), HookError> {
        let Some(secret) = &self.secret else { return Ok(()) };
        let header = headers.get(signature::HEADER).and_then(|value| value.to_str().ok());
        verify(secret, header, raw, now).map_err(HookError::Signature)
    }
}
