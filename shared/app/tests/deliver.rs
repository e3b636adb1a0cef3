//! What is committed is delivered: in order, as long as anybody wants it, and hardly ever twice.

use std::time::Duration;

use futures_util::FutureExt;
use ownchatbot_app::deliver::{Deliveries, on_due, on_rows};
use ownchatbot_app::ports::{Claim, Commit, Lane, LaneId, Ledger, Outbox, RowState};
use ownchatbot_domain::{Action, ClientId, Decision, Effect, EventId, Span};
use ownchatbot_testkit::bot::Bot;
use ownchatbot_testkit::builders::event;
use ownchatbot_testkit::faults::Fault;
use ownchatbot_testkit::scripted::{Answer, Gate, ScriptedOwncast, Shown};

/// A bot with nothing to sell, and its Owncast.
async fn world() -> (Bot, ScriptedOwncast) {
    let mut bot = Bot::with_rewards(&[]).await;
    bot.context.quick_pause = Duration::ZERO;
    (bot, ScriptedOwncast::default())
}

/// Commits `effects` under the event `id`; returns the event's lane of chat.
async fn commit(bot: &Bot, id: &str, effects: Vec<Effect>) -> LaneId {
    let event = event(id);
    let commit =
        bot.store().commit(Some(&event), bot.now(), &Decision { changes: Vec::new(), effects }).await;
    assert_eq!(commit.unwrap(), Commit::Applied);
    LaneId { event, lane: Lane::Chat }
}

/// Commits lines for everybody.
async fn lines(bot: &Bot, id: &str, lines: &[&str]) -> LaneId {
    commit(bot, id, lines.iter().map(|line| Effect::Say((*line).to_owned())).collect()).await
}

/// Delivers rows as the table's stream brings them.
async fn rows(bot: &Bot, owncast: &ScriptedOwncast, rows: &[(&LaneId, u32)]) -> Deliveries {
    let rows = rows.iter().map(|(lane, n)| ((*lane).clone(), *n));
    let (done, failed) = on_rows(&bot.context, owncast, rows).await;
    assert_eq!(failed, []);
    done
}

async fn due(bot: &Bot, owncast: &ScriptedOwncast) -> Deliveries {
    on_due(&bot.context, owncast).await.unwrap()
}

/// After how many seconds from now something is due.
async fn waits(bot: &Bot) -> Vec<i64> {
    let dues = bot.store().due(bot.now().plus(Span::days(9)), 1000).await.unwrap();
    dues.iter().map(|due| due.at.since(bot.now()).whole_seconds()).collect()
}

async fn states(bot: &Bot, lane: &LaneId) -> Vec<RowState> {
    bot.store().lane(lane).await.unwrap().into_iter().map(|row| row.state).collect()
}

async fn counted(bot: &Bot, counter: &str) -> i64 {
    let health = bot.table.item("HEALTH", "OUTBOX").await.unwrap_or_default();
    health.get(counter).map_or(0, |value| value.as_n().unwrap().parse().unwrap())
}

fn done(done: usize) -> Deliveries {
    Deliveries { done, ..Deliveries::default() }
}

fn postponed(postponed: usize) -> Deliveries {
    Deliveries { postponed, ..Deliveries::default() }
}

#[tokio::test]
async fn lines_and_whispers_reach_whom_they_are_for() {
    let (bot, owncast) = world().await;
    let whisper = Effect::Whisper { client: ClientId(9), line: "psst".to_owned() };
    let lane = commit(&bot, "e", vec![Effect::Say("hello".to_owned()), whisper]).await;
    assert_eq!(rows(&bot, &owncast, &[(&lane, 0), (&lane, 1)]).await, done(2));
    let to = |to, line: &str| Shown { to, line: line.to_owned() };
    assert_eq!(owncast.shown(), [to(None, "hello"), to(Some(ClientId(9)), "psst")]);
    assert_eq!(states(&bot, &lane).await, [RowState::Done, RowState::Done]);
    assert_eq!(waits(&bot).await, [0; 0]);
}

