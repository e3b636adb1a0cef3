//! Pages and files: their content, how long they are cached, and 404s.

use axum::http::{Method, Request, StatusCode};
use ownchatbot_testkit::http::{Answer, assert_escaped_once, send};
use ownchatbot_web::assets;

use crate::harness::{LIVE, OverlayTest, another, unpacked};

const PAGES: [(&str, &str); 7] = [
    ("/votes", "votes"),
    ("/goals", "goals"),
    ("/overlay/alerts", "alerts"),
    ("/overlay/timers", "timers"),
    ("/overlay/queue", "queue"),
    ("/overlay/leaderboard", "leaderboard"),
    ("/overlay/ticker", "ticker"),
];

fn is_secured(response: &Answer) {
    assert_eq!(
        response.header("content-security-policy"),
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' https: data:; \
         connect-src 'self'; font-src 'self'; media-src 'self' data:; base-uri 'none'; form-action 'none'; \
         frame-ancestors 'self'"
    );
    assert_eq!(response.header("x-content-type-options"), "nosniff");
    assert_eq!(response.header("referrer-policy"), "same-origin");
}

#[tokio::test]
async fn every_overlay_is_a_small_page_for_its_script_to_fill() {
    let test = OverlayTest::new().await;
    test.bot.faults.reset();
    for (path, name) in PAGES {
        let response = test.get(path).await;
        assert_eq!(response.status, StatusCode::OK, "{path}");
        assert_eq!(response.header("content-type"), "text/html; charset=utf-8");
        assert_eq!(response.header("cache-control"), "public, max-age=60, stale-if-error=86400");
        is_secured(&response);
        let html = response.text();
        // Most of it are the URLs of modules and the texts of the scripts.
        assert!(html.len() < 4096, "{path}: {} bytes", html.len());
        assert!(html.starts_with("<!doctype html>\n<html lang=\"en\">"), "{html}");
        assert!(html.contains(&format!("<body data-overlay=\"{name}\" data-live=\"{LIVE}\">")), "{html}");
        assert!(html.contains("<main id=\"overlay\" aria-live=\"off\"></main>"), "{html}");
        assert!(html.contains("<noscript>") && html.contains("<title>"), "{html}");
        // The policy forbids inline scripts and other hosts, so the page uses neither.
        let (before, texts) = html.split_once("<script type=\"application/json\" id=\"messages\">").unwrap();
        let (texts, after) = texts.split_once("</script>").unwrap();
        let texts: serde_json::Value = serde_json::from_str(texts).unwrap();
        assert_eq!(texts["goals-empty"], "No goal right now");
        let rest = format!("{before}{after}");
        assert_eq!(rest.matches("<script").count(), 1, "{html}");
        assert!(!rest.contains("style=") && !rest.contains("://") && !rest.contains(" on"), "{html}");
        let script = format!("overlays/{name}.js");
        assert!(
            rest.contains(&format!("<script type=\"module\" src=\"{}\"></script>", assets::path(&script)))
        );
        assert!(rest.contains(&format!(
            "<link rel=\"stylesheet\" href=\"{}\">",
            assets::path("overlays/overlay.css")
        )));
        let modules = assets::imports(&script);
        assert!(modules.contains(&assets::path("overlays/overlay.js")), "{modules:?}");
        for module in &modules {
            assert!(rest.contains(&format!("<link rel=\"modulepreload\" href=\"{module}\">")), "{html}");
        }
        assert_eq!(rest.matches("modulepreload").count(), modules.len(), "{html}");
    }
    assert_eq!(test.bot.faults.total(), 0, "pages need no table");
}

#[tokio::test]
async fn query_string_does_not_change_the_page() {
    let test = OverlayTest::new().await;
    let (plain, styled) = (test.get("/goals").await, test.get("/goals?name=%3Cscript%3E&colour=red").await);
    assert_eq!((styled.status, styled.body), (plain.status, plain.body));
}

#[tokio::test]
async fn index_lists_all_overlays() {
    let response = OverlayTest::new().await.get("/overlay").await;
    assert_eq!(response.status, StatusCode::OK);
    is_secured(&response);
    for (path, _) in PAGES {
        assert!(response.text().contains(&format!("<a href=\"{path}\">")), "{path}");
    }
    assert_escaped_once(response.text());
}

