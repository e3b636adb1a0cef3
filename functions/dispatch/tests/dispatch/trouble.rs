//! Owncast that is away, and a table that cannot be written.

use std::time::Duration;

use ownchatbot_app::ports::{Lane, RowState};
use ownchatbot_domain::{Action, ClientId, Effect, Span};
use ownchatbot_testkit::builders::event;
use ownchatbot_testkit::faults;
use ownchatbot_testkit::owncast::Fault;

use crate::world::{World, batch, chat_row, record, row, say, whisper};

/// Delivers a line while Owncast has this fault: it is taken from the stream and waits.
async fn waits(world: &World, fault: Fault) {
    world.owncast.set_fault(fault);
    world.commit("m", &[say("hello"), say("again")]).await;
    world.deliver(&[chat_row("m", 0, 1), chat_row("m", 1, 2)]).await;
    let rows = world.rows("m").await;
    assert_eq!(
        rows.iter().map(|row| (row.state, row.tries)).collect::<Vec<_>>(),
        [(RowState::Pending, 1), (RowState::Pending, 0)]
    );
    let calls = world.owncast.seen().calls.len();
    assert_eq!(calls, 2, "two quick tries of the first line, none of the second");
    // The same records again, and a run before its time: nothing is tried.
    world.deliver(&[chat_row("m", 0, 1)]).await;
    world.clock.push(Span::from_ms(4_999));
    world.redrive().await;
    assert_eq!(world.owncast.seen().calls.len(), calls);
}

/// Owncast is back: the next run delivers everything, once and in order.
async fn is_delivered_later(world: &World) {
    world.owncast.set_fault(Fault::None);
    let before = world.owncast.said().len();
    world.clock.push(Span::from_ms(1));
    world.redrive().await;
    world.redrive().await;
    assert_eq!(world.owncast.said()[before..], ["hello", "again"]);
    assert_eq!(world.states("m").await, [RowState::Done; 2]);
}

#[tokio::test]
async fn what_owncast_does_not_take_waits_and_is_delivered_by_a_later_run() {
    for fault in [Fault::Down, Fault::Fail(500), Fault::Fail(401), Fault::Fail(404), Fault::Error200] {
        let world = World::new().await;
        waits(&world, fault).await;
        assert_eq!(world.owncast.said(), Vec::<String>::new());
        is_delivered_later(&world).await;
    }
}

#[tokio::test]
async fn an_owncast_that_does_not_answer_in_time_is_tried_again_later() {
    let world = World::new().await;
    waits(&world, Fault::Slow(Duration::from_secs(60))).await;
    is_delivered_later(&world).await;
}

#[tokio::test]
async fn a_token_that_owncast_does_not_know_fails_no_batch() {
    let world = World::with_token("another-token").await;
    waits(&world, Fault::None).await;
    assert_eq!(world.owncast.said(), Vec::<String>::new());
}

#[tokio::test]
async fn owncast_being_down_holds_up_no_other_event_and_drops_only_what_nobody_wants_any_more() {
    let world = World::new().await;
    world.owncast.viewer("Ann").connect().await;
    world.owncast.set_fault(Fault::Down);
    world.commit("m", &[whisper(ClientId(0), "psst")]).await;
    world.commit("n", &[say("hello")]).await;
    world.deliver(&[chat_row("m", 0, 1), chat_row("n", 0, 2)]).await;
    for _ in 0..12 {
        world.clock.push(Span::seconds(5));
        world.redrive().await;
    }
    assert_eq!(
        (world.states("m").await, world.states("n").await),
        (vec![RowState::Dropped], vec![RowState::Pending])
    );
    let calls = world.owncast.seen().calls.len();
    world.clock.push(Span::minutes(14));
    world.redrive().await;
    assert_eq!(world.states("n").await, [RowState::Dropped]);
    assert_eq!(world.owncast.seen().calls.len(), calls, "what nobody wants is not tried");

    world.owncast.set_fault(Fault::None);
    world.commit("o", &[say("back again")]).await;
    world.deliver(&[chat_row("o", 0, 3)]).await;
    world.redrive().await;
    assert_eq!(world.owncast.said(), ["back again"]);
}

#[tokio::test]
async fn rows_that_could_not_be_written_are_handed_back_from_the_first_of_their_lane_on() {
    let world = World::new().await;
    world.commit("m", &[say("first"), say("second")]).await;
    let act = Effect::Act {
        action: Action::Job("lights".to_owned()),
        event: event("n"),
        reward: "r".into(),
        viewer: "Ann".into(),
        note: None,
    };
    world.commit("n", &[say("other"), act]).await;
    let records = [
        record("INSERT", "VIEWER#ann", "BALANCE", 100),
        row("n", Lane::Job, 0, 101),
        chat_row("m", 0, 102),
        chat_row("n", 0, 103),
        chat_row("m", 1, 104),
        record("MODIFY", "OUTBOX#owncast:m", "chat#000", 105),
    ];
    for fault in [faults::Fault::Throttled, faults::Fault::Unreachable] {
        world.faults.plan(move |asked| (asked == "UpdateItem").then_some(fault));
        let mut failed = world.handle(&batch(&records)).await;
        failed.sort();
        assert_eq!(failed, ["102", "103"]);
        assert_eq!(world.owncast.seen().calls, [], "nothing is sent without a claim");
    }
    // Lambda comes again from the earliest on.
    world.faults.stop();
    world.deliver(&records[2..]).await;
    let mut said = world.owncast.said();
    said.sort();
    assert_eq!(said, ["first", "other", "second"]);
}

#[tokio::test]
async fn a_line_that_was_said_but_could_not_be_noted_is_not_said_again_while_it_is_claimed() {
    let world = World::new().await;
    world.commit("m", &[say("hello")]).await;
    let mut claimed = false;
    world.faults.plan(move |asked| {
        let after = asked == "UpdateItem" && std::mem::replace(&mut claimed, true);
        after.then_some(faults::Fault::Unreachable)
    });
    assert_eq!(world.handle(&batch(&[chat_row("m", 0, 7)])).await, ["7"]);
    world.faults.stop();
    world.deliver(&[chat_row("m", 0, 7)]).await;
    assert_eq!(world.owncast.said(), ["hello"]);
}

#[tokio::test]
async fn a_claim_whose_answer_was_lost_delays_the_line_and_loses_nothing() {
    let world = World::new().await;
    world.commit("m", &[say("hello")]).await;
    world.faults.plan(|asked| (asked == "UpdateItem").then_some(faults::Fault::LostAnswer));
    let failed = world.handle(&batch(&[chat_row("m", 0, 7)])).await;
    world.faults.stop();
    assert!(failed.is_empty() || failed == ["7"], "{failed:?}");
    world.deliver(&[chat_row("m", 0, 7)]).await;
    world.clock.push(Span::seconds(21));
    world.redrive().await;
    assert_eq!(
        (world.owncast.said(), world.states("m").await),
        (vec!["hello".to_owned()], vec![RowState::Done])
    );
}
