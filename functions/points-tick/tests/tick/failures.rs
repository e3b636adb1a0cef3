//! Ticks that fail, are killed half-way or run twice.

use std::error::Error;
use std::sync::Arc;
use std::time::Duration;

use ownchatbot_app::ports::OwncastError;
use ownchatbot_app::{Context, RunError};
use ownchatbot_boot::BotDeps;
use ownchatbot_simulator::ApiFault;
use ownchatbot_testkit::builders::crowd;
use ownchatbot_testkit::clock::ManualClock;
use ownchatbot_testkit::faults;
use ownchatbot_testkit::scripted::ScriptedOwncast;
use points_tick::handle;
use tokio::sync::Notify;

use crate::harness::{TickTest, client, event, report, watched_by};

#[tokio::test]
async fn tick_fails_while_owncast_is_down_and_its_retry_pays_once() {
    let test = TickTest::live().await;
    test.owncast.viewer("Ann").connect().await;
    for fault in [ApiFault::Down, ApiFault::Fail(502), ApiFault::Fail(401), ApiFault::Error200] {
        test.owncast.set_api_fault(fault);
        let error = test.try_tick("18:10").await.unwrap_err();
        assert!(matches!(error, RunError::Owncast(_)), "{fault:?}: {error:?}");
        assert_eq!(error.to_string(), "a request to Owncast failed");
        assert!(error.source().is_some(), "the log tells why");
    }
    assert_eq!(test.verify_totals().await, (0, 0));
    test.owncast.set_api_fault(ApiFault::None);
    assert_eq!(test.tick("18:10").await, report(true, 1, 1));
    assert_eq!(test.tick("18:10").await, report(true, 1, 0));
    assert_eq!(test.verify_totals().await, (110, 1));
}

#[tokio::test]
async fn tick_fails_in_seconds_when_owncast_does_not_respond() {
    let test = TickTest::live().await;
    test.owncast.viewer("Ann").connect().await;
    test.owncast.set_api_fault(ApiFault::Slow(Duration::from_secs(60)));
    let error = test.try_tick("18:10").await.unwrap_err();
    assert!(matches!(error, RunError::Owncast(OwncastError::Unreachable(_))), "{error:?}");
}

#[tokio::test]
async fn error_of_a_refused_access_token_does_not_show_it() {
    let test = TickTest::live().await;
    let context = Context::new(test.table.store.clone(), test.clock.clone());
    let deps = BotDeps { context, owncast: client(test.owncast.url(), "zaphods-token"), schedules: () };
    let error = handle(&deps, event("18:10")).await.unwrap_err();
    let RunError::Owncast(OwncastError::Refused(reason)) = &error else { panic!("{error:?}") };
    assert!(reason.contains("access token") && !format!("{error:?}").contains("zaphods-token"), "{error:?}");
}

#[tokio::test]
async fn tick_fails_while_the_table_is_unreachable() {
    let test = TickTest::live().await;
    test.owncast.viewer("Ann").connect().await;
    test.faults.plan(|asked| (asked == "GetItem").then_some(faults::Fault::Unreachable));
    assert!(matches!(test.try_tick("18:10").await, Err(RunError::App(_))));
    test.faults.stop();
    assert_eq!(test.tick("18:10").await, report(true, 1, 1));
}

/// Runs the tick of `slot`, and kills it at its `n`th request of `operation`.
async fn killed_at(
    test: &TickTest,
    deps: &BotDeps<ManualClock, ScriptedOwncast>,
    slot: &str,
    operation: &'static str,
    n: u32,
) {
    let (reached, mut count) = (Arc::new(Notify::new()), 0);
    let signal = reached.clone();
    test.faults.plan(move |asked| {
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
    test.faults.stop();
}

#[tokio::test]
async fn retry_of_a_killed_tick_pays_the_rest_only() {
    let test = TickTest::live().await;
    let deps = watched_by(&test, &crowd(240));
    // Killed while it welcomes new viewers, in one transaction each …
    killed_at(&test, &deps, "18:10", "TransactWriteItems", 100).await;
    let (points, some) = test.verify_totals().await;
    assert!(some > 0 && some < 240 && points == 110 * i64::try_from(some).unwrap(), "{some} of 240");
    let rest = handle(&deps, event("18:10")).await.unwrap();
    assert_eq!((rest.present, test.verify_totals().await), (240, (240 * 110, 240)));
    assert!(rest.paid > 0 && rest.paid < 240, "{rest:?}");

    // … and while it pays known viewers, in batches.
    killed_at(&test, &deps, "18:20", "BatchExecuteStatement", 5).await;
    let (points, _) = test.verify_totals().await;
    assert!(points > 240 * 110 && points < 240 * 120, "{points}");
    let rest = handle(&deps, event("18:20")).await.unwrap();
    assert!(rest.paid > 0 && rest.paid < 240, "{rest:?}");
    assert_eq!(test.verify_totals().await, (240 * 120, 240));
}

#[tokio::test]
async fn concurrent_runs_of_one_slot_pay_once() {
    let test = TickTest::live().await;
    let (one, two) = (watched_by(&test, &crowd(120)), watched_by(&test, &crowd(120)));
    for (slot, points) in [("18:10", 110), ("18:20", 120)] {
        let (a, b) = tokio::join!(handle(&one, event(slot)), handle(&two, event(slot)));
        assert_eq!(a.unwrap().paid + b.unwrap().paid, 120, "{slot}");
        assert_eq!(test.verify_totals().await, (120 * points, 120));
    }
}

#[tokio::test]
async fn conflicts_and_lost_responses_pay_once() {
    let test = TickTest::live().await;
    let deps = watched_by(&test, &crowd(120));
    test.faults.at_random(
        20,
        &[faults::Fault::Conflict, faults::Fault::LostAnswer, faults::Fault::Throttled],
        7,
    );
    for (slot, points) in [("18:10", 110), ("18:20", 120), ("18:30", 130)] {
        let done = handle(&deps, event(slot)).await;
        if done.is_err() {
            // The stream's state or the settings could not be read: Lambda retries.
            test.faults.stop();
            handle(&deps, event(slot)).await.unwrap();
        }
        test.faults.stop();
        assert_eq!(test.verify_totals().await, (120 * points, 120));
        test.faults.at_random(20, &[faults::Fault::LostAnswer, faults::Fault::Throttled], 11);
    }
    assert!(test.faults.happened() > 10, "{:?}", test.faults);
}
