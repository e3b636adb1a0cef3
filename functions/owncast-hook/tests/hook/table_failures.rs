//! The hook while the table is busy, unreachable or missing.

use axum::http::{StatusCode, header};
use ownchatbot_store::Store;
use ownchatbot_testkit::faults::Fault;

use crate::harness::{HookResponse, HookTest, chat, hook_over, song};

/// A hook whose table knows Ann and the configuration, but whose process has cached neither.
async fn with_ann() -> HookTest {
    let mut test = HookTest::unsigned().await;
    test.post(&chat("hello", "ann", "hello")).await;
    test.router = hook_over(test.table.store.clone(), &test.clock, None);
    test
}

fn try_later(response: &HookResponse) {
    assert_eq!(response.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(response.headers[header::RETRY_AFTER], "1");
    assert_eq!(response.text, "try again later\n");
}

#[tokio::test]
async fn event_changes_nothing_while_the_table_is_busy_and_succeeds_later() {
    let test = with_ann().await;
    let body = chat("m", "ann", "!song with a note");
    let before = test.items().await;
    for operation in ["Query", "BatchGetItem", "TransactWriteItems"] {
        for fault in [Fault::Conflict, Fault::Throttled, Fault::Unreachable] {
            test.faults.plan(move |asked| (asked == operation).then_some(fault));
            try_later(&test.post(&body).await);
            test.faults.stop();
            assert_eq!(test.items().await, before, "{fault:?} of {operation}");
        }
    }
    assert!(test.faults.happened() >= 9);
    for _ in 0..2 {
        assert_eq!(test.post(&body).await.status, StatusCode::OK);
        assert_eq!(test.balance("ann").await, 0);
        assert_eq!(test.effects("m").await.len(), 1);
    }
}

#[tokio::test]
async fn lost_response_of_the_table_does_not_charge_twice() {
    let test = with_ann().await;
    let body = chat("m", "ann", "!song with a note");
    let mut first = true;
    test.faults.plan(move |asked| {
        (asked == "TransactWriteItems" && std::mem::take(&mut first)).then_some(Fault::LostAnswer)
    });
    assert_eq!(test.post(&body).await.status, StatusCode::OK);
    assert_eq!(test.faults.happened(), 1);
    assert_eq!((test.balance("ann").await, test.effects("m").await.len()), (0, 1));

    // All responses are lost: the sender must try again, and the copy finds the receipt.
    test.save(&song(0)).await;
    test.clock.push(ownchatbot_domain::Span::seconds(6));
    let body = chat("m2", "ann", "!song another");
    test.faults.plan(|asked| (asked == "TransactWriteItems").then_some(Fault::LostAnswer));
    let lost = test.post(&body).await;
    test.faults.stop();
    assert!([StatusCode::OK, StatusCode::SERVICE_UNAVAILABLE].contains(&lost.status), "{lost:?}");
    let after = test.items().await;
    assert_eq!(test.post(&body).await.status, StatusCode::OK);
    assert_eq!(test.items().await, after);
    assert_eq!(test.effects("m2").await.len(), 1);
}

#[tokio::test]
async fn message_is_retried_after_conflicts() {
    let test = with_ann().await;
    let mut left = 2;
    test.faults.plan(move |asked| {
        let hit = asked == "TransactWriteItems" && left > 0;
        left -= i32::from(hit);
        hit.then_some(Fault::Conflict)
    });
    assert_eq!(test.post(&chat("m", "ann", "!song with a note")).await.status, StatusCode::OK);
    assert_eq!(test.balance("ann").await, 0);
    assert_eq!(test.faults.happened(), 2);
}

#[tokio::test]
async fn plain_chat_of_cached_viewers_needs_no_table() {
    let test = with_ann().await;
    assert_eq!(test.post(&chat("m1", "ann", "hello again")).await.status, StatusCode::OK);
    test.faults.reset();
    test.faults.plan(|_| Some(Fault::Unreachable));
    for text in ["how are you?", "!", "! ", "!nosuchcommandatall", "10 ! points", "\u{202e}!points"] {
        assert_eq!(test.post(&chat("m2", "ann", text)).await.status, StatusCode::OK, "{text}");
    }
    assert_eq!(test.faults.total(), 0);
}

#[tokio::test]
async fn missing_table_is_an_internal_error() {
    let mut test = HookTest::unsigned().await;
    test.router = hook_over(Store::new(test.table.client.clone(), "another-table"), &test.clock, None);
    let response = test.post(&chat("m", "ann", "!points")).await;
    assert_eq!((response.status, &*response.text), (StatusCode::INTERNAL_SERVER_ERROR, "try again later\n"));
    assert!(!response.headers.contains_key(header::RETRY_AFTER));
}
