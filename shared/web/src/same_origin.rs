//! The first half of the CSRF protection: a request that changes something must come from one of the bot's
//! own pages. The second half is the CSRF token of each session's forms.

use axum::http::HeaderMap;
use axum::http::header::ORIGIN;

/// Whether a request with `headers` comes from one of the bot's own pages, whose public URL is `address`,
/// where it is known.
///
/// Browsers say so in `sec-fetch-site`, which no page can set. Browsers that do not send it, or that use
/// plain HTTP, name the page's origin in `origin`. A request with neither is not from a browser's form, and
/// has no cookies to misuse.
#[must_use]
pub fn is_ours(headers: &HeaderMap, address: Option<&str>) -> bool {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    if let Some(site) = text("sec-fetch-site") {
        return site == "same-origin";
    }
    match (text(ORIGIN.as_str()), address) {
        (None, _) => !headers.contains_key(ORIGIN),
        (Some(origin), Some(address)) => origin.eq_ignore_ascii_case(address.trim_end_matches('/')),
        (Some(_), None) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::{HeaderName, HeaderValue};

    fn ours(headers: &[(&'static str, &'static str)]) -> bool {
        let pair = |(name, value): &(&'static str, &'static str)| {
            (HeaderName::from_static(name), HeaderValue::from_static(value))
        };
        is_ours(&headers.iter().map(pair).collect(), Some("https://bot.example"))
    }

    #[test]
    fn requests_of_other_origins_are_not_ours() {
        assert!(ours(&[("sec-fetch-site", "same-origin"), ("origin", "https://bot.example")]));
        assert!(ours(&[("origin", "https://bot.example")]) && ours(&[]));
        for other in ["cross-site", "same-site", "none", ""] {
            assert!(!ours(&[("sec-fetch-site", other), ("origin", "https://bot.example")]), "{other}");
        }
        for other in ["null", "https://evil.example", "http://bot.example", "https://bot.example.evil"] {
            assert!(!ours(&[("origin", other)]), "{other}");
        }
        let headers = HeaderMap::from_iter([(ORIGIN, HeaderValue::from_static("https://bot.example"))]);
        assert!(!is_ours(&headers, None));
    }
}