#[tokio::test]
async fn files_are_cached_without_limit_under_their_hash() {
    let test = OverlayTest::new().await;
    for (file, content_type) in [
        ("overlays/overlay.css", "text/css; charset=utf-8"),
        ("overlays/overlay.js", "text/javascript; charset=utf-8"),
        ("js/poll.js", "text/javascript; charset=utf-8"),
    ] {
        let path = assets::path(file);
        let plain = test.get(&path).await;
        assert_eq!((plain.status, plain.header("content-type")), (StatusCode::OK, content_type));
        assert_eq!(plain.header("cache-control"), "public, max-age=31536000, immutable");
        assert_eq!((plain.header("vary"), plain.header("content-encoding")), ("accept-encoding", ""));
        is_secured(&plain);
        let on_disk = concat!(env!("CARGO_MANIFEST_DIR"), "/../../templates/");
        assert_eq!(plain.body, std::fs::read(format!("{on_disk}{file}")).unwrap());
        let packed = test.get_packed(&path).await;
        if packed.header("content-encoding") == "gzip" {
            assert_eq!(unpacked(&packed.body), plain.body);
        } else {
            assert_eq!(packed.body, plain.body);
        }
        // An overlay's first page load stays small.
        assert!(packed.body.len() < 32 * 1024, "{file}: {} bytes", packed.body.len());
    }
}

#[tokio::test]
async fn not_found_is_not_cached() {
    let test = OverlayTest::new().await;
    let hash = assets::hash();
    for path in [
        "/overlay/nothing",
        "/overlay/votes",
        "/overlay/%ff",
        "/overlay/Alerts",
        "/assets/0000000000000000/overlays/overlay.js",
        &format!("/assets/{hash}/nothing.js"),
        &format!("/assets/{hash}/overlay.js"),
        &format!("/assets/{hash}/overlays/"),
        &format!("/assets/{hash}/..%2foverlays/overlay.js"),
        &format!("/assets/{hash}/js/../overlays/overlay.js"),
        &format!("/assets/{hash}/%ff"),
    ] {
        let response = test.get(path).await;
        assert_eq!(
            (response.status, response.header("cache-control")),
            (StatusCode::NOT_FOUND, "no-store"),
            "{path}"
        );
    }
    for path in
        ["/", "/nothing", "/votes/", "/goals/x", "/overlay/a/b", "/assets/", "/assets/overlay.js", "/mgmt"]
    {
        let response = test.get(path).await;
        assert_eq!(response.status, StatusCode::NOT_FOUND, "{path}");
        is_secured(&response);
    }
}

#[tokio::test]
async fn only_get_and_head_are_allowed() {
    let test = OverlayTest::new().await;
    let asset = assets::path("overlays/overlay.js");
    for path in ["/votes", "/overlay", "/overlay/alerts", LIVE, &asset] {
        for method in [Method::POST, Method::PUT, Method::PATCH, Method::DELETE, Method::OPTIONS] {
            let response = test.send(Request::builder().method(&method).uri(path)).await;
            assert_eq!(response.status, StatusCode::METHOD_NOT_ALLOWED, "{method} {path}");
            assert_eq!(response.header("allow"), "GET,HEAD", "{method} {path}");
        }
        let (got, head) = (test.get(path).await, test.send(Request::head(path)).await);
        assert_eq!((head.status, head.body.len()), (StatusCode::OK, 0), "{path}");
        assert_eq!(head.header("cache-control"), got.header("cache-control"), "{path}");
    }
}

#[tokio::test]
async fn requests_without_cloudfronts_secret_are_refused() {
    let test = OverlayTest::new().await;
    let edge = "what-the-edge-knows";
    let router = another(&test.bot, Some(edge));
    test.bot.faults.reset();
    for path in ["/votes", LIVE, &assets::path("overlays/overlay.js"), "/nothing"] {
        for secret in [None, Some("what-the-edge-knew")] {
            let request = secret
                .into_iter()
                .fold(Request::get(path), |request, secret| request.header("x-origin-secret", secret));
            assert_eq!(send(&router, request, "").await.status, StatusCode::FORBIDDEN, "{path} {secret:?}");
        }
    }
    assert_eq!(test.bot.faults.total(), 0);
    let response = send(&router, Request::get(LIVE).header("x-origin-secret", edge), "").await;
    assert_eq!(response.status, StatusCode::OK);
}
