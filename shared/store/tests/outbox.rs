//! The outbox: rows are leased, ended, postponed and due.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test")]

use aws_sdk_dynamodb::types::AttributeValue;
use futures_util::future::join_all;
use ownchatbot_domain::{Action, ClientId, Decision, Effect, EventId, Source, Span, Timestamp};
use ownchatbot_store::{Commit, Due, Ending, Lane, LaneId, Lease, OutboxRow, RowState};
use ownchatbot_testkit::bot::Bot;

const LEASE: Span = Span::seconds(20);
const DAY: i64 = 24 * 60 * 60;

fn say(line: &str) -> Effect<String> {
    Effect::Say(line.to_owned())
}

fn act(event: &EventId, action: Action) -> Effect<String> {
    let (reward, viewer) = ("confetti".to_owned(), "Ann".to_owned());
    Effect::Act { action, event: event.clone(), reward, viewer, note: Some("now".to_owned()) }
}

/// Commits `effects` under `event`.
async fn commit(bot: &Bot, event: &EventId, effects: Vec<Effect<String>>) {
    let decision = Decision::effects(effects);
    let commit = bot.store().commit(Some(event), bot.now(), &decision).await.unwrap();
    assert_eq!(commit, Commit::Applied);
}

/// A bot with one line to say.
async fn with_a_line() -> (Bot, LaneId) {
    let bot = Bot::with_rewards(&[]).await;
    let event = bot.fresh_event();
    commit(&bot, &event, vec![say("Hello")]).await;
    (bot, LaneId { event, lane: Lane::Chat })
}

async fn lease(bot: &Bot, lane: &LaneId) -> Lease {
    bot.store().lease(lane, 0, bot.now(), bot.now().saturating_add(LEASE)).await.unwrap()
}

#[track_caller]
fn ours(lease: Lease) -> OutboxRow {
    match lease {
        Lease::Ours(row) => *row,
        other => panic!("not ours: {other:?}"),
    }
}

async fn row(bot: &Bot, lane: &LaneId) -> OutboxRow {
    bot.store().lane(lane).await.unwrap().remove(0)
}

/// A number attribute of the row `sk` of `event`.
async fn stored(bot: &Bot, event: &EventId, sk: &str, attribute: &str) -> Option<i64> {
    let item = bot.table.item(&format!("OUTBOX#{event}"), sk).await.unwrap();
    item.get(attribute).map(|value| value.as_n().unwrap().parse().unwrap())
}

async fn health(bot: &Bot, counter: &str) -> Option<String> {
    let item = bot.table.item("HEALTH", "OUTBOX").await?;
    item.get(counter).and_then(|value| value.as_n().ok()).cloned()
}

#[tokio::test]
async fn every_effect_has_its_lane_and_round_trips() {
    let bot = Bot::with_rewards(&[]).await;
    let event = bot.fresh_event();
    let whisper = Effect::Whisper { client: ClientId(u64::from(u32::MAX)), line: "psst".to_owned() };
    let effects = vec![
        act(&event, Action::Job("lights".to_owned())),
        say("one"),
        act(&event, Action::Webhook("https://example.org/hook".to_owned())),
        whisper.clone(),
        say("three"),
    ];
    commit(&bot, &event, effects.clone()).await;
    let rows = bot.outbox(&event).await;
    let places: Vec<_> = rows.iter().map(|row| (row.lane.lane, row.n)).collect();
    let chat = [(Lane::Chat, 0), (Lane::Chat, 1), (Lane::Chat, 2)];
    assert_eq!(places, [&chat[..], &[(Lane::Hook, 0), (Lane::Job, 0)]].concat());
    let chat: Vec<_> = rows.iter().take(3).filter_map(|row| row.effect.clone()).collect();
    assert_eq!(chat, [say("one"), whisper, say("three")], "in the order they were decided");
    for row in &rows {
        assert!(effects.contains(row.effect.as_ref().unwrap()));
        assert_eq!((row.state, row.tries, row.created_at), (RowState::Pending, 0, bot.now()));
    }
    let ends: Vec<_> = rows.iter().map(|row| row.expires_at.map(|at| at.since(bot.now()))).collect();
    let (line, whisper) = (Some(Span::minutes(15)), Some(Span::seconds(60)));
    assert_eq!(ends, [line, whisper, line, None, None], "only chat rows expire");
}

