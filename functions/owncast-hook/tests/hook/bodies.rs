//! Bodies of all lengths and kinds.

use std::convert::Infallible;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::body::Body;
use axum::http::StatusCode;
use bytes::Bytes;
use futures_util::stream;
use serde_json::json;

use crate::harness::{HookTest, TOKEN, chat, event, post, user};

const KIB: usize = 1024;
const MIB: usize = 1024 * KIB;

/// A body of `length` bytes in pieces of 64 KiB, and the count of those that were read.
fn counted(length: usize) -> (Body, Arc<AtomicUsize>) {
    let read = Arc::new(AtomicUsize::new(0));
    let count = read.clone();
    let pieces = stream::unfold(length, move |left| {
        let (piece, count) = (left.min(64 * KIB), count.clone());
        async move {
            count.fetch_add(piece, Ordering::SeqCst);
            (piece > 0).then(|| (Ok::<_, Infallible>(Bytes::from(vec![b' '; piece])), left - piece))
        }
    });
    (Body::from_stream(pieces), read)
}

#[tokio::test]
async fn too_large_body_is_read_to_its_end_and_refused() {
    let test = HookTest::unsigned().await;
    for length in [256 * KIB + 1, MIB, 6 * MIB] {
        let (body, read) = counted(length);
        let response = test.send(post(TOKEN).body(body).unwrap()).await;
        assert_eq!(response.status, StatusCode::PAYLOAD_TOO_LARGE, "{length} bytes");
        assert_eq!(response.text, "the body is larger than 256 KiB\n");
        assert_eq!(read.load(Ordering::SeqCst), length, "not read to its end");
    }
}

#[tokio::test]
async fn endless_body_is_read_up_to_6_mib() {
    let test = HookTest::unsigned().await;
    let (body, read) = counted(1000 * MIB);
    let response = test.send(post(TOKEN).body(body).unwrap()).await;
    assert_eq!(response.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert!(read.load(Ordering::SeqCst) <= 6 * MIB + 64 * KIB, "{read:?}");
}

#[tokio::test]
async fn size_is_checked_before_the_signature() {
    let test = HookTest::signed().await;
    let (body, _) = counted(MIB);
    let response = test.send(post(TOKEN).body(body).unwrap()).await;
    assert_eq!(response.status, StatusCode::PAYLOAD_TOO_LARGE);
}

#[tokio::test]
async fn body_of_exactly_256_kib_is_accepted() {
    let test = HookTest::signed().await;
    let padded = |length: usize| {
        let mut body = chat("m", "ann", "!points");
        body.resize(length, b' ');
        body
    };
    assert_eq!(test.post(&padded(256 * KIB + 1)).await.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(test.effects("m").await.len(), 0);
    assert_eq!(test.post(&padded(256 * KIB)).await.status, StatusCode::OK);
    assert_eq!(test.effects("m").await.len(), 1);
}

#[tokio::test]
async fn body_that_ends_early_is_a_bad_request() {
    let test = HookTest::unsigned().await;
    let pieces = [Ok(Bytes::from_static(br#"{"type":"#)), Err(std::io::Error::other("gone"))];
    let request = post(TOKEN).body(Body::from_stream(stream::iter(pieces))).unwrap();
    let response = test.send(request).await;
    assert_eq!(
        (response.status, &*response.text),
        (StatusCode::BAD_REQUEST, "the request body ended early\n")
    );
}

#[tokio::test]
async fn unreadable_event_is_reported_with_its_place() {
    let test = HookTest::signed().await;
    let before = test.items().await;
    let wrong: [(&[u8], &str); 10] = [
        (b"", "line 1, column 0"),
        (b"hello", "line 1, column 1"),
        (b"{\n \"type\": oops}", "line 2, column 10"),
        (br#"{"type":"CHAT","eventData":{"id":"x"#, "line 1, column"),
        (b"{\"type\":\"CH\xffAT\"}", "line 1, column"),
        (b"[]", "not a JSON object"),
        (br#"{"eventData":{}}"#, "type is missing"),
        (br#"{"type":"CHAT"}"#, "eventData is missing"),
        (br#"{"type":"CHAT","eventData":{"id":"x","rawBody":"hi"}}"#, "user is missing"),
        (
            br#"{"type":"CHAT","eventData":{"id":"x","rawBody":"hi","user":{"id":"a#b"}}}"#,
            "user.id is not a valid id",
        ),
    ];
    for (body, place) in wrong {
        let response = test.post(body).await;
        let shown = String::from_utf8_lossy(body);
        assert_eq!(response.status, StatusCode::BAD_REQUEST, "{shown}");
        assert!(response.text.starts_with("this is not an event of Owncast: "), "{}", response.text);
        assert!(response.text.contains(place), "{shown}: {}", response.text);
        assert!(response.headers["content-type"].to_str().unwrap().starts_with("text/plain"));
    }
    assert_eq!(test.items().await, before);
}

#[tokio::test]
async fn event_without_an_id_is_deduplicated_by_its_bytes() {
    let test = HookTest::signed().await;
    let data = |text: &str| json!({ "id": "", "clientId": 1, "user": user("ann"), "rawBody": text });
    let body = event("CHAT", &data("!song one"));
    test.post(&chat("hello", "ann", "hello")).await;
    for _ in 0..3 {
        assert_eq!(test.post(&body).await.status, StatusCode::OK);
    }
    assert_eq!(test.balance("ann").await, 0, "charged once");
    // Other bytes are another event: this one is refused for lack of points, and leaves a receipt of its own.
    let receipts = |items: &std::collections::BTreeMap<String, String>| {
        items.keys().filter(|key| key.starts_with("OUTBOX#owncast:")).count()
    };
    assert_eq!(receipts(&test.items().await), 1);
    test.post(&event("CHAT", &data("!song two"))).await;
    assert_eq!(receipts(&test.items().await), 2);
}
