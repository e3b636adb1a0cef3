//! The stream, and what the bot says by itself while it is live.

use crate::timer::Timer;
use crate::{PhraseId, Points, StreamId, Timestamp};

/// A change of the stream's state or of its record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StreamChange {
    /// A stream begins. Holds only if nothing newer is known.
    Start {
        /// Its id.
        stream: StreamId,
        /// Its title, unless a later one is known already.
        title: Option<String>,
    },
    /// The stream ends. Holds only if nothing newer is known.
    Stop {
        /// The stream; `None` when its beginning is not known.
        stream: Option<StreamId>,
    },
    /// A broadcast goes on with the newest stream. Holds only if nothing newer is known.
    Resume {
        /// The newest stream.
        stream: StreamId,
        /// Its title, unless a later one is known already.
        title: Option<String>,
    },
    /// The stream has another title. Holds only if no newer one is known.
    Retitle {
        /// The new title.
        title: String,
    },
    /// The stream has lasted long enough to count for watch streaks. Holds only while it is the newest.
    CountForStreaks {
        /// The stream.
        stream: StreamId,
        /// All streams that count, this one included.
        counted: Vec<StreamId>,
    },
    /// A tick has paid. Holds only for a slot later than the last, and, where it says so, only for a new peak.
    RecordTick {
        /// The stream.
        stream: StreamId,
        /// The tick's planned time.
        slot: Timestamp,
        /// The number of viewers in chat.
        present: u64,
        /// The points that all of them got together.
        paid: Points,
        /// Whether more viewers are in chat than ever before in this stream.
        peak: bool,
    },
    /// What was spent in a stream, as counted now.
    SumUp {
        /// The stream.
        stream: StreamId,
        /// The points spent.
        spent: Points,
        /// The number of uses of rewards.
        redeems: u64,
    },
    /// The bot says one of its announcements. Holds only if no other has been said since.
    Announce {
        /// How many had been said before.
        said: u64,
    },
    /// The bot answers a phrase. Holds only if its cooldown has passed.
    AnswerPhrase {
        /// The phrase.
        phrase: PhraseId,
        /// The last answer must not be later than this.
        rested_since: Timestamp,
    },
    /// Timers are set, cancelled, or end. Holds only while the version is the one that was read.
    SetTimers {
        /// The version that was read.
        version: u64,
        /// The timers that run from now on, the first to end first.
        running: Vec<Timer>,
    },
}
