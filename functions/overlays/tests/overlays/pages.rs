//! Pages and files: what they are, how long they are kept, and what is not there.

use axum::http::{Method, Request, StatusCode};
use ownchatbot_web::assets;

use ownchatbot_testkit::http::{Answer, send};

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

fn is_secured(answer: &Answer) {
    assert_eq!(
        answer.header("content-security-policy"),
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' https: data:; \
         connect-src 'self'; font-src 'self'; media-src 'self' data:; base-uri 'none'; form-action 'none'; \
         frame-ancestors 'self'"
    );
    assert_eq!(answer.header("x-content-type-options"), "nosniff");
    assert_eq!(answer.header("referrer-policy"), "same-origin");
}

#[tokio::test]
async fn every_overlay_is_a_small_page_that_its_script_fills() {
    let test = OverlayTest::new().await;
    test.bot.faults.reset();
    for (path, name) in PAGES {
        let answer = test.get(path).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}");
        assert_eq!(answer.header("content-type"), "text/html; charset=utf-8");
        assert_eq!(answer.header("cache-control"), "public, max-age=60, stale-if-error=86400");
        is_secured(&answer);
        let html = answer.text();
        assert!(html.len() < 1500, "{path}: {} bytes", html.len());
        assert!(html.starts_with("<!doctype html>\n<html lang=\"en\">"), "{html}");
        assert!(html.contains(&format!("<body data-overlay=\"{name}\" data-live=\"{LIVE}\">")), "{html}");
        assert!(html.contains("<main id=\"overlay\" aria-live=\"off\"></main>"), "{html}");
        assert!(html.contains("<noscript>") && html.contains("<title>"), "{html}");
        // The policy forbids inline scripts, so there is none, nor anything from elsewhere.
        assert_eq!(html.matches("<script").count(), 1, "{html}");
        assert!(!html.contains("style=") && !html.contains("://") && !html.contains(" on"), "{html}");
        for file in ["overlay.css", "overlay.js"] {
            assert!(html.contains(&format!("\"{}\"", assets::path(file))), "{html}");
        }
    }
    assert_eq!(test.bot.faults.total(), 0, "pages need no table");
}

#[tokio::test]
async fn options_are_for_the_script_only() {
    let test = OverlayTest::new().await;
    let (plain, styled) = (test.get("/goals").await, test.get("/goals?name=%3Cscript%3E&colour=red").await);
    assert_eq!((styled.status, styled.body), (plain.status, plain.body));
}

#[tokio::test]
async fn there_is_a_list_of_all_overlays() {
    let answer = OverlayTest::new().await.get("/overlay").await;
    assert_eq!(answer.status, StatusCode::OK);
    is_secured(&answer);
    for (path, _) in PAGES {
        assert!(answer.text().contains(&format!("<a href=\"{path}\">")), "{path}");
    }
}

#[tokio::test]
async fn files_are_kept_for_ever_under_the_hash_of_their_version() {
    let test = OverlayTest::new().await;
    for (file, content_type) in
        [("overlay.css", "text/css; charset=utf-8"), ("overlay.js", "text/javascript; charset=utf-8")]
    {
        let path = assets::path(file);
        let plain = test.get(&path).await;
        assert_eq!((plain.status, plain.header("content-type")), (StatusCode::OK, content_type));
        assert_eq!(plain.header("cache-control"), "public, max-age=31536000, immutable");
        assert_eq!((plain.header("vary"), plain.header("content-encoding")), ("accept-encoding", ""));
        is_secured(&plain);
        let on_disk = concat!(env!("CARGO_MANIFEST_DIR"), "/../../templates/overlays/");
        assert_eq!(plain.body, std::fs::read(format!("{on_disk}{file}")).unwrap());
        let packed = test.get_packed(&path).await;
        if packed.header("content-encoding") == "gzip" {
            assert_eq!(unpacked(&packed.body), plain.body);
        } else {
            assert_eq!(packed.body, plain.body);
        }
        // The first page of an overlay is there within a packet or some.
        assert!(packed.body.len() < 32 * 1024, "{file}: {} bytes", packed.body.len());
    }
}

#[tokio::test]
async fn what_is_not_there_is_not_kept_either() {
    let test = OverlayTest::new().await;
    let hash = assets::hash();
    for path in [
        "/overlay/nothing",
        "/overlay/votes",
        "/overlay/%ff",
        "/overlay/Alerts",
        "/assets/0000000000000000/overlay.js",
        &format!("/assets/{hash}/nothing.js"),
        &format!("/assets/{hash}/..%2foverlay.js"),
        &format!("/assets/{hash}/%ff"),
    ] {
        let answer = test.get(path).await;
        assert_eq!(
            (answer.status, answer.header("cache-control")),
            (StatusCode::NOT_FOUND, "no-store"),
            "{path}"
        );
    }
    for path in
        ["/", "/nothing", "/votes/", "/goals/x", "/overlay/a/b", "/assets/", "/assets/overlay.js", "/mgmt"]
    {
        let answer = test.get(path).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
        is_secured(&answer);
    }
}

#[tokio::test]
async fn nothing_is_written_by_any_method() {
    let test = OverlayTest::new().await;
    let asset = assets::path("overlay.js");
    for path in ["/votes", "/overlay", "/overlay/alerts", LIVE, &asset] {
        for method in [Method::POST, Method::PUT, Method::PATCH, Method::DELETE, Method::OPTIONS] {
            let answer = test.send(Request::builder().method(&method).uri(path)).await;
            assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED, "{method} {path}");
            assert_eq!(answer.header("allow"), "GET,HEAD", "{method} {path}");
        }
        let (got, head) = (test.get(path).await, test.send(Request::head(path)).await);
        assert_eq!((head.status, head.body.len()), (StatusCode::OK, 0), "{path}");
        assert_eq!(head.header("cache-control"), got.header("cache-control"), "{path}");
    }
}

#[tokio::test]
async fn behind_an_edge_only_the_edge_is_answered() {
    let test = OverlayTest::new().await;
    let edge = "what-the-edge-knows";
    let router = another(&test.bot, Some(edge));
    test.bot.faults.reset();
    for path in ["/votes", LIVE, &assets::path("overlay.js"), "/nothing"] {
        for secret in [None, Some("what-the-edge-knew")] {
            let request = secret
                .into_iter()
                .fold(Request::get(path), |request, secret| request.header("x-origin-secret", secret));
            assert_eq!(send(&router, request, "").await.status, StatusCode::FORBIDDEN, "{path} {secret:?}");
        }
    }
    assert_eq!(test.bot.faults.total(), 0);
    let answer = send(&router, Request::get(LIVE).header("x-origin-secret", edge), "").await;
    assert_eq!(answer.status, StatusCode::OK);
}
