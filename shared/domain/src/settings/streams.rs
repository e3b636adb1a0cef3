//! When a stream is one stream, and what is caught up.

use crate::Span;

/// How broadcasts become streams, and what is made up for after a webhook was lost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StreamSettings {
    /// A broadcast that begins within this long of the end of the last one continues its stream; nothing for never.
    pub resume_within: Span,
    /// Commands that were missed are carried out when they are at most this old; older ones are only counted.
    pub catch_up: Span,
}

impl Default for StreamSettings {
    fn default() -> Self {
        Self { resume_within: Span::minutes(5), catch_up: Span::minutes(10) }
    }
}
