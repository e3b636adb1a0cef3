//! What the document costs, however many browsers poll.

use axum::http::{Request, StatusCode};
use futures_util::future::join_all;
use ownchatbot_domain::Span;
use ownchatbot_testkit::http::send;

use crate::harness::{LIVE, OverlayTest, another, unpacked};

#[tokio::test]
async fn document_is_built_once_a_second_with_three_requests() {
    let test = OverlayTest::new().await;
    test.get(LIVE).await;
    test.bot.clock.push(Span::seconds(1));
    test.bot.faults.reset();
    test.bot.table.capacity.measure();
    for _ in 0..50 {
        assert_eq!(test.get(LIVE).await.status, StatusCode::OK);
        // 50 times 19 ms are less than a second.
        test.bot.clock.push(Span::from_ms(19));
    }
    let requests = test.bot.faults.requests();
    assert_eq!(test.bot.faults.total(), 3, "{requests:?}");
    assert!(requests.keys().all(|name| ["Query", "BatchGetItem"].contains(&name.as_str())), "{requests:?}");
    let used: u32 = test.bot.table.capacity.used().values().sum();
    assert!(used <= 12, "{used} units: one for each of six rewards, and six");
    test.bot.clock.push(Span::from_ms(50));
    test.get(LIVE).await;
    assert_eq!(test.bot.faults.total(), 6);
}

#[tokio::test]
async fn concurrent_requests_share_one_build() {
    let test = OverlayTest::new().await;
    test.bot.faults.reset();
    let responses = join_all((0..50).map(|_| test.get(LIVE))).await;
    assert!(
        responses
            .iter()
            .all(|response| response.status == StatusCode::OK && response.body == responses[0].body)
    );
    // One more than usual: the configuration, which is read every five seconds.
    assert!(test.bot.faults.total() <= 4, "{:?}", test.bot.faults.requests());
}

#[tokio::test]
async fn query_string_does_not_build_another_document() {
    let test = OverlayTest::new().await;
    test.get(LIVE).await;
    test.bot.faults.reset();
    for query in ["?a", "?at=1", "?x=%ff"] {
        assert_eq!(test.get(&format!("{LIVE}{query}")).await.status, StatusCode::OK);
    }
    assert_eq!(test.bot.faults.total(), 0);
}

#[tokio::test]
async fn known_etag_gets_304() {
    let test = OverlayTest::new().await;
    let first = test.get(LIVE).await;
    let tag = first.header("etag").to_owned();
    assert!(tag.starts_with("W/\""), "{tag}");
    test.bot.clock.push(Span::seconds(3));
    let again = test.send(Request::get(LIVE).header("if-none-match", &tag)).await;
    assert_eq!((again.status, again.body.len()), (StatusCode::NOT_MODIFIED, 0), "only the time differs");
    for name in ["etag", "cache-control", "vary"] {
        assert_eq!(again.header(name), first.header(name), "{name}");
    }
    // Another process makes the same tag.
    let request = Request::get(LIVE).header("if-none-match", &tag);
    assert_eq!(send(&another(&test.bot, None), request, "").await.status, StatusCode::NOT_MODIFIED);

    test.bot.goes_live().await;
    test.bot.clock.push(Span::seconds(3));
    let changed = test.send(Request::get(LIVE).header("if-none-match", &tag)).await;
    assert_eq!(changed.status, StatusCode::OK);
    assert_ne!(changed.header("etag"), tag);
}

#[tokio::test]
async fn document_is_compressed_for_clients_that_accept_gzip() {
    let test = OverlayTest::new().await;
    let (plain, packed) = (test.get(LIVE).await, test.get_packed(LIVE).await);
    assert_eq!(unpacked(&packed.body), plain.body);
    assert!(packed.body.len() * 2 < plain.body.len(), "{} of {}", packed.body.len(), plain.body.len());
    for response in [plain, packed] {
        assert_eq!(response.header("content-type"), "application/json");
        assert_eq!(
            response.header("cache-control"),
            "public, max-age=1, s-maxage=1, stale-while-revalidate=2, stale-if-error=60"
        );
        assert_eq!(response.header("vary"), "accept-encoding");
        assert!(response.header("content-security-policy").starts_with("default-src 'none'"));
    }
}
