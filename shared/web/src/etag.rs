//! Entity tags, by which a browser or CloudFront is not sent again what it has cached.

use axum::http::header::IF_NONE_MATCH;
use axum::http::{HeaderMap, HeaderValue};
use sha2::{Digest, Sha256};

/// A weak entity tag: responses with the same tag mean the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ETag(String);

impl ETag {
    /// The tag of a response that changes only with `content`.
    #[must_use]
    pub fn of(content: &[u8]) -> Self {
        Self(format!("\"{}\"", hex::encode(&Sha256::digest(content)[..8])))
    }

    /// The value of the header `etag`.
    #[must_use]
    pub fn header(&self) -> Option<HeaderValue> {
        HeaderValue::try_from(format!("W/{}", self.0)).ok()
    }

    /// Whether `if-none-match` in `headers` names this tag, so that the response is 304.
    #[must_use]
    pub fn is_known(&self, headers: &HeaderMap) -> bool {
        let named = headers.get_all(IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok());
        // Weak comparison: a proxy may have made a strong tag weak, but never changes its text.
        named
            .flat_map(|value| value.split(','))
            .map(str::trim)
            .any(|tag| tag == "*" || tag.strip_prefix("W/").unwrap_or(tag) == self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_known_compares_weakly_and_reads_lists() {
        let tag = ETag::of(b"content");
        let header = tag.header().unwrap().to_str().unwrap().to_owned();
        assert!(header.starts_with("W/\"") && header.len() == 20, "{header}");
        let known = |value: &str| {
            tag.is_known(&HeaderMap::from_iter([(IF_NONE_MATCH, HeaderValue::try_from(value).unwrap())]))
        };
        let other = ETag::of(b"another").header().unwrap().to_str().unwrap().to_owned();
        assert!(known(&header) && known("*") && known(&header[2..]) && known(&format!("{other}, {header}")));
        assert!(!known(&other) && !known("") && !known(&header[3..]) && !tag.is_known(&HeaderMap::new()));
    }
}
