//! Where Owncast is, and the token that opens its integrations API.

use std::fmt;
use std::str::FromStr;

use reqwest::Url;

/// The address of an Owncast, such as `https://live.example/` or `https://example.org/owncast/`.
#[derive(Clone, PartialEq, Eq)]
pub struct BaseUrl(Url);

/// Why a text is no address of an Owncast. Repeats nothing of the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadUrl {
    /// It cannot be read as an address at all.
    #[error("Owncast's address is written as https://live.example")]
    Malformed,
    /// It is of another kind than http and https.
    #[error("Owncast's address begins with https:// or http://")]
    Scheme,
    /// It names a user or a password, which the access token leaves no room for.
    #[error("Owncast's address cannot hold a user name or password")]
    Credentials,
    /// It goes on after the path.
    #[error("Owncast's address ends before any ? or #")]
    Query,
}

impl BaseUrl {
    /// Reads an address. A path is kept as a prefix, with or without a slash at its end.
    ///
    /// # Errors
    /// [`BadUrl`] when it is no plain http or https address.
    pub fn parse(text: &str) -> Result<Self, BadUrl> {
        let mut url = Url::parse(text.trim()).map_err(|_| BadUrl::Malformed)?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err(BadUrl::Scheme);
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(BadUrl::Credentials);
        }
        if url.query().is_some() || url.fragment().is_some() {
            return Err(BadUrl::Query);
        }
        if !url.path().ends_with('/') {
            let path = format!("{}/", url.path());
            url.set_path(&path);
        }
        Ok(Self(url))
    }

    /// The address as text, always with a slash at its end.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// Scheme, host and port, as a browser's `Origin` names them, without a slash at the end.
    #[must_use]
    pub fn origin(&self) -> String {
        self.0.origin().ascii_serialization()
    }

    pub(super) fn join(&self, path: &str) -> Option<Url> {
        self.0.join(path).ok()
    }

    /// `path`, which ends with a slash, and `segment` as one more part of it, whatever characters it holds. The names that
    /// stand for a folder itself and the one above, `.` and `..`, add nothing.
    pub(super) fn join_segment(&self, path: &str, segment: &str) -> Option<Url> {
        let mut url = self.join(path)?;
        url.path_segments_mut().ok()?.pop_if_empty().push(segment);
        Some(url)
    }
}

impl FromStr for BaseUrl {
    type Err = BadUrl;
    fn from_str(text: &str) -> Result<Self, BadUrl> {
        Self::parse(text)
    }
}

impl fmt::Display for BaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for BaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "BaseUrl({})", self.as_str())
    }
}

/// An access token from Owncast's admin (Integrations → Access Tokens).
#[derive(Clone, PartialEq, Eq)]
pub struct AccessToken(String);

/// Why a text is no access token. Repeats nothing of the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadToken {
    /// There is nothing in it.
    #[error("the access token is empty: make one in Owncast's admin under Integrations, Access Tokens")]
    Empty,
    /// It holds what cannot stand in a header: blanks, control characters or letters beyond ASCII.
    #[error("the access token holds characters that no token has: copy it again from Owncast's admin")]
    Malformed,
}

impl AccessToken {
    /// Takes `text` without the blanks around it as the token.
    ///
    /// # Errors
    /// [`BadToken`] when it cannot be one.
    pub fn parse(text: &str) -> Result<Self, BadToken> {
        match text.trim() {
            "" => Err(BadToken::Empty),
            token if token.bytes().all(|byte| byte.is_ascii_graphic()) => Ok(Self(token.to_owned())),
            _ => Err(BadToken::Malformed),
        }
    }

    pub(super) fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for AccessToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AccessToken(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_keep_their_prefix() {
        for (given, kept) in [
            ("https://live.example", "https://live.example/"),
            (" http://127.0.0.1:8080/ ", "http://127.0.0.1:8080/"),
            ("https://example.org/owncast", "https://example.org/owncast/"),
            ("HTTPS://EXAMPLE.org/a/b/", "https://example.org/a/b/"),
        ] {
            let url = BaseUrl::parse(given).unwrap();
            assert_eq!(url.as_str(), kept);
            assert_eq!(url.join("api/x").unwrap().as_str(), format!("{kept}api/x"));
        }
        for (given, why) in [
            ("", BadUrl::Malformed),
            ("live.example", BadUrl::Malformed),
            ("http://", BadUrl::Malformed),
            ("ftp://live.example", BadUrl::Scheme),
            ("https://admin:secret@live.example", BadUrl::Credentials),
            ("https://live.example/?a=b", BadUrl::Query),
            ("https://live.example/#top", BadUrl::Query),
        ] {
            assert_eq!(BaseUrl::parse(given), Err(why), "{given}");
        }
    }

    #[test]
    fn a_segment_stays_one_segment() {
        let url = BaseUrl::parse("https://example.org/owncast").unwrap();
        for (segment, path) in [
            ("QrP7GmMHg", "/owncast/user/QrP7GmMHg"),
            ("a/b?c#d%2F", "/owncast/user/a%2Fb%3Fc%23d%252F"),
            ("..", "/owncast/user"),
            ("//evil.example", "/owncast/user/%2F%2Fevil.example"),
        ] {
            assert_eq!(url.join_segment("user/", segment).unwrap().path(), path, "{segment}");
        }
    }

    #[test]
    fn tokens_are_checked_and_not_shown() {
        assert_eq!(AccessToken::parse(" \n"), Err(BadToken::Empty));
        assert_eq!(AccessToken::parse("a b"), Err(BadToken::Malformed));
        assert_eq!(AccessToken::parse("tökén"), Err(BadToken::Malformed));
        let token = AccessToken::parse(" T0k3n=\n").unwrap();
        assert_eq!(token.expose(), "T0k3n=");
        assert_eq!(format!("{token:?}"), "AccessToken(…)");
    }
}
