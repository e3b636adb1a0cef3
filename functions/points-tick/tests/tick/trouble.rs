//! Ticks that fail, end in the middle or run twice.

use std::error::Error;
use std::sync::Arc;
use std::time::Duration;

use ownchatbot_app::Context;
use ownchatbot_app::RunError;
use ownchatbot_app::ports::OwncastError;
use ownchatbot_boot::Connected;
use ownchatbot_testkit::builders::crowd;
use ownchatbot_testkit::clock::ManualClock;
use ownchatbot_testkit::faults;
use ownchatbot_testkit::owncast::Fault;
use ownchatbot_testkit::scripted::ScriptedOwncast;
use points_tick::handle;
use tokio::sync::Notify;

use crate::world::{World, client, event, report, watched_by};

#[tokio::test]
async fn while_owncast_is_away_the_tick_fails_and_a_later_try_of_its_slot_pays_once() {
    let world = World::live().await;
    world.owncast.viewer("Ann").connect().await;
    for fault in [Fault::Down, Fault::Fail(502), Fault::Fail(401), Fault::Error200] {
        world.owncast.set_fault(fault);
        let error = world.try_tick("18:10").await.unwrap_err();
        assert!(matches!(error, RunError::Owncast(_)), "{fault:?}: {error:?}");
        assert_eq!(error.to_string(), "asking Owncast");
        assert!(error.source().is_some(), "the log tells why");
    }
    assert_eq!(world.audit().await, (0, 0));
    world.owncast.set_fault(Fault::None);
    assert_eq!(world.tick("18:10").await, report(true, 1, 1));
    assert_eq!(world.tick("18:10").await, report(true, 1, 0));
    assert_eq!(world.audit().await, (110, 1));
}

#[tokio::test]
async fn an_owncast_that_does_not_answer_ends_the_tick_in_seconds() {
    let world = World::live().await;
    world.owncast.viewer("Ann").connect().await;
    world.owncast.set_fault(Fault::Slow(Duration::from_secs(60)));
    let error = world.try_tick("18:10").await.unwrap_err();
    assert!(matches!(error, RunError::Owncast(OwncastError::Unreachable(_))), "{error:?}");
}

#[tokio::test]
async fn a_token_that_owncast_does_not_know_is_told_without_the_token() {
    let world = World::live().await;
    let context = Context::new(world.table.store.clone(), world.clock.clone());
    let deps = Connected { context, owncast: client(world.owncast.url(), "zaphods-token"), schedules: () };
    let error = handle(&deps, event("18:10")).await.unwrap_err();
    let RunError::Owncast(OwncastError::Refused(why)) = &error else { panic!("{error:?}") };
    assert!(why.contains("access token") && !format!("{error:?}").contains("zaphods-token"), "{error:?}");
}

#[tokio::test]
async fn a_table_that_fails_for_good_is_told() {
    let world = World::live().await;
    world.owncast.viewer("Ann").connect().await;
    world.faults.plan(|asked| (asked == "GetItem").then_some(faults::Fault::Unreachable));
    assert!(matches!(world.try_tick("18:10").await, Err(RunError::App(_))));
    world.faults.stop();
    assert_eq!(world.tick("18:10").await, report(true, 1, 1));
}

/// Lets the tick of `slot` run until it asks for the `n`th time for `operation`, and kills it there.
async fn killed_at(
    world: &World,
    deps: &Connected<ManualClock, ScriptedOwncast>,
    slot: &str,
    operation: &'static str,
    n: u32,
) {
    let (reached, mut count) = (Arc::new(Notify::new()), 0);
    let signal = reached.clone();
    world.faults.plan(move |asked| {
        count += u32::from(asked == operation);
        if count == n {
            signal.notify_one();
        }
        None
    });
    tokio::select! {
        () = reached.notified() => {}
        done = handle(deps, event(slot)) => panic!("it ended before it was killed: {done:?}"),
    }
    world.faults.stop();
}

#[tokio::test]
async fn a_tick_that_is_killed_half_way_and_run_again_pays_the_other_half_only() {
    let world = World::live().await;
    let deps = watched_by(&world, &crowd(240));
    // While it welcomes newcomers, one transaction each …
    killed_at(&world, &deps, "18:10", "TransactWriteItems", 100).await;
    let (points, some) = world.audit().await;
    assert!(some > 0 && some < 240 && points == 110 * i64::try_from(some).unwrap(), "{some} of 240");
    let rest = handle(&deps, event("18:10")).await.unwrap();
    assert_eq!((rest.present, world.audit().await), (240, (240 * 110, 240)));
    assert!(rest.paid > 0 && rest.paid < 240, "{rest:?}");

    // … and while it pays those who are known, in batches.
    killed_at(&world, &deps, "18:20", "BatchExecuteStatement", 5).await;
    let (points, _) = world.audit().await;
    assert!(points > 240 * 110 && points < 240 * 120, "{points}");
    let rest = handle(&deps, event("18:20")).await.unwrap();
    assert!(rest.paid > 0 && rest.paid < 240, "{rest:?}");
    assert_eq!(world.audit().await, (240 * 120, 240));
}

#[tokio::test]
async fn two_runs_of_one_slot_at_once_pay_everybody_once() {
    let world = World::live().await;
    let (one, two) = (watched_by(&world, &crowd(120)), watched_by(&world, &crowd(120)));
    for (slot, points) in [("18:10", 110), ("18:20", 120)] {
        let (a, b) = tokio::join!(handle(&one, event(slot)), handle(&two, event(slot)));
        assert_eq!(a.unwrap().paid + b.unwrap().paid, 120, "{slot}");
        assert_eq!(world.audit().await, (120 * points, 120));
    }
}

#[tokio::test]
async fn conflicts_and_lost_answers_on_the_way_pay_everybody_once() {
    let world = World::live().await;
    let deps = watched_by(&world, &crowd(120));
    world.faults.at_random(
        20,
        &[faults::Fault::Conflict, faults::Fault::LostAnswer, faults::Fault::Throttled],
        7,
    );
    for (slot, points) in [("18:10", 110), ("18:20", 120), ("18:30", 130)] {
        let done = handle(&deps, event(slot)).await;
        if done.is_err() {
            // The stream's state or the settings could not be read: Lambda comes again.
            world.faults.stop();
            handle(&deps, event(slot)).await.unwrap();
        }
        world.faults.stop();
        assert_eq!(world.audit().await, (120 * points, 120));
        world.faults.at_random(20, &[faults::Fault::LostAnswer, faults::Fault::Throttled], 11);
    }
    assert!(world.faults.happened() > 10, "{:?}", world.faults);
}
