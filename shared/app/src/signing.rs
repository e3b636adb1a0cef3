//! The signing key, for sessions, sign-in codes, CSRF tokens and keyed hashes (HMAC-SHA-256).

use std::fmt;

use hmac::{Hmac, KeyInit, Mac};
use ownchatbot_domain::KeyedHash;
use sha2::Sha256;

/// The least length of a key in bytes: 128 random bits have 22 characters in base64 and 32 in hexadecimal.
const MIN_KEY_BYTES: usize = 32;
/// The length in bytes of a viewer's keyed hash on public pages.
const SHOWN_BYTES: usize = 8;
/// The length in bytes of a secret that cannot be guessed, and of the hash of one.
const SECRET_BYTES: usize = 16;

/// The letters and digits of codes, without those that look alike.
const LETTERS: &[u8; 31] = b"23456789ABCDEFGHJKMNPQRSTUVWXYZ";
/// The number of letters in a code: about 40 bits, enough for a code that is valid for minutes while guesses
/// are rate-limited.
const CODE_LETTERS: usize = 8;

/// The key of sessions, sign-in codes, CSRF tokens and keyed hashes. `Debug` does not reveal it.
#[derive(Clone)]
pub struct SigningKey(Hmac<Sha256>);

/// A text is too short for a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the signing key has fewer than {MIN_KEY_BYTES} characters")]
pub struct BadKey;

/// The purpose that a value is derived for. It is part of the HMAC's input, so that a value for one purpose
/// is not valid for another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// The sign-in code that is whispered.
    Code,
    /// The sign-in code that the panel shows.
    CodeToType,
    /// The token of a sign-in link.
    Link,
    /// The hash under which the table stores a code.
    CodeProof,
    /// The hash under which the table stores a link's token. It differs from that of a code, because
    /// otherwise codes could be tried as links, which are not rate-limited.
    LinkProof,
    /// The hash under which the table stores a session.
    Session,
    /// The signature of a session's id in the cookie.
    SessionProof,
    /// The CSRF token of the forms of a session.
    Form,
    /// The event id of a click, derived from its form's one-time key.
    Click,
    /// The hash under which the table counts the wrong codes of a network address.
    Address,
}

impl Purpose {
    const fn name(self) -> &'static str {
        match self {
            Self::Code => "code",
            Self::CodeToType => "code-to-type",
            Self::Link => "link",
            Self::CodeProof => "code-proof",
            Self::LinkProof => "link-proof",
            Self::Session => "session",
            Self::SessionProof => "session-proof",
            Self::Form => "form",
            Self::Click => "click",
            Self::Address => "address",
        }
    }
}

impl SigningKey {
    /// Uses the bytes of `text` as the key.
    ///
    /// # Errors
    /// [`BadKey`] when it is shorter than 32 bytes.
    pub fn parse(text: impl AsRef<[u8]>) -> Result<Self, BadKey> {
        let text = text.as_ref();
        if text.len() < MIN_KEY_BYTES {
            return Err(BadKey);
        }
        // HMAC accepts keys of any length; only other MACs return this error.
        Hmac::new_from_slice(text).map(Self).map_err(|_| BadKey)
    }

    /// The keyed hash that stands for the viewer `id` on public pages: 16 hexadecimal digits. A viewer's own
    /// panel recognises it, and the id in Owncast cannot be computed from it.
    #[must_use]
    pub fn viewer(&self, id: &str) -> String {
        let mut mac = self.0.clone();
        mac.update(id.as_bytes());
        hex_of(&mac.finalize().into_bytes(), SHOWN_BYTES)
    }

    /// The keyed hash of `text`: 32 hexadecimal digits, which cannot be computed without the key.
    #[must_use]
    pub fn hash(&self, purpose: Purpose, text: &str) -> KeyedHash {
        KeyedHash::of_digits(hex_of(&self.keyed(purpose, text).finalize().into_bytes(), SECRET_BYTES))
    }

    /// Whether `hash` is the keyed hash of `text`, compared in constant time.
    #[must_use]
    pub fn is_hash(&self, purpose: Purpose, text: &str, hash: &str) -> bool {
        let Some(bytes) = hex::decode(hash).ok().filter(|bytes| bytes.len() == SECRET_BYTES) else {
            return false;
        };
        self.keyed(purpose, text).verify_truncated_left(&bytes).is_ok()
    }

