//! Deliveries, and that repeated records deliver nothing twice.

use ownchatbot_app::deliver::Deliveries;
use ownchatbot_domain::{Action, ClientId, Effect};
use ownchatbot_store::{Due, Lane, LaneId, RowState};
use ownchatbot_testkit::builders::event;
use ownchatbot_testkit::scripted::{Answer, Shown};

use crate::{commit, done, due, lines, postponed, rows, setup, states, waits};

#[tokio::test]
async fn lines_reach_everybody_and_whispers_one_connection() {
    let (bot, owncast) = setup().await;
    let whisper = Effect::Whisper { client: ClientId(9), line: "psst".to_owned() };
    let lane = commit(&bot, "e", vec![Effect::Say("hello".to_owned()), whisper]).await;
    assert_eq!(rows(&bot, &owncast, &[(&lane, 0), (&lane, 1)]).await, done(2));
    let to = |to, line: &str| Shown { to, line: line.to_owned() };
    assert_eq!(owncast.shown(), [to(None, "hello"), to(Some(ClientId(9)), "psst")]);
    assert_eq!(states(&bot, &lane).await, [RowState::Done, RowState::Done]);
    assert_eq!(waits(&bot).await, [0; 0]);
}

#[tokio::test]
async fn row_is_done_only_after_owncast_confirms() {
    for failure in [Answer::Refused, Answer::Down, Answer::Lost] {
        let (bot, owncast) = setup().await;
        let lane = lines(&bot, "e", &["hello"]).await;
        let script = failure.clone();
        owncast.answers(move |_| script.clone());
        assert_eq!(rows(&bot, &owncast, &[(&lane, 0)]).await, postponed(1), "{failure:?}");
        assert_eq!(owncast.attempts().len(), 2, "two immediate attempts");
        assert_eq!(states(&bot, &lane).await, [RowState::Pending]);
        assert_eq!(waits(&bot).await, [5]);
    }
}

#[tokio::test]
async fn second_immediate_attempt_can_succeed() {
    let (bot, owncast) = setup().await;
    let lane = lines(&bot, "e", &["hello"]).await;
    let mut tries = 0;
    owncast.answers(move |_| {
        tries += 1;
        if tries == 1 { Answer::Down } else { Answer::Confirmed }
    });
    assert_eq!(rows(&bot, &owncast, &[(&lane, 0)]).await, done(1));
    assert_eq!(owncast.lines(), ["hello"]);
}

#[tokio::test]
async fn repeated_stream_record_delivers_nothing_twice() {
    let (bot, owncast) = setup().await;
    let lane = lines(&bot, "e", &["one", "two"]).await;
    let record = [(&lane, 0), (&lane, 1)];
    assert_eq!(rows(&bot, &owncast, &record).await, done(2));
    for repeat in [&record[..], &record[..1], &record[1..]] {
        assert_eq!(rows(&bot, &owncast, repeat).await, Deliveries::default());
    }
    // Neither do repeats within one batch, nor concurrent ones to several processes.
    let next = lines(&bot, "f", &["three"]).await;
    let record = [(&next, 0), (&next, 0)];
    let (a, b) = tokio::join!(rows(&bot, &owncast, &record[..1]), rows(&bot, &owncast, &record));
    assert_eq!(a.done + b.done, 1);
    assert_eq!(owncast.lines(), ["one", "two", "three"]);
}

#[tokio::test]
async fn rows_of_other_lanes_are_not_delivered() {
    let (bot, owncast) = setup().await;
    let act = Effect::Act {
        action: Action::Job("lights".to_owned()),
        event: event("e"),
        reward: "confetti".to_owned(),
        viewer: "Ann".to_owned(),
        note: None,
    };
    let chat = commit(&bot, "e", vec![act]).await;
    let job = LaneId { lane: Lane::Job, ..chat.clone() };
    assert_eq!(rows(&bot, &owncast, &[(&job, 0), (&chat, 0)]).await, Deliveries::default());
    assert_eq!(states(&bot, &job).await, [RowState::Pending]);
    // A due lane of another kind is not taken as delivered either.
    let note = Due { at: bot.now(), lane: job.clone() };
    bot.store().mark_due(&note).await.unwrap();
    assert_eq!(due(&bot, &owncast).await, Deliveries::default());
    assert_eq!(states(&bot, &job).await, [RowState::Pending]);
}
