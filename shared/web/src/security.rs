//! The headers that keep pages from doing, and from being used for, what they are not for.

use std::future::ready;

use axum::Router;
use axum::http::HeaderValue;
use axum::http::header::{CONTENT_SECURITY_POLICY, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS};
use axum::middleware;
use axum::response::Response;

/// Puts `policy`, the content security policy of its pages, on every answer of `router` that brings none of its own; with
/// it that types are believed as they are told, and that other sites do not learn where a visitor comes from.
pub fn headers(router: Router, policy: &'static str) -> Router {
    router.layer(middleware::map_response(move |mut answer: Response| {
        let headers = answer.headers_mut();
        headers.entry(CONTENT_SECURITY_POLICY).or_insert(HeaderValue::from_static(policy));
        headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
        headers.entry(REFERRER_POLICY).or_insert(HeaderValue::from_static("same-origin"));
        ready(answer)
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::Body;
    use axum::http::Request;
    use axum::routing::get;
    use tower::ServiceExt;

    #[tokio::test]
    async fn every_answer_carries_them_and_a_page_may_have_its_own() {
        let own = || async { ([(CONTENT_SECURITY_POLICY, "default-src 'self'")], "own") };
        let router = Router::new().route("/", get(|| async { "all" })).route("/own", get(own));
        let router = headers(router, "default-src 'none'");
        for (path, policy) in
            [("/", "default-src 'none'"), ("/own", "default-src 'self'"), ("/404", "default-src 'none'")]
        {
            let request = Request::get(path).body(Body::empty()).unwrap();
            let answer = router.clone().oneshot(request).await.unwrap();
            assert_eq!(answer.headers()[CONTENT_SECURITY_POLICY], policy, "{path}");
            assert_eq!(answer.headers()[X_CONTENT_TYPE_OPTIONS], "nosniff", "{path}");
            assert_eq!(answer.headers()[REFERRER_POLICY], "same-origin", "{path}");
        }
    }
}
