//! Records that come twice, one after the other and at once.

use std::time::Duration;

use ownchatbot_app::ports::RowState;
use ownchatbot_domain::Span;
use ownchatbot_testkit::owncast::Fault;

use crate::world::{World, batch, chat_row, read, say};

#[tokio::test]
async fn a_repeated_batch_says_nothing_twice() {
    let world = World::new().await;
    world.commit("m", &[say("first"), say("second")]).await;
    world.commit("n", &[say("other")]).await;
    let records = [chat_row("m", 0, 1), chat_row("m", 1, 2), chat_row("n", 0, 3)];
    for _ in 0..3 {
        world.deliver(&records).await;
    }
    // The same record twice in one batch, and a part of the batch.
    world.deliver(&[records[0].clone(), records[0].clone(), records[1].clone()]).await;
    world.deliver(&records[1..]).await;
    let mut said = world.owncast.said();
    said.sort();
    assert_eq!(said, ["first", "other", "second"]);
}

#[tokio::test]
async fn one_batch_handled_many_times_at_once_is_said_once() {
    let world = World::new().await;
    world.commit("m", &[say("first"), say("second")]).await;
    let event = read(&batch(&[chat_row("m", 0, 1), chat_row("m", 1, 2)]));
    let run = || dispatch::handle(&world.deps, &event);
    let (a, b, c, d) = tokio::join!(run(), run(), run(), run());
    for answer in [a, b, c, d] {
        assert!(answer.batch_item_failures.is_empty());
    }
    // Whoever came second left a note to look again, which finds nothing to do or goes on where nobody else did.
    world.clock.push(Span::seconds(30));
    world.redrive().await;
    world.redrive().await;
    assert_eq!(world.owncast.said(), ["first", "second"]);
    assert_eq!(world.states("m").await, [RowState::Done; 2]);
}

#[tokio::test]
async fn whoever_died_after_claiming_is_replaced_when_the_claim_has_ended() {
    let world = World::new().await;
    world.commit("m", &[say("hello")]).await;
    let event = read(&batch(&[chat_row("m", 0, 1)]));
    // The run ends in the middle of its call, which Owncast then never carries out.
    world.owncast.set_fault(Fault::Slow(Duration::from_millis(300)));
    tokio::select! {
        called = world.owncast.wait_for("call", |seen| !seen.calls.is_empty()) => called.map(|_| ()).unwrap(),
        _ = dispatch::handle(&world.deps, &event) => panic!("the run ended"),
    }
    world.owncast.set_fault(Fault::None);

    world.deliver(&[chat_row("m", 0, 1)]).await;
    assert_eq!(world.states("m").await, [RowState::Pending], "somebody may still be at it");
    world.clock.push(Span::seconds(21));
    world.redrive().await;
    assert_eq!(world.states("m").await, [RowState::Done]);
    assert_eq!(world.owncast.said(), ["hello"]);
}
