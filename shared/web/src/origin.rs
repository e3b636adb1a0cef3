//! Accepts only requests that came through CloudFront.

use axum::Router;
use axum::extract::Request;
use axum::http::{HeaderMap, StatusCode};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};

use crate::Token;

/// The header that CloudFront adds; one of the same name sent by a visitor is replaced there.
pub const HEADER: &str = "x-origin-secret";

/// Responds with 403 to every request that lacks `secret`, before any route sees it. Without a secret (in
/// local development, where there is no CloudFront) every request is accepted.
pub fn guard(router: Router, secret: Option<Token>) -> Router {
    let Some(secret) = secret else { return router };
    router.layer(middleware::from_fn(move |request: Request, next: Next| {
        let known = came_through(&secret, request.headers());
        async move { if known { next.run(request).await } else { refusal() } }
    }))
}

fn came_through(secret: &Token, headers: &HeaderMap) -> bool {
    headers.get(HEADER).and_then(|value| value.to_str().ok()).is_some_and(|text| secret.is(text))
}

fn refusal() -> Response {
    tracing::warn!(http.status = 403, "refused a request that did not come through CloudFront");
    (StatusCode::FORBIDDEN, "use the bot's public address\n").into_response()
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::Body;
    use axum::routing::get;
    use tower::ServiceExt;

    const SECRET: &str = "0123456789abcdef";

    async fn status(secret: Option<&str>, path: &str, header: Option<&str>) -> u16 {
        let router = Router::new().route("/", get(|| async { "in" }));
        let router = guard(router, secret.map(|secret| Token::parse(secret).unwrap()));
        let mut request = Request::builder().uri(path);
        if let Some(header) = header {
            request = request.header(HEADER, header);
        }
        router.oneshot(request.body(Body::empty()).unwrap()).await.unwrap().status().as_u16()
    }

    #[tokio::test]
    async fn requests_without_the_secret_are_refused() {
        assert_eq!(status(Some(SECRET), "/", Some(SECRET)).await, 200);
        assert_eq!(status(Some(SECRET), "/", Some("0123456789abcdeg")).await, 403);
        assert_eq!(status(Some(SECRET), "/", None).await, 403);
        // A 404 would tell which paths exist.
        assert_eq!(status(Some(SECRET), "/nothing", None).await, 403);
        assert_eq!(status(Some(SECRET), "/nothing", Some(SECRET)).await, 404);
    }

    #[tokio::test]
    async fn without_a_secret_every_request_is_accepted() {
        assert_eq!(status(None, "/", None).await, 200);
    }
}
