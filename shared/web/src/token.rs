//! Secrets that come in with a request.

use std::fmt;

use subtle::ConstantTimeEq;

/// An unguessable text that survives in an address and in a header: the random part of a hook's path, or what
/// CloudFront tells the functions.
#[derive(Clone)]
pub struct Token(String);

/// Why a text cannot be a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a token has 16 to 200 letters, digits, - or _")]
pub struct BadToken;

impl Token {
    /// Takes `text` as a token.
    ///
    /// # Errors
    /// [`BadToken`] when it could be guessed, or would not survive in an address.
    pub fn parse(text: impl Into<String>) -> Result<Self, BadToken> {
        let text = text.into();
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
        if (16..=200).contains(&text.len()) && text.chars().all(plain) {
            Ok(Self(text))
        } else {
            Err(BadToken)
        }
    }

    /// Whether `text` is this token. Takes as long whichever letter is the first wrong one.
    #[must_use]
    pub fn is(&self, text: &str) -> bool {
        self.0.as_bytes().ct_eq(text.as_bytes()).into()
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_cannot_be_guessed_and_are_not_shown() {
        assert_eq!(Token::parse("short").err(), Some(BadToken));
        assert_eq!(Token::parse("with a blank in it").err(), Some(BadToken));
        let token = Token::parse("0123456789abcdef").unwrap();
        assert!(token.is("0123456789abcdef"));
        assert!(!token.is("0123456789abcdeg") && !token.is("") && !token.is("0123456789abcdef0"));
        assert_eq!(format!("{token:?}"), "Token(…)");
    }
}
