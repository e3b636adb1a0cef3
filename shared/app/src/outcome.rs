//! The result of handling an event.

use ownchatbot_store::Commit;

/// The result of handling an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// It changed nothing, and the bot answers nothing.
    Ignored,
    /// Its changes and its effects (in the outbox) are committed.
    Done,
    /// It was handled before: its receipt exists.
    Duplicate,
}

impl Outcome {
    /// The outcome of an event whose decision was committed; `None` when the state has changed since it was
    /// read, so that the event has to be decided again.
    pub(crate) const fn of(commit: Commit) -> Option<Self> {
        match commit {
            Commit::Applied => Some(Self::Done),
            Commit::Duplicate => Some(Self::Duplicate),
            Commit::Stale => None,
        }
    }
}
