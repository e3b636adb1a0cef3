//! Changes of who viewers are.

use crate::{Person, Points, Profile, Timestamp, ViewerId};

/// A change of who a viewer is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ViewerChange {
    /// A viewer is seen for the first time. Holds only while they are unknown.
    Arrive {
        /// The viewer, as chat tells.
        person: Person,
        /// The points they start with.
        welcome: Points,
    },
    /// A viewer has another name, or other rights.
    Refresh {
        /// The name that was stored. Holds only while it is.
        known_as: String,
        /// The viewer, as chat tells now.
        person: Person,
    },
    /// A viewer was here. Holds only for viewers who are known.
    Seen {
        /// The viewer.
        viewer: ViewerId,
    },
    /// A viewer leaves the boards, or comes back to them.
    HideFromBoards {
        /// The viewer.
        viewer: ViewerId,
        /// Whether they are hidden from now on.
        hidden: bool,
    },
    /// Erasure of a viewer begins: profile, name and balance go at once, and nothing of theirs can be used or paid until
    /// the rest is gone. Holds only while the profile is the one that was read.
    BeginErasure {
        /// The viewer, as read.
        profile: Profile,
    },
    /// Writes nothing. Holds only while the erasure that began at `since` goes on.
    ErasureInProgress {
        /// The viewer.
        viewer: ViewerId,
        /// When it began, which tells one erasure of a viewer from the next.
        since: Timestamp,
    },
    /// Somebody on the Fediverse follows the stream; counted once however often they come back.
    Follow {
        /// Their handle without a leading `@`.
        handle: String,
        /// Their display name.
        name: String,
    },
}
