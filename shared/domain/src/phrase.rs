//! Phrases: texts in chat, other than commands, that the bot answers.

use regex::{Regex, RegexBuilder};

use crate::line::Line;
use crate::reward::Access;
use crate::{PhraseId, Span};

/// The most phrases that can be set up.
pub const MAX_PHRASES: usize = 50;
/// The largest compiled size of a pattern, in bytes; larger ones are rejected.
const PATTERN_BYTES: usize = 1 << 18;

/// A text that the bot looks for in chat messages, and its answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Phrase {
    /// Its id.
    pub id: PhraseId,
    /// The text that it looks for.
    pub find: Find,
    /// The least time between two answers.
    pub cooldown: Span,
    /// The viewers who get an answer.
    pub access: Access,
    /// The answer, which may contain [placeholders](crate::placeholders).
    pub answer: Line,
}

/// What a message must contain, regardless of upper and lower case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Find {
    /// These words as whole words: "ban" is not found in "banana".
    Words(String),
    /// This text anywhere, within words too.
    Text(String),
    /// A match of this pattern.
    Pattern(Pattern),
}

/// A regular expression. Matching takes time linear in the length of the message.
#[derive(Debug, Clone)]
pub struct Pattern(Regex);

impl PartialEq for Pattern {
    fn eq(&self, other: &Self) -> bool {
        self.as_str() == other.as_str()
    }
}

impl Eq for Pattern {}

/// Why a text or a pattern cannot be used in a phrase.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadFind {
    /// It is empty, or matches every message.
    #[error("the text to look for is empty, or the pattern matches every message")]
    Empty,
    /// The regular expression is invalid or too large.
    #[error("the pattern cannot be used: {0}")]
    Pattern(String),
}

impl Pattern {
    /// Compiles a regular expression. It ignores case unless it contains `(?-i)`.
    ///
    /// # Errors
    /// [`BadFind`] when it is invalid or too large, or when it matches the empty text and so every message.
    pub fn new(text: &str) -> Result<Self, BadFind> {
        let built = RegexBuilder::new(text).case_insensitive(true).size_limit(PATTERN_BYTES).build();
        let regex = built.map_err(|error| BadFind::Pattern(error.to_string()))?;
        if regex.is_match("") { Err(BadFind::Empty) } else { Ok(Self(regex)) }
    }

    /// The source of the regular expression.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }
}

impl Find {
    /// Looks for `text` as whole words.
    ///
    /// # Errors
    /// [`BadFind::Empty`] when there is no visible character in it.
    pub fn words(text: &str) -> Result<Self, BadFind> {
        non_empty(text).map(Self::Words)
    }

    /// Looks for `text` anywhere, within words too.
    ///
    /// # Errors
    /// [`BadFind::Empty`] when there is no visible character in it.
    pub fn text(text: &str) -> Result<Self, BadFind> {
        non_empty(text).map(Self::Text)
    }

    /// Whether `message` contains it.
    #[must_use]
    pub fn is_in(&self, message: &str) -> bool {
        match self {
            Self::Pattern(pattern) => pattern.0.is_match(message),
            Self::Text(text) => message.to_lowercase().contains(text),
            Self::Words(words) => {
                let message = message.to_lowercase();
                let word = |c: char| c.is_alphanumeric() || c == '_';
                message.match_indices(words.as_str()).any(|(at, found)| {
                    let before = message.get(..at).and_then(|text| text.chars().next_back());
                    let after = message.get(at + found.len()..).and_then(|text| text.chars().next());
                    // It is part of a longer word only if a word character touches one of its own.
                    let joins = |outside: Option<char>, edge: Option<char>| {
                        outside.is_some_and(word) && edge.is_some_and(word)
                    };
                    !joins(before, found.chars().next()) && !joins(after, found.chars().next_back())
                })
            }
        }
    }
}

fn non_empty(text: &str) -> Result<String, BadFind> {
    let text = crate::text::clean(text).to_lowercase();
    if text.is_empty() { Err(BadFind::Empty) } else { Ok(text) }
}

/// The phrases that `message` contains, in the streamer's order.
pub fn found_in<'a>(phrases: &'a [Phrase], message: &'a str) -> impl Iterator<Item = &'a Phrase> {
    phrases.iter().filter(move |phrase| phrase.find.is_in(message))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn words_are_not_found_inside_longer_words() {
        let ban = Find::words("Ban").unwrap();
        for message in ["ban", "a BAN!", "ban-hammer", "no,ban", "🍺ban🍺"] {
            assert!(ban.is_in(message), "{message}");
        }
        for message in ["banana", "urban", "ban_1", "bän", ""] {
            assert!(!ban.is_in(message), "{message}");
        }
        assert!(Find::words("good  night").unwrap().is_in("Well, good night!"));
        assert!(Find::words("<3").unwrap().is_in("love<3"));
        assert!(Find::words("ÄRGER").unwrap().is_in("kein ärger"));
    }

    #[test]
    fn text_is_found_anywhere() {
        assert!(Find::text("ban").unwrap().is_in("Banana"));
        assert!(!Find::text("ban").unwrap().is_in("bonobo"));
        assert_eq!(Find::text(" "), Err(BadFind::Empty));
        assert_eq!(Find::words("\u{202e}"), Err(BadFind::Empty));
    }

    #[test]
    fn patterns_are_validated_and_bounded() {
        let pattern = |text| Pattern::new(text).map(Find::Pattern);
        assert!(pattern(r"^when .* (start|begin)").unwrap().is_in("When does it START?"));
        assert_eq!(pattern("a*").unwrap_err(), BadFind::Empty);
        assert!(matches!(pattern("(").unwrap_err(), BadFind::Pattern(_)));
        assert!(matches!(pattern(r"(\w{500}){500}").unwrap_err(), BadFind::Pattern(_)));
        // An engine that backtracks would take exponential time for this.
        assert!(!pattern("(a+)+$x").unwrap().is_in(&"a".repeat(2_000)));
    }

    proptest! {
        #[test]
        fn words_are_found_in_any_message(words in ".{1,10}", message in ".{0,40}") {
            if let Ok(find) = Find::words(&words) {
                let _ = find.is_in(&message);
                let alone = format!("a {words} b");
                prop_assert!(find.is_in(&crate::text::clean(&alone)));
            }
        }
    }
}
