//! Owncast that is away, and a table that cannot be written.

use std::time::Duration;

use ownchatbot_domain::{Action, ClientId, Effect, Span};
use ownchatbot_simulator::ApiFault;
use ownchatbot_store::{Lane, RowState};
use ownchatbot_testkit::builders::event;
use ownchatbot_testkit::faults;

use crate::harness::{DispatchTest, batch, chat_row, record, row, say, whisper};

/// Delivers a line while Owncast has this fault: it is taken from the stream and waits.
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

/// Owncast is back: the next run delivers everything, once and in order.
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
async fn what_owncast_does_not_take_waits_and_is_delivered_by_a_later_run() {
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
async fn an_owncast_that_does_not_answer_in_time_is_tried_again_later() {
    let test = DispatchTest::new().await;
    waits(&test, ApiFault::Slow(Duration::from_secs(60))).await;
    is_delivered_later(&test).await;
}

#[tokio::test]
async fn a_token_that_owncast_does_not_know_fails_no_batch() {
    let test = DispatchTest::with_token("another-token").await;
    waits(&test, ApiFault::None).await;
    assert_eq!(test.owncast.said(), Vec::<String>::new());
}

#[tokio::test]
async fn owncast_being_down_holds_up_no_other_event_and_drops_only_what_nobody_wants_any_more() {
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
    assert_eq!(test.owncast.seen().calls.len(), calls, "what nobody wants is not tried");

    test.owncast.set_api_fault(ApiFault::None);
    test.commit("o", &[say("back again")]).await;
    test.deliver(&[chat_row("o", 0, 3)]).await;
    test.redrive().await;
    assert_eq!(test.owncast.said(), ["back again"]);
}

#[tokio::test]
async fn rows_that_could_not_be_written_are_handed_back_from_the_first_of_their_lane_on() {
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
    // Lambda comes again from the earliest on.
    test.faults.stop();
    test.deliver(&records[2..]).await;
    let mut said = test.owncast.said();
    said.sort();
    assert_eq!(said, ["first", "other", "second"]);
}

#[tokio::test]
async fn a_line_that_was_said_but_could_not_be_noted_is_not_said_again_while_it_is_claimed() {
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
async fn a_claim_whose_answer_was_lost_delays_the_line_and_loses_nothing() {
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
