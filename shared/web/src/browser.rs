//! How a request's browser expects the response, and responses for it.

use std::convert::Infallible;

use axum::extract::FromRequestParts;
use axum::http::header::{CACHE_CONTROL, LOCATION};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};

use crate::packed::{Packed, accepts_gzip};
use crate::session;

/// The `cache-control` of everything personal: no cache keeps it.
pub const NO_STORE: HeaderValue = HeaderValue::from_static("no-store");

/// The header by which htmx marks its requests.
const HTMX: &str = "hx-request";

/// How a request's browser expects the response. An extractor that reads headers only.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Browser {
    /// Whether the page's script sent the request, and expects parts of the page.
    pub partial: bool,
    /// Whether the browser keeps cookies in this frame.
    pub keeps_cookies: bool,
    gzip: bool,
}

impl Browser {
    /// The browser that sends `headers`.
    #[must_use]
    pub fn of(headers: &HeaderMap) -> Self {
        Self {
            partial: is_partial(headers),
            keeps_cookies: session::keeps_cookies(headers),
            gzip: accepts_gzip(headers),
        }
    }

    /// A response (200) with a page, or with parts of one. No cache keeps it.
    #[must_use]
    pub fn html(&self, html: String) -> Response {
        self.response("text/html; charset=utf-8", html)
    }

    /// A response (200) with a JSON document. No cache keeps it.
    #[must_use]
    pub fn json(&self, json: impl Into<axum::body::Bytes>) -> Response {
        self.response("application/json", json)
    }

    fn response(&self, content_type: &'static str, body: impl Into<axum::body::Bytes>) -> Response {
        let mut response = Packed::new(content_type, body).encoded(self.gzip);
        response.headers_mut().insert(CACHE_CONTROL, NO_STORE);
        response
    }
}

/// Whether the page's script sent a request with `headers`.
pub(crate) fn is_partial(headers: &HeaderMap) -> bool {
    headers.contains_key(HTMX)
}

impl<S: Sync> FromRequestParts<S> for Browser {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self::of(&parts.headers))
    }
}

/// A redirect (303) to the page at `to`.
#[must_use]
pub fn see_other(to: &str) -> Response {
    let mut response = StatusCode::SEE_OTHER.into_response();
    let headers = response.headers_mut();
    if let Ok(to) = HeaderValue::try_from(to) {
        headers.insert(LOCATION, to);
    }
    headers.insert(CACHE_CONTROL, NO_STORE);
    response
}

/// `response`, which shows a form again with what was typed and a sentence beside each wrong field, as a 422.
/// The pages' scripts swap a 422 in like a success.
#[must_use]
pub fn unprocessable(mut response: Response) -> Response {
    *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
    response
}
