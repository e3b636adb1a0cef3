//! How broadcasts become streams, and which missed commands are caught up.

use crate::Span;

/// How broadcasts become streams, and what is caught up after webhooks were missed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StreamSettings {
    /// A broadcast that begins at most this long after the end of the last one continues its stream; zero for
    /// never.
    pub resume_within: Span,
    /// The maximum age of a missed command that is still carried out; older ones are only counted.
    pub catch_up: Span,
}

impl Default for StreamSettings {
    fn default() -> Self {
        Self { resume_within: Span::minutes(5), catch_up: Span::minutes(10) }
    }
}
