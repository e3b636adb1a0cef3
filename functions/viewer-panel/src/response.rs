//! Responses: pages, parts of pages and redirects, with their headers.

use axum::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, LOCATION};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use ownchatbot_owncast::BaseUrl;
use ownchatbot_web::Packed;

/// The `cache-control` of everything personal: no cache keeps it.
pub(crate) const NO_STORE: HeaderValue = HeaderValue::from_static("no-store");

/// A response (200) with a page, or with parts of one.
pub(crate) fn html_response(headers: &HeaderMap, html: String) -> Response {
    let mut response = Packed::new("text/html; charset=utf-8", html).response(headers);
    response.headers_mut().insert(CACHE_CONTROL, NO_STORE);
    response
}

/// A redirect (303) to the page at `to`.
pub(crate) fn see_other(to: &str) -> Response {
    let mut response = StatusCode::SEE_OTHER.into_response();
    let headers = response.headers_mut();
    if let Ok(to) = HeaderValue::try_from(to) {
        headers.insert(LOCATION, to);
    }
    headers.insert(CACHE_CONTROL, NO_STORE);
    response
}

/// The content security policy of the pages. Only Owncast, at `owncast`, may frame them; its emoji are loaded
/// from there.
pub(crate) fn policy(owncast: &BaseUrl) -> Option<HeaderValue> {
    let owncast = owncast.origin();
    let policy = format!(
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' {owncast}; connect-src 'self'; \
         base-uri 'none'; form-action 'self'; frame-ancestors {owncast}"
    );
    HeaderValue::try_from(policy).ok()
}

/// Adds the content security policy `policy` to `response`.
pub(crate) fn with_policy(mut response: Response, policy: Option<HeaderValue>) -> Response {
    if let Some(policy) = policy {
        response.headers_mut().insert(CONTENT_SECURITY_POLICY, policy);
    }
    response
}
