//! What overlays show for some seconds.

use crate::Points;

/// Something worth an alert.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Alert {
    /// Somebody redeemed something.
    Redeem {
        /// Who.
        viewer: String,
        /// What.
        reward: String,
        /// What they wrote.
        note: Option<String>,
    },
    /// Somebody fired a special whose action is an alert.
    Special {
        /// The alert's name, as the streamer set it up.
        name: String,
        /// Who.
        viewer: String,
        /// With which special.
        reward: String,
        /// What they wrote.
        note: Option<String>,
    },
    /// A goal reached a milestone.
    Milestone {
        /// The goal.
        reward: String,
        /// With so many points.
        at: Points,
        /// What it brings.
        text: String,
    },
    /// A goal is reached.
    Goal {
        /// Which.
        reward: String,
        /// With so many points.
        target: Points,
    },
    /// Somebody follows on the Fediverse.
    Follow {
        /// Their name.
        name: String,
    },
    /// A timer has ended.
    Timer {
        /// Its name; empty when nobody gave one.
        name: String,
    },
}
