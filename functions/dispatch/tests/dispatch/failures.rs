//! Deliveries while Owncast does not respond, or while the table cannot be written.

use std::time::Duration;

use ownchatbot_domain::{Action, ClientId, Effect, Span};
use ownchatbot_simulator::ApiFault;
use ownchatbot_store::{Lane, RowState};
use ownchatbot_testkit::builders::event;
use ownchatbot_testkit::faults;

use crate::harness::{DispatchTest, batch, chat_row, record, row, say, whisper};

/// Delivers a line while Owncast has the fault `fault`: the record is accepted, and the row waits.
async fn waits(test: &DispatchTest, fault: ApiFault) {
    test.owncast.set_api_fault(fault);
    test.commit("m", &[say("hello"), say("again")]).await;
    test.deliver(&[chat_row("m", 0, 1), chat_row("m", 1, 2)]).await;
    let rows = test.rows("m").await;
    assert_eq!(
        rows.iter().map(|row| (row.state, row.tries)).collect::<Vec<_>>(),
        [(RowState::Pending, 1), (RowState::Pending, 0)]
    );
    let calls = test.owncast.seen().calls.len();
    assert_eq!(calls, 2, "two quick tries of the first line, none of the second");
    // The same records again, and a run before its time: nothing is tried.
    test.deliver(&[chat_row("m", 0, 1)]).await;
    test.clock.push(Span::from_ms(4_999));
    test.redrive().await;
    assert_eq!(test.owncast.seen().calls.len(), calls);
}

/// Ends the fault: the next run delivers everything, once and in order.
async fn is_delivered_later(test: &DispatchTest) {
    test.owncast.set_api_fault(ApiFault::None);
    let before = test.owncast.said().len();
    test.clock.push(Span::from_ms(1));
    test.redrive().await;
    test.redrive().await;
    assert_eq!(test.owncast.said()[before..], ["hello", "again"]);
    assert_eq!(test.states("m").await, [RowState::Done; 2]);
}

#[tokio::test]
async fn failed_delivery_is_retried_by_a_later_run() {
    for fault in
        [ApiFault::Down, ApiFault::Fail(500), ApiFault::Fail(401), ApiFault::Fail(404), ApiFault::Error200]
    {
        let test = DispatchTest::new().await;
        waits(&test, fault).await;
        assert_eq!(test.owncast.said(), Vec::<String>::new());
        is_delivered_later(&test).await;
    }
}

#[tokio::test]
async fn delivery_that_times_out_is_retried_later() {
    let test = DispatchTest::new().await;
    waits(&test, ApiFault::Slow(Duration::from_secs(60))).await;
    is_delivered_later(&test).await;
}

#[tokio::test]
async fn refused_access_token_does_not_fail_the_batch() {
    let test = DispatchTest::with_token("another-token").await;
    waits(&test, ApiFault::None).await;
    assert_eq!(test.owncast.said(), Vec::<String>::new());
}

#[tokio::test]
async fn while_owncast_is_down_only_expired_lines_are_dropped() {
    let test = DispatchTest::new().await;
    test.owncast.viewer("Ann").connect().await;
    test.owncast.set_api_fault(ApiFault::Down);
    test.commit("m", &[whisper(ClientId(0), "psst")]).await;
    test.commit("n", &[say("hello")]).await;
    test.deliver(&[chat_row("m", 0, 1), chat_row("n", 0, 2)]).await;
    for _ in 0..12 {
        test.clock.push(Span::seconds(5));
        test.redrive().await;
    }
    assert_eq!(
        (test.states("m").await, test.states("n").await),
        (vec![RowState::Dropped], vec![RowState::Pending])
    );
    let calls = test.owncast.seen().calls.len();
    test.clock.push(Span::minutes(14));
    test.redrive().await;
    assert_eq!(test.states("n").await, [RowState::Dropped]);
    assert_eq!(test.owncast.seen().calls.len(), calls, "an expired line is not sent");

    test.owncast.set_api_fault(ApiFault::None);
    test.commit("o", &[say("back again")]).await;
    test.deliver(&[chat_row("o", 0, 3)]).await;
    test.redrive().await;
    assert_eq!(test.owncast.said(), ["back again"]);
}

#[tokio::test]
async fn rows_that_cannot_be_leased_fail_from_the_first_of_their_lane() {
    let test = DispatchTest::new().await;
    test.commit("m", &[say("first"), say("second")]).await;
    let act = Effect::Act {
        action: Action::Job("lights".to_owned()),
        event: event("n"),
        reward: "r".into(),
        viewer: "Ann".into(),
        note: None,
    };
    test.commit("n", &[say("other"), act]).await;
    let records = [
        record("INSERT", "VIEWER#ann", "BALANCE", 100),
        row("n", Lane::Job, 0, 101),
        chat_row("m", 0, 102),
        chat_row("n", 0, 103),
        chat_row("m", 1, 104),
        record("MODIFY", "OUTBOX#owncast:m", "chat#000", 105),
    ];
    for fault in [faults::Fault::Throttled, faults::Fault::Unreachable] {
        test.faults.plan(move |asked| (asked == "UpdateItem").then_some(fault));
        let mut failed = test.handle(&batch(&records)).await;
        failed.sort();
        assert_eq!(failed, ["102", "103"]);
        assert_eq!(test.owncast.seen().calls, [], "nothing is sent without a lease");
    }
    // Lambda sends again from the earliest failure.
    test.faults.stop();
    test.deliver(&records[2..]).await;
    let mut said = test.owncast.said();
    said.sort();
    assert_eq!(said, ["first", "other", "second"]);
}

#[tokio::test]
async fn delivered_line_that_could_not_be_marked_done_is_not_repeated_while_leased() {
    let test = DispatchTest::new().await;
    test.commit("m", &[say("hello")]).await;
    let mut leased = false;
    test.faults.plan(move |asked| {
        let after = asked == "UpdateItem" && std::mem::replace(&mut leased, true);
        after.then_some(faults::Fault::Unreachable)
    });
    assert_eq!(test.handle(&batch(&[chat_row("m", 0, 7)])).await, ["7"]);
    test.faults.stop();
    test.deliver(&[chat_row("m", 0, 7)]).await;
    assert_eq!(test.owncast.said(), ["hello"]);
}

#[tokio::test]
async fn lease_whose_response_was_lost_delays_the_line_and_loses_nothing() {
    let test = DispatchTest::new().await;
    test.commit("m", &[say("hello")]).await;
    test.faults.plan(|asked| (asked == "UpdateItem").then_some(faults::Fault::LostAnswer));
    let failed = test.handle(&batch(&[chat_row("m", 0, 7)])).await;
    test.faults.stop();
    assert!(failed.is_empty() || failed == ["7"], "{failed:?}");
    test.deliver(&[chat_row("m", 0, 7)]).await;
    test.clock.push(Span::seconds(21));
    test.redrive().await;
    assert_eq!(
        (test.owncast.said(), test.states("m").await),
        (vec!["hello".to_owned()], vec![RowState::Done])
    );
}
