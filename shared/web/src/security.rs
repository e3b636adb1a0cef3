//! Security headers: the content security policy, and what goes with it on every response.

use std::future::ready;

use axum::Router;
use axum::http::HeaderValue;
use axum::http::header::{CONTENT_SECURITY_POLICY, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS};
use axum::middleware;
use axum::response::Response;

/// Adds the content security policy `policy` to every response of `router` that has none of its own. Also
/// forbids browsers to guess content types, and to tell other sites which page a visitor comes from.
pub fn headers(router: Router, policy: &'static str) -> Router {
    router.layer(middleware::map_response(move |mut response: Response| {
        let headers = response.headers_mut();
        headers.entry(CONTENT_SECURITY_POLICY).or_insert(HeaderValue::from_static(policy));
        headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
        headers.entry(REFERRER_POLICY).or_insert(HeaderValue::from_static("same-origin"));
        ready(response)
    }))
}

/// The content security policy of a page without inline scripts and styles. Images may also come from
/// `images`, and pages of `framed_by` may frame it; both are origins, or `None` for no others.
#[must_use]
pub fn page_policy(images: Option<&str>, framed_by: Option<&str>) -> Option<HeaderValue> {
    let images = images.map(|origin| format!(" {origin}")).unwrap_or_default();
    let framed_by = framed_by.unwrap_or("'none'");
    HeaderValue::try_from(format!(
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'{images}; connect-src 'self'; \
         base-uri 'none'; form-action 'self'; frame-ancestors {framed_by}"
    ))
    .ok()
}

/// Adds the content security policy `policy` to `response`.
#[must_use]
pub fn with_policy(mut response: Response, policy: Option<HeaderValue>) -> Response {
    if let Some(policy) = policy {
        response.headers_mut().insert(CONTENT_SECURITY_POLICY, policy);
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::Body;
    use axum::http::Request;
    use axum::routing::get;
    use tower::ServiceExt;

    #[tokio::test]
    async fn every_response_has_the_headers_and_keeps_its_own_policy() {
        let own = || async { ([(CONTENT_SECURITY_POLICY, "default-src 'self'")], "own") };
        let router = Router::new().route("/", get(|| async { "all" })).route("/own", get(own));
        let router = headers(router, "default-src 'none'");
        for (path, policy) in
            [("/", "default-src 'none'"), ("/own", "default-src 'self'"), ("/404", "default-src 'none'")]
        {
            let request = Request::get(path).body(Body::empty()).unwrap();
            let response = router.clone().oneshot(request).await.unwrap();
            assert_eq!(response.headers()[CONTENT_SECURITY_POLICY], policy, "{path}");
            assert_eq!(response.headers()[X_CONTENT_TYPE_OPTIONS], "nosniff", "{path}");
            assert_eq!(response.headers()[REFERRER_POLICY], "same-origin", "{path}");
        }
    }
}
