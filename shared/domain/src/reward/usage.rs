//! The state that uses of a reward change, and the conditions under which a use is written.

use crate::{EventId, Points, StreamId, Timestamp};

/// How much a reward has been used, by all viewers or by one. Both are counted in the same way, so that the
/// counts of the viewers always add up to the count of all.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Usage {
    /// The number of uses, less the refunded ones: the number of votes, and what counts against the stock.
    pub count: u64,
    /// The stream of the last use.
    pub stream: Option<StreamId>,
    /// The number of uses in that stream, less the refunded ones.
    pub in_stream: u64,
    /// The points spent in that stream, less the refunded ones.
    pub stream_points: Points,
    /// The last use, unless it was refunded.
    pub last: Option<LastUse>,
    /// The points spent, less the refunded ones: the progress of a goal.
    pub points: Points,
    /// The end of a vote or a goal that has been announced.
    pub ended_for: Option<Timestamp>,
}

/// The last use of a reward.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LastUse {
    /// The event that paid for it.
    pub event: EventId,
    /// When it was used.
    pub at: Timestamp,
}

impl Usage {
    /// The number of uses in `stream`; 0 unless that is the stream of the last use.
    #[must_use]
    pub fn count_in(&self, stream: &StreamId) -> u64 {
        if self.stream.as_ref() == Some(stream) { self.in_stream } else { 0 }
    }

    /// The points spent in `stream`; 0 unless that is the stream of the last use.
    #[must_use]
    pub fn points_in(&self, stream: &StreamId) -> Points {
        if self.stream.as_ref() == Some(stream) { self.stream_points } else { Points::ZERO }
    }
}

/// The conditions under which a use is written. They are checked by the conditional write, whatever was read
/// before.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Guard {
    /// The last use was not later than this: the cooldown has passed.
    pub rested_since: Option<Timestamp>,
    /// The number of uses is below this.
    pub count_below: Option<u64>,
    /// The number of uses in the stream is below this.
    pub in_stream_below: Option<u64>,
    /// The points are between these, both included.
    pub points_between: Option<(Points, Points)>,
    /// Whether the last use was in the same stream when it was read. Otherwise the write begins the counts of
    /// a new stream.
    pub same_stream: bool,
}
