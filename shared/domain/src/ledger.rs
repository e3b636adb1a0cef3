//! The ledger: every movement of points is a row, and a balance is the sum of its rows.

use crate::{Delta, EventId, RewardId, StreamId, Timestamp, ViewerId};

/// One movement of one viewer's points.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LedgerRow {
    /// When they moved.
    pub at: Timestamp,
    /// How many points, positive into the balance and negative out of it.
    pub delta: Delta,
    /// Why they moved.
    pub cause: Cause,
    /// The event that moved them, which is the idempotency key.
    pub event: EventId,
}

/// Why points moved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cause {
    /// For watching a stream.
    Watching(StreamId),
    /// To pay for a redeem or a special.
    Redeem(RewardId),
    /// To pay for a vote.
    Vote(RewardId),
    /// Given to a goal.
    Contribution(RewardId),
    /// Given back for a use of a reward that was refunded.
    Refund(RewardId),
    /// For a donation.
    Donation,
    /// As a gift from or to another viewer; `None` for the welcome points from the bot.
    Gift(Option<ViewerId>),
    /// For watching this many streams in a row.
    Streak(u32),
    /// Adjusted by a moderator or the streamer.
    Correction {
        /// The person who adjusted them.
        by: ViewerId,
        /// The reason they gave.
        reason: Option<String>,
    },
}

impl Cause {
    /// The reward that the movement is about, if any.
    #[must_use]
    pub const fn reward(&self) -> Option<&RewardId> {
        match self {
            Self::Redeem(reward) | Self::Vote(reward) | Self::Contribution(reward) | Self::Refund(reward) => {
                Some(reward)
            }
            Self::Watching(_)
            | Self::Donation
            | Self::Gift(_)
            | Self::Streak(_)
            | Self::Correction { .. } => None,
        }
    }
}
