//! Changes of reward usage as writes: stock, limits, cooldowns, tallies and goals.

use aws_sdk_dynamodb::types::AttributeValue;
use ownchatbot_domain::reward::Guard;
use ownchatbot_domain::{
    Contribution, EventId, Points, Redemption, RewardChange, RewardId, StreamId, Timestamp, UsageRollback,
};

use super::ledger::balance_exists;
use crate::expression::{Expression, Write};
use crate::item::{n, s};
use crate::keys;

pub(super) fn writes(change: &RewardChange, event: &EventId, at: Timestamp) -> Vec<Write> {
    match change {
        RewardChange::Use { reward, viewer, points, stream, everybody, own } => {
            let used = [(keys::reward_state(reward), everybody), (keys::own_use(viewer, reward), own)]
                .map(|(key, guard)| Write::Update(key, used(guard, *points, stream, event, at)));
            // A free use writes no balance, so it must check by itself that its viewer is not being erased.
            let free = points.is_zero().then(|| Write::Update(keys::balance(viewer), balance_exists()));
            used.into_iter().chain(free).collect()
        }
        RewardChange::RevertUse { redemption, everybody, own } => [
            (keys::reward_state(&redemption.reward), everybody),
            (keys::own_use(&redemption.viewer, &redemption.reward), own),
        ]
        .into_iter()
        .map(|(key, rollback)| Write::Update(key, reverted(rollback, redemption)))
        .collect(),
        RewardChange::EndReward { reward, ends } => {
            let ended = Expression::new().set("ended_for", n(ends.ms()));
            vec![Write::Update(
                keys::reward_state(reward),
                ended.when_missing_or("ended_for", "<>", n(ends.ms())),
            )]
        }
        RewardChange::GiveBack { reward, givers } => given_back(reward, givers),
    }
}

fn used(guard: &Guard, points: Points, stream: &StreamId, event: &EventId, at: Timestamp) -> Expression {
    let used = Expression::new()
        .count("count", n(1))
        .count("points", n(points))
        .set("last_at", n(at.ms()))
        .set("last_event", s(event));
    let used = if guard.same_stream {
        used.add("in_stream", n(1))
            .count("stream_points", n(points))
            .when("stream", "=", s(stream))
            .maybe(guard.in_stream_below, |used, limit| used.when("in_stream", "<", n(limit)))
    } else {
        // Stream ids sort by time. A write that is based on an older stream must not replace a newer one's
        // counts.
        used.set("stream", s(stream)).set("in_stream", n(1)).set("stream_points", n(points)).when_missing_or(
            "stream",
            "<",
            s(stream),
        )
    };
    used.maybe(guard.rested_since, |used, since| used.when_missing_or("last_at", "<=", n(since.ms())))
        .maybe(guard.count_below, |used, limit| used.when_missing_or("count", "<", n(limit)))
        .maybe(guard.points_between, |used, (low, high)| {
            let used = used.when_missing_or("points", "<=", n(high));
            if low.is_zero() { used } else { used.when("points", ">=", n(low)) }
        })
}

fn reverted(rollback: &UsageRollback, redemption: &Redemption) -> Expression {
    let (stream, event) = (s(&redemption.stream), s(&redemption.event));
    let reverted =
        Expression::new().add("count", n(-1)).add("points", n(-redemption.price.get())).when_exists(keys::PK);
    let reverted = if rollback.same_stream {
        reverted
            .add("in_stream", n(-1))
            .count("stream_points", n(-redemption.price.get()))
            .when("stream", "=", stream)
    } else {
        reverted.when_missing_or("stream", "<>", stream)
    };
    if rollback.newest {
        reverted.remove("last_at").remove("last_event").when("last_event", "=", event)
    } else {
        reverted.when_missing_or("last_event", "<>", event)
    }
}

fn given_back(reward: &RewardId, givers: &[Contribution]) -> Vec<Write> {
    let points: i64 = givers.iter().map(|giver| giver.points.get()).sum();
    let count: u64 = givers.iter().map(|giver| giver.count).sum();
    let state = Expression::new()
        .add("points", n(-points))
        .add("count", AttributeValue::N(format!("-{count}")))
        .when("points", ">=", n(points));
    let own = givers.iter().map(|giver| {
        let none = Expression::new()
            .set("points", n(0))
            .set("count", n(0))
            .when("points", "=", n(giver.points))
            .when("count", "=", n(giver.count));
        Write::Update(keys::own_use(&giver.viewer, reward), none)
    });
    std::iter::once(Write::Update(keys::reward_state(reward), state)).chain(own).collect()
}
