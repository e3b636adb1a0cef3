//! The state and the records of streams.

use crate::{Points, StreamId, Timestamp};

/// The state of the stream, as derived from Owncast's events.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct StreamState {
    /// The newest stream, live or ended.
    pub newest: Option<StreamId>,
    /// Whether it is live.
    pub live: bool,
    /// When it began; `None` when that is unknown.
    pub began: Option<Timestamp>,
    /// The time of the last event that changed this state. Older events that arrive late change nothing.
    pub changed_at: Option<Timestamp>,
    /// Its title.
    pub title: String,
    /// The time of the event that set the title. Older titles that arrive late change nothing.
    pub titled_at: Option<Timestamp>,
    /// The streams that were long enough to count for watch streaks, the oldest first, at most
    /// [`crate::streak::MAX_COUNTED`].
    pub counted: Vec<StreamId>,
}

/// The record of one stream.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StreamRecord {
    /// Its id.
    pub id: StreamId,
    /// When it began.
    pub began: Timestamp,
    /// When it ended; `None` while it is live.
    pub ended: Option<Timestamp>,
    /// Its title at the beginning.
    pub title: String,
    /// The most viewers in chat at a points tick.
    pub peak: u64,
    /// The sum of the numbers of viewers in chat at all ticks.
    pub present: u64,
    /// The number of ticks.
    pub ticks: u64,
    /// The points paid for watching it.
    pub paid: Points,
    /// The points spent in it, less those that were refunded before the next stream began. Contributions that
    /// a missed goal gave back still count as spent.
    pub spent: Points,
    /// The number of uses of rewards in it, less those that were refunded before the next stream began.
    pub redeems: u64,
}

impl StreamRecord {
    /// The average number of viewers in chat at a tick, rounded down.
    #[must_use]
    pub fn average(&self) -> u64 {
        self.present.checked_div(self.ticks).unwrap_or_default()
    }
}

impl StreamState {
    /// The stream that uses of rewards count for: the newest, or a placeholder for the time before the first
    /// one.
    #[must_use]
    pub fn counting(&self) -> StreamId {
        self.newest.clone().unwrap_or_else(|| StreamId::begun_at(Timestamp::from_ms(0)))
    }

    /// Whether an event at `at` is newer than the last one that changed this state.
    #[must_use]
    pub fn is_news(&self, at: Timestamp) -> bool {
        self.changed_at.is_none_or(|changed| changed < at)
    }

    /// Whether a title that was set at `at` is newer than the stored one.
    #[must_use]
    pub fn is_new_title(&self, at: Timestamp) -> bool {
        self.titled_at.is_none_or(|titled| titled < at)
    }
}
