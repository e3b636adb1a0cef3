//! Processes that die, and a table that does not answer.

use aws_sdk_dynamodb::types::AttributeValue;
use ownchatbot_app::deliver::{Deliveries, on_rows};
use ownchatbot_domain::Span;
use ownchatbot_store::{Due, Lease};
use ownchatbot_testkit::faults::Fault;

use crate::{done, due, lines, outside, postponed, rows, schedules, waits, world};

#[tokio::test]
async fn a_dead_claimant_is_taken_over_when_its_claim_has_ended() {
    let (bot, owncast) = world().await;
    let lane = lines(&bot, "e", &["one", "two"]).await;
    let until = bot.now().saturating_add(Span::seconds(20));
    let lease = bot.store().lease(&lane, 0, bot.now(), until).await.unwrap();
    assert!(matches!(lease, Lease::Ours(_)), "and here its process dies");
    assert_eq!(rows(&bot, &owncast, &[(&lane, 0), (&lane, 1)]).await, postponed(1));
    assert_eq!((owncast.attempts().len(), waits(&bot).await), (0, vec![20]));
    bot.clock.push(Span::seconds(20));
    assert_eq!(due(&bot, &owncast).await, done(2));
    assert_eq!(owncast.lines(), ["one", "two"]);
    assert_eq!(waits(&bot).await, [0; 0]);
}

#[tokio::test]
async fn a_table_that_cannot_be_written_hands_the_lane_back() {
    let (bot, owncast) = world().await;
    let (one, two) = (lines(&bot, "a", &["one"]).await, lines(&bot, "b", &["two"]).await);
    bot.faults.plan(|operation| (operation == "UpdateItem").then_some(Fault::Throttled));
    let records = [(one.clone(), 0), (two.clone(), 0)];
    let (deliveries, mut failed) =
        on_rows(&bot.context, outside(&owncast, &schedules(&bot)), records.clone()).await;
    failed.sort();
    assert_eq!((deliveries, failed), (Deliveries::default(), vec![one.clone(), two.clone()]));
    assert_eq!(owncast.attempts().len(), 0, "what is not leased is not said");
    bot.faults.stop();
    let (deliveries, failed) = on_rows(&bot.context, outside(&owncast, &schedules(&bot)), records).await;
    assert_eq!((deliveries, failed.len()), (done(2), 0));
}

#[tokio::test]
async fn what_was_said_but_not_noted_is_said_again_rather_than_lost() {
    let (bot, owncast) = world().await;
    let lane = lines(&bot, "e", &["hello"]).await;
    let mut leased = false;
    bot.faults.plan(move |operation| {
        let fault = (operation == "UpdateItem" && leased).then_some(Fault::Throttled);
        leased |= operation == "UpdateItem";
        fault
    });
    let (_, failed) = on_rows(&bot.context, outside(&owncast, &schedules(&bot)), [(lane.clone(), 0)]).await;
    assert_eq!(failed, std::slice::from_ref(&lane));
    bot.faults.stop();
    assert_eq!(rows(&bot, &owncast, &[(&lane, 0)]).await, postponed(1), "our own lease still stands");
    bot.clock.push(Span::seconds(20));
    assert_eq!(due(&bot, &owncast).await, done(1));
    assert_eq!(owncast.lines(), ["hello", "hello"]);
}

#[tokio::test]
async fn lost_answers_of_the_table_delay_and_do_not_double() {
    let (bot, owncast) = world().await;
    let lane = lines(&bot, "e", &["hello"]).await;
    let mut first = true;
    bot.faults.plan(move |operation| {
        let fault = (operation == "UpdateItem" && first).then_some(Fault::LostAnswer);
        first &= operation != "UpdateItem";
        fault
    });
    // The lease was written, but nobody knows that it is ours.
    assert_eq!(rows(&bot, &owncast, &[(&lane, 0)]).await, postponed(1));
    assert_eq!(owncast.attempts().len(), 0);
    bot.clock.push(Span::seconds(20));
    assert_eq!(due(&bot, &owncast).await, done(1));
    assert_eq!(owncast.lines(), ["hello"]);
}

#[tokio::test]
async fn a_damaged_row_holds_up_nobody_else() {
    let (bot, owncast) = world().await;
    let (broken, sound) = (lines(&bot, "broken", &["x"]).await, lines(&bot, "sound", &["hello"]).await);
    let nonsense = AttributeValue::S("nonsense".to_owned());
    bot.table.tamper("OUTBOX#owncast:broken", "chat#000", "kind", nonsense).await;
    // None is reported as failed: handing it in again would not mend it.
    assert_eq!(rows(&bot, &owncast, &[(&broken, 0), (&sound, 0)]).await, done(1));
}

#[tokio::test]
async fn a_damaged_row_that_is_due_is_looked_at_once() {
    let (bot, owncast) = world().await;
    let broken = lines(&bot, "broken", &["x"]).await;
    bot.store().mark_due(&Due { at: bot.now(), lane: broken }).await.unwrap();
    let nonsense = AttributeValue::S("nonsense".to_owned());
    bot.table.tamper("OUTBOX#owncast:broken", "chat#000", "kind", nonsense).await;
    assert_eq!(due(&bot, &owncast).await, Deliveries::default());
    assert_eq!(waits(&bot).await, [0; 0], "no run finds it again");
}
