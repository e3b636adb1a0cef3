//! Timers that moderators set in chat.

use crate::{EventId, Span, Timestamp};

/// As many timers run at once.
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
    /// What it is for; empty when nobody said.
    pub name: String,
    /// When it was set.
    pub set_at: Timestamp,
    /// When it ends, exactly.
    pub ends: Timestamp,
}

/// All timers that run, with the version that was read: a change holds only while it is still that one.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Timers {
    /// How often they have changed.
    pub version: u64,
    /// The timers, the first to end first.
    pub running: Vec<Timer>,
}

/// How long before its end a timer is woken: EventBridge takes up to a minute, and a function some seconds to start.
const LEAD: Span = Span::seconds(75);
/// A schedule lies at least this far ahead, so that it is not past when it is set up.
const AHEAD: Span = Span::seconds(5);

impl Timer {
    /// When it is to be woken, as seen at `now`: early enough to end on the second wherever there is time for that.
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
    fn timers_wake_before_their_end() {
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
