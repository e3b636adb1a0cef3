//! Broadcasts.

use crate::{Points, StreamId, Timestamp};

/// What we know of the broadcast, from Owncast's events.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct StreamState {
    /// The newest stream, on or over.
    pub newest: Option<StreamId>,
    /// Whether it is on.
    pub live: bool,
    /// When it began.
    pub began: Option<Timestamp>,
    /// When the last event that changed this happened; older events that arrive late change nothing.
    pub changed_at: Option<Timestamp>,
    /// Its title.
    pub title: String,
    /// Since when it has that title; older titles that arrive late change nothing.
    pub titled_at: Option<Timestamp>,
    /// Streams that were long enough to count for watch streaks, the oldest first, at most
    /// [`crate::streak::MAX_COUNTED`].
    pub counted: Vec<StreamId>,
}

/// What is kept of a stream.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StreamRecord {
    /// Its id.
    pub id: StreamId,
    /// When it began.
    pub began: Timestamp,
    /// When it ended; nothing while it is on.
    pub ended: Option<Timestamp>,
    /// Its title at the beginning.
    pub title: String,
    /// The most chatters at a points tick.
    pub peak: u64,
    /// Chatters of all ticks together.
    pub present: u64,
    /// Ticks.
    pub ticks: u64,
    /// Points paid for watching it.
    pub paid: Points,
    /// Points spent in it, less what was refunded before the next stream began. What a goal that missed its end gives
    /// back was spent all the same.
    pub spent: Points,
    /// Rewards used in it, less what was refunded before the next stream began.
    pub redeems: u64,
}

impl StreamRecord {
    /// Chatters at an average tick, rounded down.
    #[must_use]
    pub fn average(&self) -> u64 {
        self.present.checked_div(self.ticks).unwrap_or_default()
    }
}

impl StreamState {
    /// The stream that uses of rewards count for: the newest, or the time before the first one.
    #[must_use]
    pub fn counting(&self) -> StreamId {
        self.newest.clone().unwrap_or_else(|| StreamId::begun_at(Timestamp::from_ms(0)))
    }

    /// Whether something that happened at `at` is news.
    #[must_use]
    pub fn is_news(&self, at: Timestamp) -> bool {
        self.changed_at.is_none_or(|changed| changed < at)
    }

    /// Whether a title given at `at` is newer than the one that is known.
    #[must_use]
    pub fn is_new_title(&self, at: Timestamp) -> bool {
        self.titled_at.is_none_or(|titled| titled < at)
    }
}
