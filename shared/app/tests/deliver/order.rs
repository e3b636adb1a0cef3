//! The order of lines within an event, and the independence of events.

use futures_util::FutureExt;
use ownchatbot_app::deliver::{Deliveries, on_due};
use ownchatbot_domain::Span;
use ownchatbot_store::RowState;
use ownchatbot_testkit::scripted::{Answer, Gate};

use crate::{done, due, lines, postponed, rows, schedules, setup, states, targets, waits};

#[tokio::test]
async fn lines_of_one_event_keep_their_order_in_any_order_of_records() {
    let orders: [&[&[u32]]; 6] = [
        &[&[0, 1, 2]],
        &[&[2, 0, 1]],
        &[&[0], &[1, 2]],
        &[&[1], &[0], &[2]],
        &[&[0, 2], &[1]],
        &[&[2], &[1, 0]],
    ];
    for batches in orders {
        let (bot, owncast) = setup().await;
        let lane = lines(&bot, "e", &["one", "two", "three"]).await;
        for batch in batches {
            let batch: Vec<_> = batch.iter().map(|n| (&lane, *n)).collect();
            rows(&bot, &owncast, &batch).await;
        }
        assert_eq!(owncast.lines(), ["one", "two", "three"], "{batches:?}");
    }
}

#[tokio::test]
async fn later_line_does_not_overtake_a_postponed_one() {
    let (bot, owncast) = setup().await;
    let lane = lines(&bot, "e", &["one", "two"]).await;
    owncast.answers(|_| Answer::Down);
    assert_eq!(rows(&bot, &owncast, &[(&lane, 0), (&lane, 1)]).await, postponed(1));
    owncast.answers(|_| Answer::Confirmed);
    // The record of the second line arrives by itself while the first one waits.
    assert_eq!(rows(&bot, &owncast, &[(&lane, 1)]).await, postponed(1));
    assert_eq!(owncast.lines(), [""; 0]);
    bot.clock.push(Span::seconds(5));
    assert_eq!(due(&bot, &owncast).await, done(2));
    assert_eq!(owncast.lines(), ["one", "two"]);
}

#[tokio::test]
async fn later_line_does_not_overtake_one_in_flight() {
    let (bot, owncast) = setup().await;
    let lane = lines(&bot, "e", &["one", "two"]).await;
    let gate = Gate::default();
    let held = gate.clone();
    owncast.answers(move |line| if line == "one" { Answer::Held(held.clone()) } else { Answer::Confirmed });
    let record = [(&lane, 0)];
    let first = rows(&bot, &owncast, &record);
    let second = async {
        owncast.until_tried(1).await;
        assert_eq!(rows(&bot, &owncast, &[(&lane, 1)]).await, postponed(1));
        assert_eq!(owncast.attempts(), ["one"]);
        gate.open();
    };
    let (first, ()) = tokio::join!(first, second);
    assert_eq!(first, done(1));
    bot.clock.push(Span::seconds(20));
    assert_eq!(due(&bot, &owncast).await, done(1));
    assert_eq!(owncast.lines(), ["one", "two"]);
}

#[tokio::test]
async fn events_do_not_wait_for_each_other() {
    let (bot, owncast) = setup().await;
    let slow = lines(&bot, "a", &["slow"]).await;
    let broken = lines(&bot, "b", &["broken"]).await;
    let fine = lines(&bot, "c", &["fine"]).await;
    let gate = Gate::default();
    let held = gate.clone();
    owncast.answers(move |line| match line {
        "slow" => Answer::Held(held.clone()),
        "broken" => Answer::Refused,
        _ => Answer::Confirmed,
    });
    let all = [(&slow, 0), (&broken, 0), (&fine, 0)];
    let delivery = rows(&bot, &owncast, &all);
    let others = async {
        // Four attempts (slow, broken, fine, and broken again) while the slow one is held.
        owncast.until_tried(4).await;
        while states(&bot, &fine).await != [RowState::Done] {
            tokio::task::yield_now().await;
        }
        assert_eq!(owncast.lines(), ["fine"]);
        gate.open();
    };
    let (all, ()) = tokio::join!(delivery, others);
    assert_eq!(all, Deliveries { done: 2, postponed: 1, ..Deliveries::default() });
}

#[tokio::test]
async fn two_processes_deliver_due_lanes_once() {
    let (bot, owncast) = setup().await;
    owncast.answers(|_| Answer::Down);
    let mut lanes = Vec::new();
    for n in 0..30 {
        lanes.push(lines(&bot, &format!("e{n:02}"), &[&format!("line {n:02}")]).await);
    }
    let records: Vec<_> = lanes.iter().map(|lane| (lane, 0)).collect();
    assert_eq!(rows(&bot, &owncast, &records).await, postponed(30));
    owncast.answers(|_| Answer::Confirmed);
    bot.clock.push(Span::seconds(5));
    let other = bot.another_process();
    let idle = schedules(&bot);
    let (a, b) =
        tokio::join!(due(&bot, &owncast), on_due(&other, targets(&owncast, &idle)).map(Result::unwrap));
    assert_eq!(a.done + b.done, 30);
    let mut delivered = owncast.lines();
    delivered.sort();
    assert_eq!(delivered, (0..30).map(|n| format!("line {n:02}")).collect::<Vec<_>>());
    bot.clock.push(Span::minutes(1));
    due(&bot, &owncast).await;
    assert_eq!(waits(&bot).await, [0; 0]);
}
