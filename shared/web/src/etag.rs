//! What a browser or CloudFront has already need not be sent again.

use axum::http::header::IF_NONE_MATCH;
use axum::http::{HeaderMap, HeaderValue};
use sha2::{Digest, Sha256};

/// A weak entity tag: answers with the same one mean the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ETag(String);

impl ETag {
    /// The tag of what is the same as long as `content` is.
    #[must_use]
    pub fn of(content: &[u8]) -> Self {
        Self(format!("\"{}\"", hex::encode(&Sha256::digest(content)[..8])))
    }

    /// As the header `etag` says it.
    #[must_use]
    pub fn header(&self) -> Option<HeaderValue> {
        HeaderValue::try_from(format!("W/{}", self.0)).ok()
    }

    /// Whether a request with `headers` comes from somebody who has it (304).
    #[must_use]
    pub fn is_known(&self, headers: &HeaderMap) -> bool {
        let named = headers.get_all(IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok());
        // Weak comparison: whoever stands between may have made a strong tag weak, never another one.
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
    fn a_tag_is_known_in_every_way_to_say_it() {
        let tag = ETag::of(b"content");
        let said = tag.header().unwrap().to_str().unwrap().to_owned();
        assert!(said.starts_with("W/\"") && said.len() == 20, "{said}");
        let asks = |value: &str| {
            tag.is_known(&HeaderMap::from_iter([(IF_NONE_MATCH, HeaderValue::try_from(value).unwrap())]))
        };
        let other = ETag::of(b"another").header().unwrap().to_str().unwrap().to_owned();
        assert!(asks(&said) && asks("*") && asks(&said[2..]) && asks(&format!("{other}, {said}")));
        assert!(!asks(&other) && !asks("") && !asks(&said[3..]) && !tag.is_known(&HeaderMap::new()));
    }
}
