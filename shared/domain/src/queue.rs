//! The queue of redeems.

use crate::{EventId, Points, RewardId, StreamId, Timestamp, ViewerId};

/// A reward that somebody paid for, with everything needed to give it back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Redemption {
    /// The event that paid for it, and its identity.
    pub event: EventId,
    /// When.
    pub at: Timestamp,
    /// What was redeemed.
    pub reward: RewardId,
    /// Its name at the time.
    pub reward_name: String,
    /// By whom.
    pub viewer: ViewerId,
    /// Their name at the time.
    pub viewer_name: String,
    /// What was paid.
    pub price: Points,
    /// What they wrote.
    pub note: Option<String>,
    /// Whether a moderator has hidden the message, and with it the note.
    pub note_hidden: bool,
    /// In which stream it counts.
    pub stream: StreamId,
    /// Where it stands.
    pub status: Status,
    /// Whether it never waited: a special, or a redeem that skips the queue.
    pub automatic: bool,
}

/// Where a redemption stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// In the queue.
    Waiting,
    /// Done.
    Fulfilled,
    /// Given back.
    Refunded,
}

/// Where a redemption is found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RedemptionKey {
    /// When it was paid for.
    pub at: Timestamp,
    /// By which event.
    pub event: EventId,
}

impl Redemption {
    /// Where it is found.
    #[must_use]
    pub fn key(&self) -> RedemptionKey {
        RedemptionKey { at: self.at, event: self.event.clone() }
    }

    /// Whether it can still become `to`. What the streamer fulfilled is done; what the machine did at once can
    /// be given back, since nobody has confirmed that it worked.
    #[must_use]
    pub fn can_become(&self, to: Status) -> bool {
        match (self.status, to) {
            (Status::Waiting, Status::Fulfilled | Status::Refunded) => true,
            (Status::Fulfilled, Status::Refunded) => self.automatic,
            _ => false,
        }
    }
}