#[tokio::test]
async fn only_what_owncast_confirms_is_done() {
    for failure in [Answer::Refused, Answer::Down, Answer::Lost] {
        let (bot, owncast) = world().await;
        let lane = lines(&bot, "e", &["hello"]).await;
        let script = failure.clone();
        owncast.answers(move |_| script.clone());
        assert_eq!(rows(&bot, &owncast, &[(&lane, 0)]).await, postponed(1), "{failure:?}");
        assert_eq!(owncast.attempts().len(), 2, "two quick tries");
        assert_eq!(states(&bot, &lane).await, [RowState::Pending]);
        assert_eq!(waits(&bot).await, [5]);
    }
}

#[tokio::test]
async fn the_second_quick_try_can_succeed() {
    let (bot, owncast) = world().await;
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
async fn what_fails_is_tried_again_after_5_10_20_40_and_60_seconds() {
    let (bot, owncast) = world().await;
    let lane = lines(&bot, "e", &["hello"]).await;
    owncast.answers(|_| Answer::Down);
    rows(&bot, &owncast, &[(&lane, 0)]).await;
    for seconds in [5, 10, 20, 40, 60] {
        assert_eq!(waits(&bot).await, [i64::from(seconds)]);
        bot.clock.push(Span::from_ms(i64::from(seconds) * 1000 - 1));
        let before = owncast.attempts().len();
        assert_eq!(due(&bot, &owncast).await, Deliveries::default(), "not before its time");
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
async fn a_repeat_of_the_stream_record_sends_nothing_twice() {
    let (bot, owncast) = world().await;
    let lane = lines(&bot, "e", &["one", "two"]).await;
    let record = [(&lane, 0), (&lane, 1)];
    assert_eq!(rows(&bot, &owncast, &record).await, done(2));
    for repeat in [&record[..], &record[..1], &record[1..]] {
        assert_eq!(rows(&bot, &owncast, repeat).await, Deliveries::default());
    }
    // Nor do repeats within one batch, or to several processes at once.
    let next = lines(&bot, "f", &["three"]).await;
    let record = [(&next, 0), (&next, 0)];
    let (a, b) = tokio::join!(rows(&bot, &owncast, &record[..1]), rows(&bot, &owncast, &record));
    assert_eq!(a.done + b.done, 1);
    assert_eq!(owncast.lines(), ["one", "two", "three"]);
}

#[tokio::test]
async fn lines_of_one_event_keep_their_order_however_their_records_arrive() {
    let orders: [&[&[u32]]; 6] = [
        &[&[0, 1, 2]],
        &[&[2, 0, 1]],
        &[&[0], &[1, 2]],
        &[&[1], &[0], &[2]],
        &[&[0, 2], &[1]],
        &[&[2], &[1, 0]],
    ];
    for batches in orders {
        let (bot, owncast) = world().await;
        let lane = lines(&bot, "e", &["one", "two", "three"]).await;
        for batch in batches {
            let batch: Vec<_> = batch.iter().map(|n| (&lane, *n)).collect();
            rows(&bot, &owncast, &batch).await;
        }
        assert_eq!(owncast.lines(), ["one", "two", "three"], "{batches:?}");
    }
}

#[tokio::test]
async fn nothing_overtakes_a_line_that_waits() {
    let (bot, owncast) = world().await;
    let lane = lines(&bot, "e", &["one", "two"]).await;
    owncast.answers(|_| Answer::Down);
    assert_eq!(rows(&bot, &owncast, &[(&lane, 0), (&lane, 1)]).await, postponed(1));
    owncast.answers(|_| Answer::Confirmed);
    // The record of the second line comes by itself while the first one waits.
    assert_eq!(rows(&bot, &owncast, &[(&lane, 1)]).await, postponed(1));
    assert_eq!(owncast.lines(), [""; 0]);
    bot.clock.push(Span::seconds(5));
    assert_eq!(due(&bot, &owncast).await, done(2));
    assert_eq!(owncast.lines(), ["one", "two"]);
}

#[tokio::test]
async fn a_line_that_is_under_way_is_not_overtaken_either() {
    let (bot, owncast) = world().await;
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
    let (bot, owncast) = world().await;
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
        // slow, broken, fine, and broken once more: all while the slow one is held.
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
async fn a_dead_claimant_is_taken_over_when_its_claim_has_ended() {
    let (bot, owncast) = world().await;
    let lane = lines(&bot, "e", &["one", "two"]).await;
    let until = bot.now().plus(Span::seconds(20));
    let claim = bot.store().claim(&lane, 0, bot.now(), until).await.unwrap();
    assert!(matches!(claim, Claim::Ours(_)), "and here its process dies");
    assert_eq!(rows(&bot, &owncast, &[(&lane, 0), (&lane, 1)]).await, postponed(1));
    assert_eq!((owncast.attempts().len(), waits(&bot).await), (0, vec![20]));
    bot.clock.push(Span::seconds(20));
    assert_eq!(due(&bot, &owncast).await, done(2));
    assert_eq!(owncast.lines(), ["one", "two"]);
    assert_eq!(waits(&bot).await, [0; 0]);
}

#[tokio::test]
async fn whispers_are_dropped_after_a_minute_and_counted() {
    let (bot, owncast) = world().await;
    owncast.answers(|_| Answer::Down);
    let whisper = Effect::Whisper { client: ClientId(9), line: "psst".to_owned() };
    let lane = commit(&bot, "e", vec![whisper, Effect::Say("hello".to_owned())]).await;
    rows(&bot, &owncast, &[(&lane, 0), (&lane, 1)]).await;
    for seconds in [5, 10, 20] {
        bot.clock.push(Span::seconds(seconds));
        assert_eq!(due(&bot, &owncast).await, postponed(1));
    }
    assert_eq!(waits(&bot).await, [25], "never later than its end");
    owncast.answers(|_| Answer::Confirmed);
    bot.clock.push(Span::seconds(25));
    // Its connection may belong to somebody else by now; the public line goes out.
    assert_eq!(due(&bot, &owncast).await, Deliveries { done: 1, dropped: 1, ..Deliveries::default() });
    assert_eq!(states(&bot, &lane).await, [RowState::Dropped, RowState::Done]);
    assert_eq!(owncast.lines(), ["hello"]);
    assert_eq!((counted(&bot, "dropped_whispers").await, counted(&bot, "dropped_lines").await), (1, 0));
}

#[tokio::test]
async fn lines_are_dropped_after_a_quarter_of_an_hour_and_counted() {
    let (bot, owncast) = world().await;
    let lane = lines(&bot, "e", &["late"]).await;
    bot.clock.push(Span::from_ms(15 * 60_000 - 1));
    owncast.answers(|_| Answer::Down);
    assert_eq!(rows(&bot, &owncast, &[(&lane, 0)]).await, postponed(1), "a moment before its end");
    bot.clock.push(Span::from_ms(1));
    owncast.answers(|_| Answer::Confirmed);
    let dropped = Deliveries { dropped: 1, ..Deliveries::default() };
    assert_eq!(due(&bot, &owncast).await, dropped);
    assert_eq!((owncast.lines().len(), counted(&bot, "dropped_lines").await), (0, 1));
    assert_eq!(due(&bot, &owncast).await, Deliveries::default());
}

#[tokio::test]
async fn an_hour_without_owncast_loses_no_work_and_blocks_nothing() {
    let (bot, owncast) = world().await;
    owncast.answers(|_| Answer::Down);
    let mut acts: Vec<EventId> = Vec::new();
    let mut total = Deliveries::default();
    let mut committed = 0;
    // A minute apart, as the cloud looks for what is due.
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
                act(Action::Alert("z".to_owned())),
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
    assert_eq!(back.done, 2, "what is not yet a quarter of an hour old");
    assert_eq!(counted(&bot, "dropped_lines").await, i64::try_from(committed - 2).unwrap());
    for event in acts {
        let rows = bot.outbox(&event).await;
        let waiting = rows.iter().filter(|row| row.lane.lane != Lane::Chat);
        assert_eq!(waiting.filter(|row| row.state == RowState::Pending).count(), 3, "{rows:?}");
    }
    let fresh = lines(&bot, "fresh", &["at last"]).await;
    assert_eq!(rows(&bot, &owncast, &[(&fresh, 0)]).await, done(1));
}

#[tokio::test]
async fn rows_of_other_lanes_are_left_to_whoever_delivers_them() {
    let (bot, owncast) = world().await;
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
    // Nor does a note that such a lane is due make it look delivered.
    let note = ownchatbot_app::ports::Due { at: bot.now(), lane: job.clone() };
    bot.store().remind(&note).await.unwrap();
    assert_eq!(due(&bot, &owncast).await, Deliveries::default());
    assert_eq!(states(&bot, &job).await, [RowState::Pending]);
}

#[tokio::test]
async fn a_table_that_cannot_be_written_hands_the_lane_back() {
    let (bot, owncast) = world().await;
    let (one, two) = (lines(&bot, "a", &["one"]).await, lines(&bot, "b", &["two"]).await);
    bot.faults.plan(|operation| (operation == "UpdateItem").then_some(Fault::Throttled));
    let records = [(one.clone(), 0), (two.clone(), 0)];
    let (deliveries, failed) = on_rows(&bot.context, &owncast, records.clone()).await;
    assert_eq!((deliveries, failed), (Deliveries::default(), vec![one.clone(), two.clone()]));
    assert_eq!(owncast.attempts().len(), 0, "what is not claimed is not said");
    bot.faults.stop();
    let (deliveries, failed) = on_rows(&bot.context, &owncast, records).await;
    assert_eq!((deliveries, failed.len()), (done(2), 0));
}

#[tokio::test]
async fn what_was_said_but_not_noted_is_said_again_rather_than_lost() {
    let (bot, owncast) = world().await;
    let lane = lines(&bot, "e", &["hello"]).await;
    let mut claimed = false;
    bot.faults.plan(move |operation| {
        let fault = (operation == "UpdateItem" && claimed).then_some(Fault::Throttled);
        claimed |= operation == "UpdateItem";
        fault
    });
    let (_, failed) = on_rows(&bot.context, &owncast, [(lane.clone(), 0)]).await;
    assert_eq!(failed, std::slice::from_ref(&lane));
    bot.faults.stop();
    assert_eq!(rows(&bot, &owncast, &[(&lane, 0)]).await, postponed(1), "our own claim still stands");
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
    // The claim was written, but nobody knows that it is ours.
    assert_eq!(rows(&bot, &owncast, &[(&lane, 0)]).await, postponed(1));
    assert_eq!(owncast.attempts().len(), 0);
    bot.clock.push(Span::seconds(20));
    assert_eq!(due(&bot, &owncast).await, done(1));
    assert_eq!(owncast.lines(), ["hello"]);
}

#[tokio::test]
async fn many_due_lanes_are_taken_up_by_two_processes_without_doubles() {
    let (bot, owncast) = world().await;
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
    let (a, b) = tokio::join!(due(&bot, &owncast), on_due(&other, &owncast).map(Result::unwrap));
    assert_eq!(a.done + b.done, 30);
    let mut said = owncast.lines();
    said.sort();
    assert_eq!(said, (0..30).map(|n| format!("line {n:02}")).collect::<Vec<_>>());
    bot.clock.push(Span::minutes(1));
    due(&bot, &owncast).await;
    assert_eq!(waits(&bot).await, [0; 0]);
}
