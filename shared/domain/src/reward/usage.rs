//! What moves while a reward is used, and the conditions under which it may move.

use crate::{EventId, Points, StreamId, Timestamp};

/// How much a reward has been used: by everybody, or by one viewer. Both are counted alike, so that the
/// viewers' counts always add up to everybody's.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Usage {
    /// Uses in all, less what was refunded. A vote's tally; what stock is held against.
    pub count: u64,
    /// The stream of the newest use.
    pub stream: Option<StreamId>,
    /// Uses in that stream, less what was refunded.
    pub in_stream: u64,
    /// Points spent in that stream, less what was refunded.
    pub stream_points: Points,
    /// The newest use, unless it was refunded.
    pub last: Option<LastUse>,
    /// Points spent, less what was refunded. A goal's progress.
    pub points: Points,
    /// The end that has been announced, of a vote or a goal.
    pub ended_for: Option<Timestamp>,
}

/// The newest use of a reward.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LastUse {
    /// By which event.
    pub event: EventId,
    /// When.
    pub at: Timestamp,
}

impl Usage {
    /// How often it was used in `stream`.
    #[must_use]
    pub fn count_in(&self, stream: &StreamId) -> u64 {
        if self.stream.as_ref() == Some(stream) { self.in_stream } else { 0 }
    }

    /// How many points went to it in `stream`.
    #[must_use]
    pub fn points_in(&self, stream: &StreamId) -> Points {
        if self.stream.as_ref() == Some(stream) { self.stream_points } else { Points::ZERO }
    }
}

/// Under which conditions a use may be counted. They hold at the moment of writing, whatever was read before.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Guard {
    /// The newest use is not later than this.
    pub rested_since: Option<Timestamp>,
    /// Fewer uses than this in all.
    pub count_below: Option<u64>,
    /// Fewer uses than this in the stream.
    pub in_stream_below: Option<u64>,
    /// Points between these, both included.
    pub points_between: Option<(Points, Points)>,
    /// Whether the newest use was in the same stream when read; written differently when not.
    pub same_stream: bool,
}
