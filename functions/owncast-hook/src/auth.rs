//! Who may come in: the token of the path, and Owncast's signature where there is a secret.

use axum::http::HeaderMap;
use ownchatbot_domain::Timestamp;
use ownchatbot_owncast::{WebhookSecret, signature, verify};
use ownchatbot_web::Token;

use crate::error::HookError;

/// Who may come in.
#[derive(Debug, Clone)]
pub struct HookAuth {
    /// The random part of the hook's address: all that stands between it and the world before Owncast 0.3.0.
    pub token: Token,
    /// The secret that Owncast signs with. Without one (Owncast up to 0.2.5) the token alone must do.
    pub secret: Option<WebhookSecret>,
}

impl HookAuth {
    pub(crate) fn check_token(&self, token: &str) -> Result<(), HookError> {
        if self.token.is(token) { Ok(()) } else { Err(HookError::UnknownToken) }
    }

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
