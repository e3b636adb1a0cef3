//! Sign-ins and sessions.

use crate::{KeyedHash, Timestamp, ViewerId};

/// A change of who may sign in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AccessChange {
    /// A viewer may sign in with one of several proofs, each of them once.
    OfferSignIn {
        /// The viewer.
        viewer: ViewerId,
        /// The generation of their sessions. The offer ends with it.
        epoch: u64,
        /// The keyed hashes of the proofs: of a code, and of a link.
        proof_hashes: Vec<KeyedHash>,
        /// When the offer ends.
        until: Timestamp,
    },
    /// The panel that shows a code becomes a viewer's. Holds only while it waits for one.
    Link {
        /// The keyed hash of the code.
        proof: KeyedHash,
        /// The viewer who typed it in chat.
        viewer: ViewerId,
        /// The generation of their sessions. The sign-in ends with it.
        epoch: u64,
    },
    /// Every session of a viewer ends.
    EndSessions {
        /// The viewer.
        viewer: ViewerId,
    },
}
