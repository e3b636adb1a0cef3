//! How much rewards are used.

use crate::reward::Guard;
use crate::{Points, Redemption, RewardId, StreamId, Timestamp, ViewerId};

/// A change of how much a reward is used: by all viewers, and by one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RewardChange {
    /// A viewer uses a reward. Holds only under both conditions.
    Use {
        /// The reward.
        reward: RewardId,
        /// The viewer.
        viewer: ViewerId,
        /// How many points it costs, or is given.
        points: Points,
        /// The stream in which it counts.
        stream: StreamId,
        /// The condition on all viewers' use.
        everybody: Guard,
        /// The condition on this viewer's use.
        own: Guard,
    },
    /// A use is reverted: counts, limits, stock and cooldown.
    RevertUse {
        /// The redemption that is taken back.
        redemption: Redemption,
        /// What to roll back in all viewers' use.
        everybody: UsageRollback,
        /// What to roll back in the viewer's use.
        own: UsageRollback,
    },
    /// The end of a vote or a goal has been announced. Holds only if it was not.
    EndReward {
        /// The reward.
        reward: RewardId,
        /// The end that was announced.
        ends: Timestamp,
    },
    /// Contributions go back to their givers. Holds only while they are what was read. The points move by
    /// [`crate::LedgerChange::Move`].
    GiveBack {
        /// The goal.
        reward: RewardId,
        /// The givers, and what each had given.
        givers: Vec<Contribution>,
    },
}

/// What a viewer has given to a goal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contribution {
    /// The viewer.
    pub viewer: ViewerId,
    /// The sum of their contributions.
    pub points: Points,
    /// The number of their contributions.
    pub count: u64,
}

/// What a refund rolls back in a [`crate::Usage`], as it was when read; holds only while that is so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct UsageRollback {
    /// The count of the stream is still that of the redemption's stream.
    pub same_stream: bool,
    /// The newest use is the one that is taken back, so that its cooldown ends with it.
    pub newest: bool,
}
