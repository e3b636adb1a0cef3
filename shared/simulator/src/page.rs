//! The simulator's web page, and the check that no other web page uses its API.

use std::net::IpAddr;
use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{RawQuery, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Json, Response};
use axum::routing::{get, post};
use axum::{Router, http::Uri};
use serde_json::{Value, json};

use crate::action::Action;
use crate::page_api::{self, Act};
use crate::simulation::Simulation;

const CSP: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; \
                   base-uri 'none'; form-action 'none'; frame-ancestors 'none'; frame-src";

pub(crate) fn router(simulation: Arc<Simulation>) -> Router {
    Router::new()
        .route("/", get(index))
        .route("/simulator/page.css", get(|| file("text/css; charset=utf-8", include_str!("page/page.css"))))
        .route(
            "/simulator/page.js",
            get(|| file("text/javascript; charset=utf-8", include_str!("page/page.js"))),
        )
        .route(
            "/simulator/chat.js",
            get(|| file("text/javascript; charset=utf-8", include_str!("page/chat.js"))),
        )
        .route(
            "/simulator/desk.js",
            get(|| file("text/javascript; charset=utf-8", include_str!("page/desk.js"))),
        )
        .route(
            "/simulator/action.js",
            get(|| file("text/javascript; charset=utf-8", include_str!("page/action.js"))),
        )
        .route("/simulator/icon.svg", get(|| file("image/svg+xml", include_str!("page/icon.svg"))))
        .route("/simulator/state", get(state))
        .route("/simulator/act", post(act))
        .route_layer(middleware::from_fn(guard))
        .with_state(simulation)
}

/// The page itself. Of the simulator's files, only this one may frame the bot's panel.
async fn index(State(simulation): State<Arc<Simulation>>) -> Response {
    let action = Action::of(simulation.state().bot_url.as_deref());
    let frames = action.map_or_else(|| "'none'".to_owned(), |action| action.origin());
    page("text/html; charset=utf-8", &frames, include_str!("page/index.html"))
}

async fn file(kind: &'static str, text: &'static str) -> Response {
    page(kind, "'none'", text)
}

fn page(kind: &str, frames: &str, text: &'static str) -> Response {
    let policy = format!("{CSP} {frames}");
    let headers = [
        (header::CONTENT_TYPE, kind),
        (header::CONTENT_SECURITY_POLICY, &policy),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::CACHE_CONTROL, "no-cache"),
    ];
    (headers, text).into_response()
}

async fn state(State(simulation): State<Arc<Simulation>>, RawQuery(query): RawQuery) -> Response {
    let since = query.as_deref().and_then(|query| query.strip_prefix("since=")).and_then(|n| n.parse().ok());
    ([(header::CACHE_CONTROL, "no-store")], Json(page_api::state(&simulation, since.unwrap_or(0))))
        .into_response()
}

async fn act(State(simulation): State<Arc<Simulation>>, body: Bytes) -> Response {
    let act: Act = match serde_json::from_slice(&body) {
        Ok(act) => act,
        Err(error) => return refused(StatusCode::BAD_REQUEST, &error.to_string()),
    };
    match page_api::act(&simulation, act).await {
        Ok(value) => Json(value).into_response(),
        Err(sentence) => refused(StatusCode::UNPROCESSABLE_ENTITY, sentence),
    }
}

fn refused(status: StatusCode, reason: &str) -> Response {
    (status, Json::<Value>(json!({ "error": reason }))).into_response()
}

/// Refuses the requests of other web pages (cross-site request forgery). Those have another origin; in an
/// attack by DNS rebinding, the host is neither `localhost` nor an IP address.
async fn guard(request: Request, next: Next) -> Response {
    match foreign(request.method(), request.uri(), request.headers()) {
        Some(reason) => refused(StatusCode::FORBIDDEN, reason),
        None => next.run(request).await,
    }
}

/// The reason to refuse a request; `None` if it comes from the page itself.
fn foreign(method: &Method, uri: &Uri, headers: &HeaderMap) -> Option<&'static str> {
    const FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");
    let text = |name: HeaderName| headers.get(name).map(HeaderValue::to_str).and_then(Result::ok);
    let host = text(header::HOST).or_else(|| uri.authority().map(axum::http::uri::Authority::as_str));
    let Some(host) = host.filter(|host| is_ours(host)) else {
        return Some("open this page at localhost or at the computer's IP address");
    };
    if *method != Method::POST {
        return None;
    }
    let json = text(header::CONTENT_TYPE)
        .and_then(|kind| kind.split(';').next())
        .is_some_and(|kind| kind.trim().eq_ignore_ascii_case("application/json"));
    let own_origin = text(header::ORIGIN).is_none_or(|origin| origin.strip_prefix("http://") == Some(host));
    let own_site = text(FETCH_SITE).is_none_or(|site| matches!(site, "same-origin" | "none"));
    (!json || !own_origin || !own_site).then_some("only this page itself may do that, and as JSON")
}

fn is_ours(host: &str) -> bool {
    let name = match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => host,
    };
    let name = name.trim_start_matches('[').trim_end_matches(']');
    name.eq_ignore_ascii_case("localhost") || name.parse::<IpAddr>().is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn verdict(method: &Method, pairs: &[(&str, &str)]) -> Option<&'static str> {
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            headers.insert(HeaderName::from_bytes(name.as_bytes()).unwrap(), value.parse().unwrap());
        }
        foreign(method, &Uri::from_static("/simulator/act"), &headers)
    }

    #[test]
    fn requests_of_other_pages_are_refused() {
        let json = ("content-type", "application/json");
        let own = [("host", "127.0.0.1:8080"), json];
        assert_eq!(verdict(&Method::POST, &own), None);
        assert_eq!(verdict(&Method::POST, &[own[0], json, ("origin", "http://127.0.0.1:8080")]), None);
        assert_eq!(
            verdict(&Method::POST, &[("host", "[::1]:8080"), json, ("sec-fetch-site", "same-origin")]),
            None
        );
        for pairs in [
            vec![json],
            vec![own[0]],
            vec![own[0], ("content-type", "text/plain")],
            vec![own[0], json, ("origin", "http://evil.example")],
            vec![own[0], json, ("origin", "null")],
            vec![own[0], json, ("origin", "http://127.0.0.1:8081")],
            vec![own[0], json, ("sec-fetch-site", "cross-site")],
            vec![("host", "rebound.example:8080"), json],
        ] {
            assert!(verdict(&Method::POST, &pairs).is_some(), "{pairs:?}");
        }
        assert!(verdict(&Method::GET, &[("host", "localhost:8080")]).is_none());
        assert!(verdict(&Method::GET, &[("host", "rebound.example")]).is_some());
    }
}