#[tokio::test]
async fn decision_without_effects_leaves_a_receipt() {
    let bot = Bot::with_rewards(&[]).await;
    let event = bot.fresh_event();
    commit(&bot, &event, vec![act(&event, Action::Job("lights".to_owned()))]).await;
    let rows = bot.outbox(&event).await;
    let states: Vec<_> = rows.iter().map(|row| (row.lane.lane, row.state)).collect();
    assert_eq!(states, [(Lane::Chat, RowState::Done), (Lane::Job, RowState::Pending)]);
    let lane = LaneId { event, lane: Lane::Chat };
    assert_eq!(lease(&bot, &lane).await, Lease::Settled, "a receipt is not delivered");
}

#[tokio::test]
async fn receipt_ttl_is_in_seconds_and_outlives_copies() {
    for (source, days) in [(Source::Owncast, 2), (Source::Payment, 30), (Source::Click, 2)] {
        let bot = Bot::with_rewards(&[]).await;
        let event = EventId::new(source, "e").unwrap();
        commit(&bot, &event, vec![say("Hi"), act(&event, Action::Webhook("x".to_owned()))]).await;
        let end = stored(&bot, &event, "chat#000", "ttl").await.unwrap();
        assert!(end - bot.now().seconds() >= days * DAY, "{source:?}: {end}");
        assert!(end - bot.now().seconds() < (days + 1) * DAY, "seconds, not milliseconds: {end}");
        assert_eq!(stored(&bot, &event, "hook#000", "ttl").await, None, "an undelivered row never expires");
    }
}

#[tokio::test]
async fn job_row_gets_its_ttl_when_done() {
    let bot = Bot::with_rewards(&[]).await;
    let event = bot.fresh_event();
    commit(&bot, &event, vec![act(&event, Action::Job("x".to_owned()))]).await;
    let lane = LaneId { event: event.clone(), lane: Lane::Job };
    let held = ours(lease(&bot, &lane).await);
    bot.store().postpone(&held, bot.now().saturating_add(LEASE), "down").await.unwrap();
    assert_eq!(stored(&bot, &event, "job#000", "ttl").await, None);
    bot.clock.push(Span::days(9));
    let held = ours(lease(&bot, &lane).await);
    bot.store().finish(&held, &Ending::Done, bot.now()).await.unwrap();
    let end = stored(&bot, &event, "job#000", "ttl").await.unwrap();
    assert!(end - bot.now().seconds() >= 2 * DAY);
}

#[tokio::test]
async fn concurrent_leases_give_the_row_to_one() {
    let (bot, lane) = with_a_line().await;
    let leases = join_all((0..8).map(|_| lease(&bot, &lane))).await;
    let (mine, held): (Vec<_>, Vec<_>) =
        leases.into_iter().partition(|lease| matches!(lease, Lease::Ours(_)));
    assert_eq!(mine.len(), 1);
    assert!(held.iter().all(|lease| *lease == Lease::Held(bot.now().saturating_add(LEASE))), "{held:?}");
    assert_eq!(row(&bot, &lane).await.tries, 1);
}

#[tokio::test]
async fn expired_lease_can_be_taken_again() {
    let (bot, lane) = with_a_line().await;
    ours(lease(&bot, &lane).await);
    bot.clock.push(Span::from_ms(LEASE.ms() - 1));
    assert!(matches!(lease(&bot, &lane).await, Lease::Held(_)));
    bot.clock.push(Span::from_ms(1));
    assert_eq!(ours(lease(&bot, &lane).await).tries, 2);
}

#[tokio::test]
async fn done_row_is_settled() {
    let (bot, lane) = with_a_line().await;
    let held = ours(lease(&bot, &lane).await);
    assert_eq!(held.effect, Some(say("Hello")));
    bot.store().finish(&held, &Ending::Done, bot.now()).await.unwrap();
    assert_eq!(row(&bot, &lane).await.state, RowState::Done);
    bot.clock.push(Span::minutes(5));
    assert_eq!(lease(&bot, &lane).await, Lease::Settled);
    assert_eq!(health(&bot, "dropped_lines").await, None);
}

#[tokio::test]
async fn missing_row_is_settled() {
    let (bot, lane) = with_a_line().await;
    let nothing = bot.store().lease(&lane, 9, bot.now(), bot.now().saturating_add(LEASE)).await.unwrap();
    assert_eq!(nothing, Lease::Settled);
    assert_eq!(bot.store().lane(&lane).await.unwrap().len(), 1, "a lease creates no rows");
}

