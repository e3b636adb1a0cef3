//! What waits in the queue, and what has left it.

use crate::{Redemption, Status};

/// A change of the queue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum QueueChange {
    /// A paid redemption enters the queue, or the history where it is fulfilled at once.
    Enqueue(Redemption),
    /// A redemption is fulfilled or refunded. Holds only while its status is the one that was read.
    Close {
        /// The redemption, as read.
        redemption: Redemption,
        /// Its new status.
        to: Status,
    },
    /// The note of a redemption is hidden, or shown again.
    HideNote {
        /// The redemption, as read.
        redemption: Redemption,
        /// Whether the note is hidden from now on.
        hidden: bool,
    },
}
