//! Records that arrive more than once, one after the other and concurrently.

use std::time::Duration;

use ownchatbot_domain::Span;
use ownchatbot_simulator::ApiFault;
use ownchatbot_store::RowState;

use crate::harness::{DispatchTest, batch, chat_row, read, say};

#[tokio::test]
async fn repeated_batch_is_delivered_once() {
    let test = DispatchTest::new().await;
    test.commit("m", &[say("first"), say("second")]).await;
    test.commit("n", &[say("other")]).await;
    let records = [chat_row("m", 0, 1), chat_row("m", 1, 2), chat_row("n", 0, 3)];
    for _ in 0..3 {
        test.deliver(&records).await;
    }
    // The same record twice in one batch, and a part of the batch.
    test.deliver(&[records[0].clone(), records[0].clone(), records[1].clone()]).await;
    test.deliver(&records[1..]).await;
    let mut said = test.owncast.said();
    said.sort();
    assert_eq!(said, ["first", "other", "second"]);
}

#[tokio::test]
async fn concurrent_copies_of_a_batch_are_delivered_once() {
    let test = DispatchTest::new().await;
    test.commit("m", &[say("first"), say("second")]).await;
    let event = read(&batch(&[chat_row("m", 0, 1), chat_row("m", 1, 2)]));
    let run = || dispatch::handle(&test.deps, &event);
    let (a, b, c, d) = tokio::join!(run(), run(), run(), run());
    for response in [a, b, c, d] {
        assert!(response.batch_item_failures.is_empty());
    }
    // A run that finds the lane leased schedules another run, which continues or finds nothing to do.
    test.clock.push(Span::seconds(30));
    test.redrive().await;
    test.redrive().await;
    assert_eq!(test.owncast.said(), ["first", "second"]);
    assert_eq!(test.states("m").await, [RowState::Done; 2]);
}

#[tokio::test]
async fn lane_of_a_killed_run_is_delivered_when_its_lease_expires() {
    let test = DispatchTest::new().await;
    test.commit("m", &[say("hello")]).await;
    let event = read(&batch(&[chat_row("m", 0, 1)]));
    // The run ends in the middle of its call, which Owncast then never carries out.
    test.owncast.set_api_fault(ApiFault::Slow(Duration::from_millis(300)));
    tokio::select! {
        called = test.owncast.wait_for("call", |seen| !seen.calls.is_empty()) => called.map(|_| ()).unwrap(),
        _ = dispatch::handle(&test.deps, &event) => panic!("the run ended"),
    }
    test.owncast.set_api_fault(ApiFault::None);

    test.deliver(&[chat_row("m", 0, 1)]).await;
    assert_eq!(test.states("m").await, [RowState::Pending], "the lease has not expired");
    test.clock.push(Span::seconds(21));
    test.redrive().await;
    assert_eq!(test.states("m").await, [RowState::Done]);
    assert_eq!(test.owncast.said(), ["hello"]);
}
