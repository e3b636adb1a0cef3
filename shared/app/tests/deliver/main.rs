//! Delivery of the outbox: in order, until it expires, at least once and hardly ever twice.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test")]

mod basics;
mod errors;
mod order;
mod time;

use std::time::Duration;

use ownchatbot_app::deliver::{Deliveries, DeliveryTargets, on_due, on_rows};
use ownchatbot_domain::{Decision, Effect, Span};
use ownchatbot_schedules::Local;
use ownchatbot_store::{Commit, Lane, LaneId, RowState};
use ownchatbot_testkit::bot::Bot;
use ownchatbot_testkit::builders::event;
use ownchatbot_testkit::clock::ManualClock;
use ownchatbot_testkit::scripted::ScriptedOwncast;

/// A bot without rewards, and its Owncast.
async fn setup() -> (Bot, ScriptedOwncast) {
    let mut bot = Bot::with_rewards(&[]).await;
    bot.context.retry_delay = Duration::ZERO;
    (bot, ScriptedOwncast::default())
}

/// A scheduler that the tests do not look at.
fn schedules(bot: &Bot) -> Local<ManualClock> {
    Local::open(None, bot.clock.clone()).unwrap()
}

fn targets<'a, H>(owncast: &'a ScriptedOwncast, schedules: &'a H) -> DeliveryTargets<'a, ScriptedOwncast, H> {
    DeliveryTargets { owncast, schedules }
}

/// Commits `effects` with the event `id`. Returns the event's chat lane.
async fn commit(bot: &Bot, id: &str, effects: Vec<Effect<String>>) -> LaneId {
    let event = event(id);
    let commit = bot.store().commit(Some(&event), bot.now(), &Decision::effects(effects)).await;
    assert_eq!(commit.unwrap(), Commit::Applied);
    LaneId { event, lane: Lane::Chat }
}

/// Commits public lines.
async fn lines(bot: &Bot, id: &str, lines: &[&str]) -> LaneId {
    commit(bot, id, lines.iter().map(|line| Effect::Say((*line).to_owned())).collect()).await
}

/// Delivers rows, as the table's stream would.
async fn rows(bot: &Bot, owncast: &ScriptedOwncast, rows: &[(&LaneId, u32)]) -> Deliveries {
    let rows = rows.iter().map(|(lane, n)| ((*lane).clone(), *n));
    let (done, failed) = on_rows(&bot.context, targets(owncast, &schedules(bot)), rows).await;
    assert_eq!(failed, []);
    done
}

async fn due(bot: &Bot, owncast: &ScriptedOwncast) -> Deliveries {
    on_due(&bot.context, targets(owncast, &schedules(bot))).await.unwrap()
}

/// The seconds from now until each due lane is due.
async fn waits(bot: &Bot) -> Vec<i64> {
    let dues = bot.store().due(bot.now().saturating_add(Span::days(9)), 1000).await.unwrap();
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
