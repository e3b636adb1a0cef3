//! What a write came to.

/// The result of writing a decision.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Commit {
    /// All of it is written.
    Applied,
    /// The event's receipt exists already; nothing was written.
    Duplicate,
    /// The state has changed since it was read; nothing was written. Read it and decide again.
    Stale,
}
