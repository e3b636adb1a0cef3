//! The overlays while the table fails.

use axum::http::StatusCode;
use ownchatbot_domain::Span;
use ownchatbot_testkit::faults::Fault;

use crate::harness::{LIVE, OverlayTest};

#[tokio::test]
async fn last_document_is_sent_for_a_minute_while_the_table_fails() {
    let test = OverlayTest::new().await;
    let before = test.get(LIVE).await;
    test.bot.faults.plan(|_| Some(Fault::Unreachable));
    for seconds in [1, 29, 29] {
        test.bot.clock.push(Span::seconds(seconds));
        let response = test.get(LIVE).await;
        assert_eq!((response.status, &response.body), (StatusCode::OK, &before.body));
    }
    test.bot.clock.push(Span::seconds(1));
    let response = test.get(LIVE).await;
    assert_eq!(response.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!((response.header("cache-control"), response.header("retry-after")), ("no-store", "1"));
    assert_eq!(response.text(), "try again later\n");

    test.bot.faults.stop();
    test.bot.clock.push(Span::seconds(1));
    let document = test.document().await;
    assert_eq!(document["at"], test.bot.now().ms(), "and then there is a new one");
}

#[tokio::test]
async fn failing_table_is_read_once_a_second() {
    let test = OverlayTest::new().await;
    test.bot.faults.plan(|_| Some(Fault::Throttled));
    for _ in 0..2 {
        test.bot.faults.reset();
        assert_eq!(test.get(LIVE).await.status, StatusCode::SERVICE_UNAVAILABLE);
        let tries = test.bot.faults.total();
        for _ in 0..20 {
            assert_eq!(test.get(LIVE).await.status, StatusCode::SERVICE_UNAVAILABLE);
        }
        assert_eq!(test.bot.faults.total(), tries);
        assert!(tries > 0, "it is tried again after a second");
        test.bot.clock.push(Span::seconds(1));
    }
}

#[tokio::test]
async fn pages_and_files_need_no_table() {
    let test = OverlayTest::new().await;
    test.bot.faults.plan(|_| Some(Fault::Unreachable));
    for path in ["/votes", "/overlay/alerts", &ownchatbot_web::assets::path("overlays/overlay.js")] {
        assert_eq!(test.get(path).await.status, StatusCode::OK, "{path}");
    }
}
