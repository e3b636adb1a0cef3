//! Changes of state, by topic. Each is relative and carries its own condition, so that concurrent events commute, or one
//! of them is decided again; none writes a balance as an absolute value.

mod access;
mod configuration;
mod ledger;
mod queue;
mod reward;
mod stream;
mod viewer;

pub use access::AccessChange;
pub use configuration::{ConfigEdit, Configure, EditTarget, Editor};
pub use ledger::LedgerChange;
pub use queue::QueueChange;
pub use reward::{Contribution, RewardChange, UsageRollback};
pub use stream::StreamChange;
pub use viewer::ViewerChange;

/// A change of state. The store turns each into writes of one transaction, under the conditions that its documentation
/// names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// Who viewers are.
    Viewer(ViewerChange),
    /// Points that move.
    Ledger(LedgerChange),
    /// How much rewards are used.
    Reward(RewardChange),
    /// What waits in the queue.
    Queue(QueueChange),
    /// The stream, and what the bot says by itself while it is live.
    Stream(StreamChange),
    /// Sign-ins and sessions.
    Access(AccessChange),
    /// What the streamer has set up.
    Configure(Configure),
}

macro_rules! from_topic {
    ($($topic:ident($change:ident)),*) => {$(
        impl From<$change> for Change {
            fn from(change: $change) -> Self {
                Self::$topic(change)
            }
        }
    )*};
}

from_topic!(
    Viewer(ViewerChange),
    Ledger(LedgerChange),
    Reward(RewardChange),
    Queue(QueueChange),
    Stream(StreamChange),
    Access(AccessChange),
    Configure(Configure)
);
