//! Alerts, which overlays show for some seconds.

use crate::Points;

/// An event that the overlays show.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Alert {
    /// A viewer redeemed a reward.
    Redeem {
        /// The viewer's name.
        viewer: String,
        /// The reward's name.
        reward: String,
        /// The note.
        note: Option<String>,
    },
    /// A viewer used a special whose action is an alert.
    Special {
        /// The alert's name, as the streamer set it up.
        name: String,
        /// The viewer's name.
        viewer: String,
        /// The special's name.
        reward: String,
        /// The note.
        note: Option<String>,
    },
    /// A goal reached a milestone.
    Milestone {
        /// The goal's name.
        reward: String,
        /// The points of the milestone.
        at: Points,
        /// The text of the milestone.
        text: String,
    },
    /// A goal is reached.
    Goal {
        /// The goal's name.
        reward: String,
        /// The points at which it is reached.
        target: Points,
    },
    /// Somebody has begun to follow the stream on the Fediverse.
    Follow {
        /// The follower's display name.
        name: String,
    },
    /// A timer has ended.
    Timer {
        /// Its name; empty when none was given.
        name: String,
    },
}
