//! The URL of an Owncast, and the access token for its integrations API.

use std::fmt;
use std::str::FromStr;

use reqwest::Url;

/// The URL of an Owncast, such as `https://live.example/` or `https://example.org/owncast/`.
#[derive(Clone, PartialEq, Eq)]
pub struct BaseUrl(Url);

/// Why a text is not the URL of an Owncast. The message does not repeat the text, which may contain a secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadUrl {
    /// It is not a URL.
    #[error("Owncast's URL must look like https://live.example")]
    Malformed,
    /// Its scheme is neither http nor https.
    #[error("Owncast's URL must begin with https:// or http://")]
    Scheme,
    /// It contains a user name or a password; requests carry the access token instead.
    #[error("Owncast's URL must not contain a user name or password")]
    Credentials,
    /// It has a query or a fragment.
    #[error("Owncast's URL must not contain ? or #")]
    Query,
}

impl BaseUrl {
    /// Parses a URL. A path is kept as a prefix, with or without a slash at its end.
    ///
    /// # Errors
    /// [`BadUrl`] when `text` is not a plain http or https URL.
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

    /// The URL as text, always with a slash at its end.
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

    /// The URL of `path`, which ends with a slash, with `segment` as one more path segment, percent-encoded.
    /// The segments `.` and `..` add nothing.
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

/// Why a text is not an access token. The message does not repeat the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadToken {
    /// It is empty or blank.
    #[error("the access token is empty: create one in Owncast's admin under Integrations, Access Tokens")]
    Empty,
    /// It contains characters that cannot be sent in a header: blanks, control characters or letters beyond
    /// ASCII.
    #[error("the access token contains characters that no token has: copy it again from Owncast's admin")]
    Malformed,
}

impl AccessToken {
    /// Takes `text`, trimmed, as the token.
    ///
    /// # Errors
    /// [`BadToken`] when `text` cannot be a token.
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
    fn urls_keep_their_path_prefix() {
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
    fn segment_is_percent_encoded() {
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
    fn tokens_are_validated_and_not_shown_by_debug() {
        assert_eq!(AccessToken::parse(" \n"), Err(BadToken::Empty));
        assert_eq!(AccessToken::parse("a b"), Err(BadToken::Malformed));
        assert_eq!(AccessToken::parse("tökén"), Err(BadToken::Malformed));
        let token = AccessToken::parse(" T0k3n=\n").unwrap();
        assert_eq!(token.expose(), "T0k3n=");
        assert_eq!(format!("{token:?}"), "AccessToken(…)");
    }
}
