//! Announcements: lines that the bot posts at intervals while the stream is live.

use crate::Span;
use crate::line::Line;

/// The most lines that can be set up.
pub const MAX_LINES: usize = 50;
/// The most messages that can be required between two announcements: Owncast keeps no more in its history.
pub const MAX_MESSAGES: u8 = 50;

/// The lines that the bot announces, and how often.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AnnouncementSettings {
    /// Whether announcements are on.
    pub on: bool,
    /// The time between two announcements; at least a minute on AWS.
    pub interval: Span,
    /// The order of the lines.
    pub order: Order,
    /// The number of messages that viewers must have written since the last announcement, so that the bot
    /// does not fill a silent chat; at most [`MAX_MESSAGES`].
    pub messages: u8,
    /// The lines.
    pub lines: Vec<Line>,
}

impl Default for AnnouncementSettings {
    fn default() -> Self {
        Self { on: true, interval: Span::minutes(15), order: Order::InOrder, messages: 5, lines: Vec::new() }
    }
}

impl AnnouncementSettings {
    /// Whether announcements are on and there are lines.
    #[must_use]
    pub const fn wanted(&self) -> bool {
        self.on && !self.lines.is_empty()
    }
}

/// The order of the lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Order {
    /// As listed.
    #[default]
    InOrder,
    /// Shuffled again for each round, in which every line comes once.
    Shuffled,
}
