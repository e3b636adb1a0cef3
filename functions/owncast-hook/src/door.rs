//! Who may come in: the token of the path, and Owncast's signature where there is a secret.

use std::fmt;

use axum::http::HeaderMap;
use ownchatbot_domain::Timestamp;
use ownchatbot_owncast::{WebhookSecret, signature, verify};
use subtle::ConstantTimeEq;

use crate::answer::Refusal;

/// The random part of the hook's address. All that stands between the hook and the world before Owncast 0.3.0.
#[derive(Clone)]
pub struct HookToken(String);

/// Why a text cannot be a hook's token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a hook's token has 16 to 200 letters, digits, - or _")]
pub struct BadHookToken;

impl HookToken {
    /// Takes `text` as the token.
    ///
    /// # Errors
    /// [`BadHookToken`] when it could be guessed, or would not survive in an address.
    pub fn parse(text: impl Into<String>) -> Result<Self, BadHookToken> {
        let text = text.into();
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
        if (16..=200).contains(&text.len()) && text.chars().all(plain) {
            Ok(Self(text))
        } else {
            Err(BadHookToken)
        }
    }
}

impl fmt::Debug for HookToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("HookToken(…)")
    }
}

/// Who may come in.
#[derive(Debug, Clone)]
pub struct Door {
    /// The token of the path.
    pub token: HookToken,
    /// The secret that Owncast signs with. Without one (Owncast up to 0.2.5) the token alone must do.
    pub secret: Option<WebhookSecret>,
}

impl Door {
    pub(crate) fn knows(&self, token: &str) -> Result<(), Refusal> {
        let same: bool = self.token.0.as_bytes().ct_eq(token.as_bytes()).into();
        if same { Ok(()) } else { Err(Refusal::Stranger) }
    }

    pub(crate) fn believes(&self, headers: &HeaderMap, raw: &[u8], now: Timestamp) -> Result<(), Refusal> {
        let Some(secret) = &self.secret else { return Ok(()) };
        let header = headers.get(signature::HEADER).and_then(|value| value.to_str().ok());
        verify(secret, header, raw, now).map_err(Refusal::Signature)
    }
}
