//! The ledger: every movement of points is a row.

use crate::{Delta, EventId, RewardId, StreamId, Timestamp, ViewerId};

/// One movement of one viewer's points.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LedgerRow {
    /// When.
    pub at: Timestamp,
    /// How much, and in which direction.
    pub delta: Delta,
    /// Why.
    pub cause: Cause,
    /// By which event.
    pub event: EventId,
}

/// Why points moved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cause {
    /// For watching a stream.
    Watching(StreamId),
    /// For a redeem or a special.
    Redeem(RewardId),
    /// For a vote.
    Vote(RewardId),
    /// For a goal.
    Contribution(RewardId),
    /// Back, for something that was refunded.
    Refund(RewardId),
    /// For a donation.
    Donation,
    /// As a present: from or to another viewer, or as a welcome from the bot.
    Gift(Option<ViewerId>),
    /// For watching so many streams in a row.
    Streak(u32),
    /// Adjusted by a moderator or the streamer.
    Correction {
        /// By whom.
        by: ViewerId,
        /// What they gave as the reason.
        reason: Option<String>,
    },
}

impl Cause {
    /// The reward that it is about.
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
