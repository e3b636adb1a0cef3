//! Notices: messages to the visitor about something that has just happened.

use askama::Template;

use crate::form::Button;

/// A message to the visitor about something that has just happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// Whether it reports a success.
    pub good: bool,
    /// The text.
    pub line: String,
    /// The form that undoes it, where that is possible.
    pub undo: Option<Button>,
    /// The `data-kind` of the notice, for a page's script that does something about it, such as playing a
    /// sound.
    pub kind: Option<&'static str>,
}

impl Notice {
    /// A notice that reports a success or not, without an undo form.
    #[must_use]
    pub fn new(good: bool, line: impl Into<String>) -> Self {
        Self { good, line: line.into(), undo: None, kind: None }
    }
}

/// A page's notices. Screen readers announce them.
#[derive(Debug, Clone, PartialEq, Eq, Default, Template)]
#[template(path = "parts/notices.html")]
pub struct Notices {
    swap: bool,
    lines: Vec<Notice>,
}

impl Notices {
    /// The notices of a whole page, in the order in which they are shown.
    #[must_use]
    pub const fn new(lines: Vec<Notice>) -> Self {
        Self { swap: false, lines }
    }

    /// Notices that htmx swaps in out of band, in place of the earlier ones.
    #[must_use]
    pub const fn swapped(lines: Vec<Notice>) -> Self {
        Self { swap: true, lines }
    }
}
