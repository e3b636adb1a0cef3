//! The key of sessions, form tokens and keyed hashes.

use std::fmt;

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// The fewest characters of a key: 128 bits in base 64 have 22, in hex 32.
const SHORTEST: usize = 32;
/// As many bytes of a viewer's keyed hash are shown.
const SHOWN_BYTES: usize = 8;

/// The key of sessions, form tokens and keyed hashes; never shown.
#[derive(Clone)]
pub struct SigningKey(Hmac<Sha256>);

/// Why a text cannot be a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a key has at least {SHORTEST} characters")]
pub struct BadKey;

impl SigningKey {
    /// Takes `text` as the key, byte for byte.
    ///
    /// # Errors
    /// [`BadKey`] when it could be guessed.
    pub fn parse(text: impl AsRef<[u8]>) -> Result<Self, BadKey> {
        let text = text.as_ref();
        if text.len() < SHORTEST {
            return Err(BadKey);
        }
        // HMAC takes keys of any length; the error exists for other codes.
        Hmac::new_from_slice(text).map(Self).map_err(|_| BadKey)
    }

    /// What public pages call the viewer with this id: 16 hex digits. Their own panel finds them by it, and nobody
    /// gets from it to the id that Owncast knows them by.
    #[must_use]
    pub fn viewer(&self, id: &str) -> String {
        let mut mac = self.0.clone();
        mac.update(id.as_bytes());
        let code = mac.finalize().into_bytes();
        code.iter().take(SHOWN_BYTES).map(|byte| format!("{byte:02x}")).collect()
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SigningKey(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_cannot_be_guessed_and_are_not_shown() {
        assert_eq!(SigningKey::parse("too-short-to-be-a-key").err(), Some(BadKey));
        let key = SigningKey::parse("0123456789abcdef0123456789abcdef").unwrap();
        assert_eq!(format!("{key:?}"), "SigningKey(…)");
    }

    /// As `openssl dgst -sha256 -hmac` says it.
    #[test]
    fn viewers_are_the_same_whenever_they_are_named() {
        let key = SigningKey::parse("0123456789abcdef0123456789abcdef").unwrap();
        assert_eq!(key.viewer("ann"), "07db5b4bba5fef53");
        assert_eq!(key.viewer("ann"), key.viewer("ann"));
        assert_ne!(key.viewer("ann"), key.viewer("bob"));
        let another = SigningKey::parse("0123456789abcdef0123456789abcdeF").unwrap();
        assert_ne!(key.viewer("ann"), another.viewer("ann"));
    }
}
