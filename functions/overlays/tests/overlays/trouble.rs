//! A table that fails.

use axum::http::StatusCode;
use ownchatbot_domain::Span;
use ownchatbot_testkit::faults::Fault;

use crate::harness::{LIVE, OverlayTest};

#[tokio::test]
async fn what_was_built_within_a_minute_is_sent_while_the_table_fails() {
    let test = OverlayTest::new().await;
    let before = test.get(LIVE).await;
    test.bot.faults.plan(|_| Some(Fault::Unreachable));
    for seconds in [1, 29, 29] {
        test.bot.clock.push(Span::seconds(seconds));
        let answer = test.get(LIVE).await;
        assert_eq!((answer.status, &answer.body), (StatusCode::OK, &before.body));
    }
    test.bot.clock.push(Span::seconds(1));
    let answer = test.get(LIVE).await;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!((answer.header("cache-control"), answer.header("retry-after")), ("no-store", "1"));
    assert_eq!(answer.text(), "try again later\n");

    test.bot.faults.stop();
    test.bot.clock.push(Span::seconds(1));
    let document = test.document().await;
    assert_eq!(document["at"], test.bot.now().ms(), "and then there is a new one");
}

#[tokio::test]
async fn a_table_in_trouble_is_asked_once_a_second_too() {
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
async fn pages_and_files_do_not_mind() {
    let test = OverlayTest::new().await;
    test.bot.faults.plan(|_| Some(Fault::Unreachable));
    for path in ["/votes", "/overlay/alerts", &ownchatbot_web::assets::path("overlay.js")] {
        assert_eq!(test.get(path).await.status, StatusCode::OK, "{path}");
    }
}
