//! How often clients poll the document: often while something happens, seldom while nothing does.

use ownchatbot_domain::reward::Kind;
use ownchatbot_domain::{Span, Timestamp, Usage};
use ownchatbot_store::PublicSnapshot;

use crate::document::Document;

/// The poll interval while something happens, in milliseconds.
pub const BUSY_MS: u32 = 2_000;
/// The poll interval while the stream is live and nothing happens, in milliseconds.
pub const LIVE_MS: u32 = 5_000;
/// The poll interval while the stream is offline and nothing happens, in milliseconds.
pub const QUIET_MS: u32 = 15_000;

/// How long after something happened clients still poll often.
const AFTER: Span = Span::minutes(1);

/// The milliseconds until a client that has received `snapshot` polls again. `moved` is when votes, goals or
/// the queue were last seen to change.
#[must_use]
pub fn next_poll_ms(snapshot: &PublicSnapshot, moved: Option<Timestamp>) -> u32 {
    let recent = |at: Timestamp| snapshot.at.since(at) < AFTER;
    let used = |usage: &Usage| usage.last.as_ref().is_some_and(|last| recent(last.at));
    let tallies = || {
        let counted =
            snapshot.config.live_rewards().filter(|r| matches!(r.kind, Kind::Vote(_) | Kind::Goal(_)));
        counted.filter_map(|reward| snapshot.usages.get(&reward.id)).any(used)
    };
    let happens = !snapshot.timers.running.is_empty()
        || snapshot.alerts.iter().any(|alert| recent(alert.at))
        || snapshot.waiting.iter().any(|redemption| recent(redemption.at))
        || moved.is_some_and(recent)
        || tallies();
    match (happens, snapshot.stream.live) {
        (true, _) => BUSY_MS,
        (false, true) => LIVE_MS,
        (false, false) => QUIET_MS,
    }
}

/// Whether the stream's state, the queue, a vote or a goal differs between two documents. Redemptions that
/// left the queue can be noticed only by such a comparison.
#[must_use]
pub fn has_moved(before: &Document, after: &Document) -> bool {
    before.live != after.live
        || before.queue != after.queue
        || before.votes != after.votes
        || before.goals != after.goals
}

#[cfg(test)]
mod tests {
    use super::*;

    use std::collections::HashMap;
    use std::sync::Arc;

    use ownchatbot_domain::timer::{Timer, Timers};
    use ownchatbot_domain::{Alert, EventId, RewardId, Source, StreamState};
    use ownchatbot_store::ActiveAlert;
    use ownchatbot_testkit::builders::sample_rewards;

    const NOW: i64 = 1_000_000_000;

    /// A snapshot in which nothing happens, with the sample rewards.
    fn quiet(live: bool) -> PublicSnapshot {
        let config =
            ownchatbot_domain::Config { rewards: sample_rewards(), ..ownchatbot_domain::Config::default() };
        PublicSnapshot {
            at: Timestamp::from_ms(NOW),
            config: Arc::new(config),
            stream: StreamState { live, ..StreamState::default() },
            usages: HashMap::new(),
            waiting: Vec::new(),
            board: Vec::new(),
            timers: Timers::default(),
            alerts: Vec::new(),
            away_since: None,
        }
    }

    fn event() -> EventId {
        EventId::new(Source::Owncast, "m").unwrap()
    }

    fn ago(ms: i64) -> Timestamp {
        Timestamp::from_ms(NOW - ms)
    }

    #[test]
    fn clients_poll_seldom_again_a_minute_after_an_event() {
        assert_eq!(next_poll_ms(&quiet(true), None), LIVE_MS);
        assert_eq!(next_poll_ms(&quiet(false), None), QUIET_MS);
        for (ms, expected) in
            [(0, BUSY_MS), (59_999, BUSY_MS), (60_000, QUIET_MS), (i64::from(u32::MAX), QUIET_MS)]
        {
            let alert = Alert::Follow { name: "Ann".to_owned() };
            let shown = ActiveAlert { id: "1".to_owned(), at: ago(ms), alert };
            assert_eq!(
                next_poll_ms(&PublicSnapshot { alerts: vec![shown], ..quiet(false) }, None),
                expected,
                "{ms}"
            );
            assert_eq!(next_poll_ms(&quiet(false), Some(ago(ms))), expected, "{ms}");
        }
    }

    #[test]
    fn uses_of_votes_and_goals_are_events_and_other_uses_are_not() {
        let last = ownchatbot_domain::reward::LastUse { event: event(), at: ago(1000) };
        let used = Usage { last: Some(last), ..Usage::default() };
        for (name, expected) in
            [("red", BUSY_MS), ("charity", BUSY_MS), ("hydrate", LIVE_MS), ("gone", LIVE_MS)]
        {
            let usages = HashMap::from([(RewardId::new(name).unwrap(), used.clone())]);
            assert_eq!(next_poll_ms(&PublicSnapshot { usages, ..quiet(true) }, None), expected, "{name}");
        }
    }

    #[test]
    fn running_timer_keeps_clients_polling_often() {
        let timer = Timer { id: event(), name: String::new(), set_at: ago(600_000), ends: ago(-600_000) };
        let timers = Timers { version: 1, running: vec![timer] };
        assert_eq!(next_poll_ms(&PublicSnapshot { timers, ..quiet(false) }, None), BUSY_MS);
    }

    #[test]
    fn has_moved_ignores_time_title_and_interval() {
        let before = Document::default();
        let same = Document { at: 1, title: "another".to_owned(), next_poll_ms: 5, ..Document::default() };
        assert!(!has_moved(&before, &same));
        assert!(has_moved(&before, &Document { live: true, ..Document::default() }));
    }
}
