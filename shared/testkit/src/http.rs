//! Sends requests to a function's router without a network.

#![expect(clippy::unwrap_used, reason = "for tests")]
#![expect(clippy::missing_panics_doc, reason = "for tests: a response that cannot be read ends the test")]

use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::http::request::Builder;
use axum::http::{HeaderMap, StatusCode};
use serde_json::Value;
use tower::ServiceExt;

/// Gives the process ring as its provider of cryptography, for tests that call [`reqwest`] before the bot has
/// made a client.
///
/// [`reqwest`]: https://docs.rs/reqwest
pub fn install_crypto_provider() {
    // It fails if the process has one already.
    let _ = rustls::crypto::ring::default_provider().install_default();
}

/// The response to one request.
#[derive(Debug)]
pub struct Answer {
    /// The HTTP status.
    pub status: StatusCode,
    /// The response headers.
    pub headers: HeaderMap,
    /// The whole body.
    pub body: Bytes,
}

impl Answer {
    /// The value of the header `name`; empty if it is missing.
    #[must_use]
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// The body as text.
    #[must_use]
    pub fn text(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap()
    }

    /// The body as JSON. The status must be 200.
    #[must_use]
    pub fn json(&self) -> Value {
        assert_eq!(self.status, StatusCode::OK, "{self:?}");
        serde_json::from_slice(&self.body).unwrap()
    }
}

/// Sends a request with `body` to `router` and reads the whole response.
pub async fn send(router: &Router, request: Builder, body: impl Into<Body>) -> Answer {
    let response = router.clone().oneshot(request.body(body.into()).unwrap()).await.unwrap();
    let (parts, body) = response.into_parts();
    let body = to_bytes(body, usize::MAX).await.unwrap();
    Answer { status: parts.status, headers: parts.headers, body }
}

/// Panics where `html` has an entity that was escaped again, or an escaped tag of the project's templates:
/// then a template was not embedded with `|embed`.
pub fn assert_escaped_once(html: &str) {
    for twice in
        ["&#38;#", "&#38;lt;", "&#38;gt;", "&#38;amp;", "&#38;quot;", "&amp;lt;", "&amp;#", "&amp;amp;"]
    {
        assert!(!html.contains(twice), "{twice} in {html}");
    }
    for tag in [
        "a", "article", "bdi", "button", "code", "div", "form", "input", "label", "li", "main", "p",
        "section", "span",
    ] {
        for start in ["&#60;", "&lt;", "&#60;/", "&lt;/"] {
            for end in [" ", ">", "&#62;", "&gt;"] {
                assert!(!html.contains(&format!("{start}{tag}{end}")), "{start}{tag}{end} in {html}");
            }
        }
    }
}
