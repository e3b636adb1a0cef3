//! Processes that die, a table that fails, and damaged rows.

use aws_sdk_dynamodb::types::AttributeValue;
use ownchatbot_app::deliver::{Deliveries, on_rows};
use ownchatbot_domain::Span;
use ownchatbot_store::{Due, Lease};
use ownchatbot_testkit::faults::Fault;

use crate::{done, due, lines, postponed, rows, schedules, setup, targets, waits};

#[tokio::test]
async fn expired_lease_of_a_dead_process_is_taken_over() {
    let (bot, owncast) = setup().await;
    let lane = lines(&bot, "e", &["one", "two"]).await;
    let until = bot.now().saturating_add(Span::seconds(20));
    let lease = bot.store().lease(&lane, 0, bot.now(), until).await.unwrap();
    assert!(matches!(lease, Lease::Ours(_)), "the process that holds the lease dies here");
    assert_eq!(rows(&bot, &owncast, &[(&lane, 0), (&lane, 1)]).await, postponed(1));
    assert_eq!((owncast.attempts().len(), waits(&bot).await), (0, vec![20]));
    bot.clock.push(Span::seconds(20));
    assert_eq!(due(&bot, &owncast).await, done(2));
    assert_eq!(owncast.lines(), ["one", "two"]);
    assert_eq!(waits(&bot).await, [0; 0]);
}

#[tokio::test]
async fn unwritable_table_returns_the_lane_to_the_caller() {
    let (bot, owncast) = setup().await;
    let (one, two) = (lines(&bot, "a", &["one"]).await, lines(&bot, "b", &["two"]).await);
    bot.faults.plan(|operation| (operation == "UpdateItem").then_some(Fault::Throttled));
    let records = [(one.clone(), 0), (two.clone(), 0)];
    let (deliveries, mut failed) =
        on_rows(&bot.context, targets(&owncast, &schedules(&bot)), records.clone()).await;
    failed.sort();
    assert_eq!((deliveries, failed), (Deliveries::default(), vec![one.clone(), two.clone()]));
    assert_eq!(owncast.attempts().len(), 0, "a row without a lease is not delivered");
    bot.faults.stop();
    let (deliveries, failed) = on_rows(&bot.context, targets(&owncast, &schedules(&bot)), records).await;
    assert_eq!((deliveries, failed.len()), (done(2), 0));
}

#[tokio::test]
async fn line_delivered_but_not_recorded_is_delivered_again() {
    let (bot, owncast) = setup().await;
    let lane = lines(&bot, "e", &["hello"]).await;
    let mut leased = false;
    bot.faults.plan(move |operation| {
        let fault = (operation == "UpdateItem" && leased).then_some(Fault::Throttled);
        leased |= operation == "UpdateItem";
        fault
    });
    let (_, failed) = on_rows(&bot.context, targets(&owncast, &schedules(&bot)), [(lane.clone(), 0)]).await;
    assert_eq!(failed, std::slice::from_ref(&lane));
    bot.faults.stop();
    assert_eq!(rows(&bot, &owncast, &[(&lane, 0)]).await, postponed(1), "the earlier lease is still valid");
    bot.clock.push(Span::seconds(20));
    assert_eq!(due(&bot, &owncast).await, done(1));
    assert_eq!(owncast.lines(), ["hello", "hello"]);
}

#[tokio::test]
async fn lost_response_to_a_lease_delays_and_does_not_duplicate() {
    let (bot, owncast) = setup().await;
    let lane = lines(&bot, "e", &["hello"]).await;
    let mut first = true;
    bot.faults.plan(move |operation| {
        let fault = (operation == "UpdateItem" && first).then_some(Fault::LostAnswer);
        first &= operation != "UpdateItem";
        fault
    });
    // The lease was written, but this process does not know that it holds it.
    assert_eq!(rows(&bot, &owncast, &[(&lane, 0)]).await, postponed(1));
    assert_eq!(owncast.attempts().len(), 0);
    bot.clock.push(Span::seconds(20));
    assert_eq!(due(&bot, &owncast).await, done(1));
    assert_eq!(owncast.lines(), ["hello"]);
}

#[tokio::test]
async fn damaged_row_does_not_block_other_lanes() {
    let (bot, owncast) = setup().await;
    let (broken, sound) = (lines(&bot, "broken", &["x"]).await, lines(&bot, "sound", &["hello"]).await);
    let nonsense = AttributeValue::S("nonsense".to_owned());
    bot.table.tamper("OUTBOX#owncast:broken", "chat#000", "kind", nonsense).await;
    // Neither is reported as failed: a retry would not repair the damaged one.
    assert_eq!(rows(&bot, &owncast, &[(&broken, 0), (&sound, 0)]).await, done(1));
}

#[tokio::test]
async fn damaged_due_row_is_no_longer_due() {
    let (bot, owncast) = setup().await;
    let broken = lines(&bot, "broken", &["x"]).await;
    bot.store().mark_due(&Due { at: bot.now(), lane: broken }).await.unwrap();
    let nonsense = AttributeValue::S("nonsense".to_owned());
    bot.table.tamper("OUTBOX#owncast:broken", "chat#000", "kind", nonsense).await;
    assert_eq!(due(&bot, &owncast).await, Deliveries::default());
    assert_eq!(waits(&bot).await, [0; 0], "later runs do not find it");
}
