//! Lines that the bot says by itself while the stream is live.

use crate::Span;

/// The most lines that are kept.
pub const MAX_LINES: usize = 50;
/// The most characters of one line.
pub const LONGEST_LINE: usize = 500;
/// Owncast remembers as many messages; more cannot be counted.
pub const MAX_MESSAGES: u8 = 50;

/// What the bot says by itself, and how often.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AnnouncementSettings {
    /// Whether it says anything.
    pub on: bool,
    /// How often; at least a minute in the cloud.
    pub interval: Span,
    /// Which line comes next.
    pub order: Order,
    /// Only after viewers have written this many messages since the last one, so that it does not talk to itself; at
    /// most [`MAX_MESSAGES`].
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
    /// Whether there is anything to say.
    #[must_use]
    pub const fn wanted(&self) -> bool {
        self.on && !self.lines.is_empty()
    }
}

/// Which line comes next.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Order {
    /// As they are listed.
    #[default]
    InOrder,
    /// Mixed anew for each round, so that each is said once before any comes again.
    Shuffled,
}

/// A line in Owncast's Markdown, with custom emoji as `:name:` and placeholders such as `{title}`
/// (see [`crate::placeholders`]).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line(String);

/// Why a text cannot be a line.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadLine {
    /// There is nothing in it.
    #[error("the line is empty")]
    Empty,
    /// More than [`LONGEST_LINE`].
    #[error("the line has {0} characters, and {LONGEST_LINE} fit")]
    TooLong(usize),
    /// It begins like a heading, a list or a quote, which Owncast's chat does not show, or holds a picture.
    #[error("chat shows no headings, lists, quotes or pictures: begin with a word, and leave out {0}")]
    Block(&'static str),
    /// A placeholder that nobody fills in.
    #[error("there is no placeholder {{{0}}}; there are: {names}", names = crate::placeholders::names())]
    Placeholder(String),
}

impl Line {
    /// Takes `text` as a line: line breaks become blanks, since each line is one message.
    ///
    /// # Errors
    /// [`BadLine`] when it is empty, too long, or holds a placeholder that does not exist.
    pub fn new(text: &str) -> Result<Self, BadLine> {
        let text = crate::text::clean(text);
        let length = text.chars().count();
        if length == 0 {
            return Err(BadLine::Empty);
        }
        if length > LONGEST_LINE {
            return Err(BadLine::TooLong(length));
        }
        if let Some(block) = block(&text) {
            return Err(BadLine::Block(block));
        }
        match crate::placeholders::unknown(&text) {
            Some(name) => Err(BadLine::Placeholder(name.to_owned())),
            None => Ok(Self(text)),
        }
    }

    /// The line as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// What Owncast's sanitiser would take out of a line, leaving something else than was written.
fn block(text: &str) -> Option<&'static str> {
    let numbered = || {
        let rest = text.trim_start_matches(|c: char| c.is_ascii_digit());
        rest.len() < text.len() && (rest.starts_with(". ") || rest.starts_with(") "))
    };
    let starts = ["#", ">", "- ", "+ ", "* ", "```", "~~~", "---", "***", "___", "==="];
    let found = starts.into_iter().find(|start| text.starts_with(start));
    found.or_else(|| numbered().then_some("the number")).or_else(|| text.contains("![").then_some("!["))
}

impl std::fmt::Display for Line {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_one_message_with_known_placeholders() {
        assert_eq!(Line::new(" Hello\n **you** ").unwrap().as_str(), "Hello **you**");
        assert!(Line::new("{title} at {goal}, {prefix}help :wave:").is_ok());
        assert!(Line::new("{} and { this }").is_ok(), "braces that hold no word are text");
        for text in ["# Hi", "> Hi", "- Hi", "* Hi", "1. Hi", "2) Hi", "```", "---", "look ![x](y)"] {
            assert!(matches!(Line::new(text), Err(BadLine::Block(_))), "{text}");
        }
        assert!(Line::new("*Hi*, 1.5 or -1, and **you**").is_ok());
        assert_eq!(Line::new(" \n"), Err(BadLine::Empty));
        assert_eq!(Line::new(&"x".repeat(501)), Err(BadLine::TooLong(501)));
        let error = Line::new("{tilte}").unwrap_err().to_string();
        assert!(error.starts_with("there is no placeholder {tilte}; there are: {"), "{error}");
    }
}
