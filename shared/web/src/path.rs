//! Paths with parameters, so that handlers and templates write none by hand.

use std::str::FromStr;

use axum::extract::{FromRequestParts, Path};
use axum::http::request::Parts;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::error::PanelError;

/// What is percent-encoded in a parameter: everything but the unreserved characters of RFC 3986.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// The route `pattern` with `value` in place of its parameter: `/use/{reward}` becomes `/use/song`.
#[must_use]
pub fn fill(pattern: &str, value: &str) -> String {
    let (before, rest) = pattern.split_once('{').unwrap_or((pattern, ""));
    let after = rest.split_once('}').map_or("", |(_, after)| after);
    format!("{before}{}{after}", utf8_percent_encode(value, ENCODED))
}

/// `path` with the query parameter `name`.
#[must_use]
pub fn with_query(path: &str, name: &str, value: &str) -> String {
    format!("{path}?{name}={}", utf8_percent_encode(value, ENCODED))
}

/// The parameter of a route, parsed. A parameter that cannot be parsed names nothing, so the extractor
/// refuses it with [`PanelError::NotFound`].
#[derive(Debug, Clone)]
pub struct PathParam<T>(pub T);

impl<S: Send + Sync, T: FromStr> FromRequestParts<S> for PathParam<T> {
    type Rejection = PanelError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, PanelError> {
        let path = Path::<String>::from_request_parts(parts, state).await;
        let parsed = path.ok().and_then(|Path(text)| text.parse().ok());
        parsed.map(Self).ok_or(PanelError::NotFound)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_encoded() {
        assert_eq!(fill("/use/{reward}", "song-2"), "/use/song-2");
        assert_eq!(fill("/a/{b}/c", "x/y ?#%é"), "/a/x%2Fy%20%3F%23%25%C3%A9/c");
        assert_eq!(with_query("/page", "said", "click:a&b"), "/page?said=click%3Aa%26b");
    }
}
