//! Redemptions, and their way through the queue.

use crate::{EventId, Points, RewardId, StreamId, Timestamp, ViewerId};

/// A use of a redeem or a special, with everything that a refund needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Redemption {
    /// The event that paid for it, which identifies it.
    pub event: EventId,
    /// When it was paid for.
    pub at: Timestamp,
    /// The reward.
    pub reward: RewardId,
    /// The reward's name at the time.
    pub reward_name: String,
    /// The viewer who redeemed it.
    pub viewer: ViewerId,
    /// The viewer's name at the time.
    pub viewer_name: String,
    /// The points that were paid.
    pub price: Points,
    /// The viewer's note.
    pub note: Option<String>,
    /// Whether the note is hidden, because a moderator has hidden the chat message.
    pub note_hidden: bool,
    /// The stream that it counts for.
    pub stream: StreamId,
    /// Its status.
    pub status: Status,
    /// Whether it was fulfilled at once: a special, or a redeem that skips the queue.
    pub automatic: bool,
}

/// The status of a redemption.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// It waits in the queue.
    Waiting,
    /// It is done.
    Fulfilled,
    /// It was taken back, and the points were returned.
    Refunded,
}

/// The key by which a redemption is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RedemptionKey {
    /// When it was paid for.
    pub at: Timestamp,
    /// The event that paid for it.
    pub event: EventId,
}

impl Redemption {
    /// The key by which it is stored.
    #[must_use]
    pub fn key(&self) -> RedemptionKey {
        RedemptionKey { at: self.at, event: self.event.clone() }
    }

    /// Whether its status can change to `to`. A redemption that the streamer fulfilled is final. One that was
    /// fulfilled at once can still be refunded, since it is unknown whether it worked.
    #[must_use]
    pub fn can_become(&self, to: Status) -> bool {
        match (self.status, to) {
            (Status::Waiting, Status::Fulfilled | Status::Refunded) => true,
            (Status::Fulfilled, Status::Refunded) => self.automatic,
            _ => false,
        }
    }
}
