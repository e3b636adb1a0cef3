//! What became of an event.

use ownchatbot_store::Commit;

/// What became of an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// It changed nothing and needs no answer.
    Ignored,
    /// It is written, with its answer in the outbox.
    Done,
    /// It had been handled before.
    Duplicate,
}

impl Outcome {
    /// What a commit means for its event; `None` when the world has moved on, and it has to be decided again.
    pub(crate) const fn of(commit: Commit) -> Option<Self> {
        match commit {
            Commit::Applied => Some(Self::Done),
            Commit::Duplicate => Some(Self::Duplicate),
            Commit::Stale => None,
        }
    }
}
