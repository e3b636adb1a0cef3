//! The key of sessions, codes, form tokens and keyed hashes.

use std::fmt;

use hmac::{Hmac, KeyInit, Mac};
use ownchatbot_domain::KeyedHash;
use sha2::Sha256;

/// The fewest characters of a key: 128 bits in base 64 have 22, in hex 32.
const SHORTEST: usize = 32;
/// As many bytes of a viewer's keyed hash are shown.
const SHOWN_BYTES: usize = 8;
/// As many bytes make a secret that nobody can guess, or the hash of one.
const SECRET_BYTES: usize = 16;

/// What codes are made of: no two of these look alike.
const LETTERS: &[u8; 31] = b"23456789ABCDEFGHJKMNPQRSTUVWXYZ";
/// As many of them make a code: 40 bits, enough for minutes in which guesses are counted.
const CODE_LETTERS: usize = 8;

/// The key of sessions, codes, form tokens and keyed hashes; never shown.
#[derive(Clone)]
pub struct SigningKey(Hmac<Sha256>);

/// Why a text cannot be a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a key has at least {SHORTEST} characters")]
pub struct BadKey;

/// What something made with the key is for. What is made for one purpose is worth nothing for another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// The code of a sign-in that is whispered.
    Code,
    /// The code of a sign-in that the panel shows.
    CodeToType,
    /// The link of a sign-in.
    Link,
    /// What the table keeps in place of a code.
    CodeProof,
    /// What the table keeps in place of a link. Another than that of a code, or codes could be tried as links, where
    /// nobody counts.
    LinkProof,
    /// What the table keeps in place of a session's id.
    Session,
    /// The proof of a session's id that a browser brings with it.
    SessionProof,
    /// The token of the forms of a session.
    Form,
    /// The event that a click is.
    Click,
    /// What the table keeps in place of somebody's network address.
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
        hex_of(&mac.finalize().into_bytes(), SHOWN_BYTES)
    }

    /// The keyed hash of `text`: 32 hex digits, which nobody can make without the key.
    #[must_use]
    pub fn hash(&self, purpose: Purpose, text: &str) -> KeyedHash {
        KeyedHash::of_digits(hex_of(&self.keyed(purpose, text).finalize().into_bytes(), SECRET_BYTES))
    }

    /// Whether `hash` is the keyed hash of `text`. Takes as long whichever digit is the first wrong one.
    #[must_use]
    pub fn is_hash(&self, purpose: Purpose, text: &str, hash: &str) -> bool {
        let Some(bytes) = hex::decode(hash).ok().filter(|bytes| bytes.len() == SECRET_BYTES) else {
            return false;
        };
        self.keyed(purpose, text).verify_truncated_left(&bytes).is_ok()
    }

    /// A code that somebody can type, made of `text`: 8 letters and digits, as `7KQ2-M4XZ`.
    #[must_use]
    pub fn code(&self, purpose: Purpose, text: &str) -> String {
        let bytes = self.keyed(purpose, text).finalize().into_bytes();
        let mut code = String::with_capacity(CODE_LETTERS + 1);
        // Two bytes for each letter: what is left over favours no letter by more than one in two thousand.
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
        // No id of a viewer holds a control character, so this is never the hash of one.
        mac.update(purpose.name().as_bytes());
        mac.update(b"\0");
        mac.update(text.as_bytes());
        mac
    }
}

/// A code as somebody typed it, in the one way that it is looked up: case, blanks and dashes do not matter. `None` for
/// what is no code.
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
    fn keys_cannot_be_guessed_and_are_not_shown() {
        assert_eq!(SigningKey::parse("too-short-to-be-a-key").err(), Some(BadKey));
        assert_eq!(format!("{:?}", key()), "SigningKey(…)");
    }

    /// As `openssl dgst -sha256 -hmac` says it.
    #[test]
    fn viewers_are_the_same_whenever_they_are_named() {
        assert_eq!(key().viewer("ann"), "07db5b4bba5fef53");
        assert_ne!(key().viewer("ann"), key().viewer("bob"));
        let another = SigningKey::parse("0123456789abcdef0123456789abcdeF").unwrap();
        assert_ne!(key().viewer("ann"), another.viewer("ann"));
    }

    #[test]
    fn what_is_made_for_one_purpose_is_worth_nothing_for_another() {
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
    fn codes_are_found_however_they_are_typed() {
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
        fn nothing_that_is_typed_does_harm(text in ".*") {
            let _ = typed_code(&text);
            prop_assert!(!key().is_hash(Purpose::Session, "ann", &text));
        }
    }
}
