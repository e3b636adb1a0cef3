//! Timers that moderators set in chat.

use crate::{EventId, Span, Timestamp};

/// The most timers that run at once.
pub const MAX_TIMERS: usize = 10;
/// The shortest timer.
pub const SHORTEST: Span = Span::seconds(5);
/// The longest timer.
pub const LONGEST: Span = Span::days(1);
/// The most characters of a timer's name.
pub const LONGEST_NAME: usize = 40;

/// A timer that runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Timer {
    /// The event that set it, and its identity.
    pub id: EventId,
    /// Its name; empty when none was given.
    pub name: String,
    /// When it was set.
    pub set_at: Timestamp,
    /// When it ends.
    pub ends: Timestamp,
}

/// All running timers with their version. A change is written only while the version is the one that was read
/// (optimistic concurrency).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Timers {
    /// The number of changes so far.
    pub version: u64,
    /// The timers, sorted by their end.
    pub running: Vec<Timer>,
}

/// How long before the end of a timer its schedule runs: EventBridge may be up to a minute late, and a
/// function takes some seconds to start.
const LEAD: Span = Span::seconds(75);
/// The least time from now to a new schedule, so that it is not in the past by the time it is created.
const AHEAD: Span = Span::seconds(5);

impl Timer {
    /// When its schedule should run, as of `now`: early enough that the end is announced on time, if there is
    /// time for that.
    #[must_use]
    pub fn wake_at(&self, now: Timestamp) -> Timestamp {
        let soonest = now.saturating_add(AHEAD).min(self.ends.max(now));
        self.ends.saturating_sub(LEAD).max(soonest)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Source;

    #[test]
    fn timer_wakes_before_its_end() {
        let now = Timestamp::from_ms(1_000_000_000);
        let wakes_after = |seconds| {
            let id = EventId::new(Source::Owncast, "e").unwrap();
            let ends = now.saturating_add(Span::seconds(seconds));
            let timer = Timer { id, name: String::new(), set_at: now, ends };
            timer.wake_at(now).since(now).whole_seconds()
        };
        assert_eq!([600, 180, 80, 60, 5, 3].map(wakes_after), [525, 105, 5, 5, 5, 3]);
    }
}
