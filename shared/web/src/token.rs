//! Secrets that requests bring.

use std::fmt;

use subtle::ConstantTimeEq;

/// An unguessable text that needs no escaping in a URL or a header: the random part of a hook's path, or the
/// secret that CloudFront sends to the functions.
#[derive(Clone)]
pub struct Token(String);

/// Why a text cannot be a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a token has 16 to 200 letters, digits, - or _")]
pub struct BadToken;

impl Token {
    /// Parses `text` as a token: 16 to 200 letters, digits, `-` or `_`.
    ///
    /// # Errors
    /// [`BadToken`] when it is too short, too long, or has other characters.
    pub fn parse(text: impl Into<String>) -> Result<Self, BadToken> {
        let text = text.into();
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
        if (16..=200).contains(&text.len()) && text.chars().all(plain) {
            Ok(Self(text))
        } else {
            Err(BadToken)
        }
    }

    /// Whether `text` is this token, compared in constant time.
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
    fn short_and_odd_tokens_are_refused_and_debug_hides_them() {
        assert_eq!(Token::parse("short").err(), Some(BadToken));
        assert_eq!(Token::parse("with a blank in it").err(), Some(BadToken));
        let token = Token::parse("0123456789abcdef").unwrap();
        assert!(token.is("0123456789abcdef"));
        assert!(!token.is("0123456789abcdeg") && !token.is("") && !token.is("0123456789abcdef0"));
        assert_eq!(format!("{token:?}"), "Token(…)");
    }
}