#[tokio::test]
async fn postponed_row_is_due_at_its_time() {
    let (bot, lane) = with_a_line().await;
    let held = ours(lease(&bot, &lane).await);
    let next = bot.now().saturating_add(Span::seconds(5));
    bot.store().postpone(&held, next, "Owncast is down").await.unwrap();
    assert_eq!(
        lease(&bot, &lane).await,
        Lease::Held(next),
        "held until its own time, not until the end of the lease"
    );
    let early = Timestamp::from_ms(next.ms() - 1);
    assert_eq!(bot.store().due(early, 10).await.unwrap(), []);
    let due = Due { at: next, lane: lane.clone() };
    assert_eq!(bot.store().due(next, 10).await.unwrap(), std::slice::from_ref(&due));
    bot.store().clear_due(&due).await.unwrap();
    assert_eq!(bot.store().due(next, 10).await.unwrap(), []);
    bot.clock.set(next);
    assert_eq!(ours(lease(&bot, &lane).await).tries, 2);
}

#[tokio::test]
async fn due_lanes_are_listed_earliest_first() {
    let bot = Bot::with_rewards(&[]).await;
    let lane = |name: &str, lane| LaneId { event: EventId::new(Source::Owncast, name).unwrap(), lane };
    let at = |seconds| bot.now().saturating_add(Span::seconds(seconds));
    let dues = [(9, lane("a", Lane::Chat)), (1, lane("b:c", Lane::Hook)), (5, lane("d", Lane::Job))];
    for (seconds, lane) in &dues {
        bot.store().mark_due(&Due { at: at(*seconds), lane: lane.clone() }).await.unwrap();
    }
    let found =
        |dues: Vec<Due>| dues.into_iter().map(|due| due.lane.event.id().to_owned()).collect::<Vec<_>>();
    assert_eq!(found(bot.store().due(at(9), 10).await.unwrap()), ["b:c", "d", "a"]);
    assert_eq!(found(bot.store().due(at(9), 2).await.unwrap()), ["b:c", "d"]);
    assert_eq!(found(bot.store().due(at(5), 10).await.unwrap()), ["b:c", "d"]);
    // A due entry that is written again is still one row.
    bot.store().mark_due(&Due { at: at(1), lane: dues[1].1.clone() }).await.unwrap();
    assert_eq!(bot.store().due(at(9), 10).await.unwrap().len(), 3);
}

#[tokio::test]
async fn dropped_and_parked_rows_are_counted_once_with_reason() {
    let bot = Bot::with_rewards(&[]).await;
    let dropped = || Ending::Dropped("too late".to_owned());
    let parked = Ending::Parked("x".repeat(1000));
    let whisper = Effect::Whisper { client: ClientId(7), line: "psst".to_owned() };
    let cases = [(say("line"), dropped()), (whisper, dropped()), (say("other"), parked)];
    for (effect, ending) in cases {
        let event = bot.fresh_event();
        commit(&bot, &event, vec![effect]).await;
        let lane = LaneId { event, lane: Lane::Chat };
        let held = ours(lease(&bot, &lane).await);
        for _ in 0..2 {
            bot.store().finish(&held, &ending, bot.now()).await.unwrap();
        }
        let parked = matches!(ending, Ending::Parked(_));
        let state = if parked { RowState::Parked } else { RowState::Dropped };
        assert_eq!(row(&bot, &lane).await.state, state);
        assert_eq!(lease(&bot, &lane).await, Lease::Settled);
        let item = bot.table.item(&format!("OUTBOX#{}", lane.event), "chat#000").await.unwrap();
        let reason = item["reason"].as_s().unwrap();
        assert!(reason == "too late" || reason.len() == 300, "{reason}");
        assert_eq!(item.contains_key("ttl"), !parked, "parked rows stay for the streamer");
    }
    for counter in ["dropped_lines", "dropped_whispers", "parked"] {
        assert_eq!(health(&bot, counter).await.as_deref(), Some("1"), "{counter}");
    }
}

#[tokio::test]
async fn ended_row_cannot_be_postponed() {
    let (bot, lane) = with_a_line().await;
    let held = ours(lease(&bot, &lane).await);
    bot.store().finish(&held, &Ending::Done, bot.now()).await.unwrap();
    bot.store().postpone(&held, bot.now(), "late news").await.unwrap();
    assert_eq!(row(&bot, &lane).await.state, RowState::Done);
}

#[tokio::test]
async fn damaged_row_is_an_error() {
    let (bot, lane) = with_a_line().await;
    let pk = format!("OUTBOX#{}", lane.event);
    bot.table.tamper(&pk, "chat#000", "kind", AttributeValue::S("dance".to_owned())).await;
    assert!(bot.store().lane(&lane).await.is_err());
    assert!(bot.store().lease(&lane, 0, bot.now(), bot.now().saturating_add(LEASE)).await.is_err());
}
