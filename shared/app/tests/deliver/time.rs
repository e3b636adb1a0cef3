//! When deliveries are retried, and when they expire.

use ownchatbot_app::deliver::Deliveries;
use ownchatbot_domain::{Action, ClientId, Effect, EventId, Span};
use ownchatbot_store::{Lane, RowState};
use ownchatbot_testkit::builders::event;
use ownchatbot_testkit::scripted::Answer;

use crate::{commit, counted, done, due, lines, postponed, rows, setup, states, waits};

#[tokio::test]
async fn failed_delivery_is_retried_after_5_10_20_40_and_60_seconds() {
    let (bot, owncast) = setup().await;
    let lane = lines(&bot, "e", &["hello"]).await;
    owncast.answers(|_| Answer::Down);
    rows(&bot, &owncast, &[(&lane, 0)]).await;
    for seconds in [5, 10, 20, 40, 60] {
        assert_eq!(waits(&bot).await, [i64::from(seconds)]);
        bot.clock.push(Span::from_ms(i64::from(seconds) * 1000 - 1));
        let before = owncast.attempts().len();
        assert_eq!(due(&bot, &owncast).await, Deliveries::default(), "the lane is not yet due");
        assert_eq!(owncast.attempts().len(), before);
        bot.clock.push(Span::from_ms(1));
        assert_eq!(due(&bot, &owncast).await, postponed(1));
    }
    owncast.answers(|_| Answer::Confirmed);
    bot.clock.push(Span::minutes(1));
    assert_eq!(due(&bot, &owncast).await, done(1));
    assert_eq!((owncast.lines(), waits(&bot).await), (vec!["hello".to_owned()], vec![]));
}

#[tokio::test]
async fn whispers_are_dropped_after_a_minute_and_counted() {
    let (bot, owncast) = setup().await;
    owncast.answers(|_| Answer::Down);
    let whisper = Effect::Whisper { client: ClientId(9), line: "psst".to_owned() };
    let lane = commit(&bot, "e", vec![whisper, Effect::Say("hello".to_owned())]).await;
    rows(&bot, &owncast, &[(&lane, 0), (&lane, 1)]).await;
    for seconds in [5, 10, 20] {
        bot.clock.push(Span::seconds(seconds));
        assert_eq!(due(&bot, &owncast).await, postponed(1));
    }
    assert_eq!(waits(&bot).await, [25], "no later than its expiry");
    owncast.answers(|_| Answer::Confirmed);
    bot.clock.push(Span::seconds(25));
    // The connection may belong to another viewer by now. The public line is delivered.
    assert_eq!(due(&bot, &owncast).await, Deliveries { done: 1, dropped: 1, ..Deliveries::default() });
    assert_eq!(states(&bot, &lane).await, [RowState::Dropped, RowState::Done]);
    assert_eq!(owncast.lines(), ["hello"]);
    assert_eq!((counted(&bot, "dropped_whispers").await, counted(&bot, "dropped_lines").await), (1, 0));
}

#[tokio::test]
async fn lines_are_dropped_after_a_quarter_of_an_hour_and_counted() {
    let (bot, owncast) = setup().await;
    let lane = lines(&bot, "e", &["late"]).await;
    bot.clock.push(Span::from_ms(15 * 60_000 - 1));
    owncast.answers(|_| Answer::Down);
    assert_eq!(rows(&bot, &owncast, &[(&lane, 0)]).await, postponed(1), "just before it expires");
    bot.clock.push(Span::from_ms(1));
    owncast.answers(|_| Answer::Confirmed);
    let dropped = Deliveries { dropped: 1, ..Deliveries::default() };
    assert_eq!(due(&bot, &owncast).await, dropped);
    assert_eq!((owncast.lines().len(), counted(&bot, "dropped_lines").await), (0, 1));
    assert_eq!(due(&bot, &owncast).await, Deliveries::default());
}

#[tokio::test]
async fn hour_without_owncast_loses_no_actions_and_blocks_nothing() {
    let (bot, owncast) = setup().await;
    owncast.answers(|_| Answer::Down);
    let mut acts: Vec<EventId> = Vec::new();
    let mut total = Deliveries::default();
    let mut committed = 0;
    // Due lanes are retried each minute, as in the cloud.
    for minute in 0..60 {
        if minute % 6 == 0 {
            let event = event(&format!("act-{minute}"));
            let act = |action| Effect::Act {
                action,
                event: event.clone(),
                reward: "confetti".to_owned(),
                viewer: "Ann".to_owned(),
                note: None,
            };
            let effects = vec![
                Effect::Say("hello".to_owned()),
                act(Action::Webhook("x".to_owned())),
                act(Action::Job("y".to_owned())),
            ];
            let lane = commit(&bot, event.id(), effects).await;
            rows(&bot, &owncast, &[(&lane, 0)]).await;
            acts.push(event);
            committed += 1;
        }
        bot.clock.push(Span::minutes(1));
        total.dropped += due(&bot, &owncast).await.dropped;
    }
    owncast.answers(|_| Answer::Confirmed);
    bot.clock.push(Span::minutes(1));
    let back = due(&bot, &owncast).await;
    assert_eq!(total.dropped + back.dropped + back.done, committed);
    assert_eq!(back.done, 2, "the lines that are less than a quarter of an hour old");
    assert_eq!(counted(&bot, "dropped_lines").await, i64::try_from(committed - 2).unwrap());
    for event in acts {
        let rows = bot.outbox(&event).await;
        let waiting = rows.iter().filter(|row| row.lane.lane != Lane::Chat);
        assert_eq!(waiting.filter(|row| row.state == RowState::Pending).count(), 2, "{rows:?}");
    }
    let fresh = lines(&bot, "fresh", &["at last"]).await;
    assert_eq!(rows(&bot, &owncast, &[(&fresh, 0)]).await, done(1));
}