    /// The code for `text`, for a viewer to type: 8 letters and digits, such as `7KQ2-M4XZ`.
    #[must_use]
    pub fn code(&self, purpose: Purpose, text: &str) -> String {
        let bytes = self.keyed(purpose, text).finalize().into_bytes();
        let mut code = String::with_capacity(CODE_LETTERS + 1);
        // Two bytes for each letter, so that the modulo makes no letter more likely than another by over one
        // in two thousand.
        for (place, pair) in bytes.as_chunks::<2>().0.iter().take(CODE_LETTERS).enumerate() {
            if place == CODE_LETTERS / 2 {
                code.push('-');
            }
            let letter = usize::from(u16::from_be_bytes(*pair)) % LETTERS.len();
            code.push(char::from(LETTERS.get(letter).copied().unwrap_or(b'2')));
        }
        code
    }

    fn keyed(&self, purpose: Purpose, text: &str) -> Hmac<Sha256> {
        let mut mac = self.0.clone();
        // A viewer's id contains no control character, so this input differs from those of `viewer`.
        mac.update(purpose.name().as_bytes());
        mac.update(b"\0");
        mac.update(text.as_bytes());
        mac
    }
}

/// The normal form of a code as it was typed, such as `7KQ2-M4XZ`: case, whitespace and dashes are ignored.
/// `None` if the text cannot be a code.
#[must_use]
pub fn typed_code(text: &str) -> Option<String> {
    let letters: String = text
        .chars()
        .filter(|c| !c.is_whitespace() && !matches!(c, '-' | '–' | '—' | '‑'))
        .map(|c| c.to_ascii_uppercase())
        .take(CODE_LETTERS + 1)
        .collect();
    let known = letters.bytes().all(|byte| LETTERS.contains(&byte));
    let (first, second) = letters.split_at_checked(CODE_LETTERS / 2)?;
    (known && letters.len() == CODE_LETTERS).then(|| format!("{first}-{second}"))
}

/// The first `length` bytes, in hex.
fn hex_of(bytes: &[u8], length: usize) -> String {
    hex::encode(bytes.get(..length).unwrap_or(bytes))
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SigningKey(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn key() -> SigningKey {
        SigningKey::parse("0123456789abcdef0123456789abcdef").unwrap()
    }

    #[test]
    fn short_key_is_refused_and_debug_hides_the_key() {
        assert_eq!(SigningKey::parse("too-short-to-be-a-key").err(), Some(BadKey));
        assert_eq!(format!("{:?}", key()), "SigningKey(…)");
    }

    /// The expected value is the output of `openssl dgst -sha256 -hmac`.
    #[test]
    fn viewer_hash_is_stable_and_depends_on_the_key() {
        assert_eq!(key().viewer("ann"), "07db5b4bba5fef53");
        assert_ne!(key().viewer("ann"), key().viewer("bob"));
        let another = SigningKey::parse("0123456789abcdef0123456789abcdeF").unwrap();
        assert_ne!(key().viewer("ann"), another.viewer("ann"));
    }

    #[test]
    fn hash_for_one_purpose_is_invalid_for_another() {
        let hash = key().hash(Purpose::Session, "ann");
        assert_eq!(hash.as_str().len(), 32);
        assert!(key().is_hash(Purpose::Session, "ann", hash.as_str()));
        assert!(!key().is_hash(Purpose::Form, "ann", hash.as_str()));
        assert!(!key().is_hash(Purpose::Session, "bob", hash.as_str()));
        for odd in ["", "0", "zz", &hash.as_str()[..30], &format!("{hash}00"), "äöü"] {
            assert!(!key().is_hash(Purpose::Session, "ann", odd), "{odd}");
        }
        assert_ne!(key().code(Purpose::Code, "ann"), key().code(Purpose::Link, "ann"));
    }

    #[test]
    fn typed_code_ignores_case_whitespace_and_dashes() {
        let code = key().code(Purpose::Code, "ann");
        assert_eq!(code.len(), 9);
        for typed in [
            code.clone(),
            code.to_lowercase(),
            code.replace('-', ""),
            format!(" {} ", code.replace('-', " - ")),
        ] {
            assert_eq!(typed_code(&typed).as_ref(), Some(&code), "{typed}");
        }
        for odd in ["", "ABCD", "ABCD-EFG", "ABCD-EFGH-J", "ABCD-EFG0", "ÄBCD-EFGH", "日本語日本語日本"]
        {
            assert_eq!(typed_code(odd), None, "{odd}");
        }
    }

    proptest! {
        #[test]
        fn any_typed_text_is_handled(text in ".*") {
            let _ = typed_code(&text);
            prop_assert!(!key().is_hash(Purpose::Session, "ann", &text));
        }
    }
}
