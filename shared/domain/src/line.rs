//! A line that the streamer lets the bot say: one chat message with known placeholders.

/// The most characters of one line.
pub const LONGEST_LINE: usize = 500;

/// A line in Owncast's Markdown, with custom emoji as `:name:` and placeholders such as `{title}`
/// (see [`crate::placeholders`]).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line(String);

/// Why a text cannot be a line.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadLine {
    /// It is empty.
    #[error("the line is empty")]
    Empty,
    /// It has more than [`LONGEST_LINE`] characters.
    #[error("the line has {0} characters; at most {LONGEST_LINE} fit")]
    TooLong(usize),
    /// It begins like a heading, a list or a quote, or contains an image. Owncast's chat does not show these.
    #[error("chat shows no headings, lists, quotes or images: start with a word and leave out {0}")]
    Block(&'static str),
    /// It contains a placeholder that does not exist.
    #[error("there is no placeholder {{{0}}}; available are: {names}", names = crate::placeholders::names())]
    Placeholder(String),
}

impl Line {
    /// Validates `text` as a line. Line breaks become spaces, since each line is one message.
    ///
    /// # Errors
    /// [`BadLine`] when it is empty or too long, when Owncast's chat would not show it as written, or when it
    /// contains a placeholder that does not exist.
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

/// The Markdown in `text` that Owncast's sanitizer would remove from the rendered message, if any.
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
    fn line_is_one_message_with_known_placeholders() {
        assert_eq!(Line::new(" Hello\n **you** ").unwrap().as_str(), "Hello **you**");
        assert!(Line::new("{title} at {goal}, {prefix}help :wave:").is_ok());
        assert!(Line::new("{} and { this }").is_ok(), "braces without a word are plain text");
        for text in ["# Hi", "> Hi", "- Hi", "* Hi", "1. Hi", "2) Hi", "```", "---", "look ![x](y)"] {
            assert!(matches!(Line::new(text), Err(BadLine::Block(_))), "{text}");
        }
        assert!(Line::new("*Hi*, 1.5 or -1, and **you**").is_ok());
        assert_eq!(Line::new(" \n"), Err(BadLine::Empty));
        assert_eq!(Line::new(&"x".repeat(501)), Err(BadLine::TooLong(501)));
        let error = Line::new("{tilte}").unwrap_err().to_string();
        assert!(error.starts_with("there is no placeholder {tilte}; available are: {"), "{error}");
    }
}
