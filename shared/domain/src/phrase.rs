//! What the bot answers to chat that is no command.

use regex::{Regex, RegexBuilder};

use crate::reward::Access;
use crate::settings::Line;
use crate::{PhraseId, Span};

/// The most phrases that are kept.
pub const MAX_PHRASES: usize = 50;
/// A compiled pattern takes at most this many bytes; what needs more is refused.
const PATTERN_BYTES: usize = 1 << 18;

/// Words that the bot waits for, and its answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Phrase {
    /// Its identity.
    pub id: PhraseId,
    /// What it waits for.
    pub find: Find,
    /// How long it rests after an answer.
    pub cooldown: Span,
    /// Whom it answers.
    pub access: Access,
    /// What it says; see [`crate::placeholders`].
    pub answer: Line,
}

/// What a message must hold, whatever the case of its letters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Find {
    /// These words, by themselves: "ban" is not found in "banana".
    Words(String),
    /// This text, wherever it stands.
    Text(String),
    /// A match of this pattern.
    Pattern(Pattern),
}

/// A regular expression, found in time that grows only with the length of the message.
#[derive(Debug, Clone)]
pub struct Pattern(Regex);

impl PartialEq for Pattern {
    fn eq(&self, other: &Self) -> bool {
        self.as_str() == other.as_str()
    }
}

impl Eq for Pattern {}

/// Why a text cannot be waited for.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadFind {
    /// It would be found in everything.
    #[error("there is nothing to wait for")]
    Empty,
    /// The regular expression cannot be read, or is too large.
    #[error("the pattern cannot be used: {0}")]
    Pattern(String),
}

impl Pattern {
    /// Reads a regular expression; letters match in either case unless it says `(?-i)`.
    ///
    /// # Errors
    /// [`BadFind`] when it cannot be read, is too large, or matches the empty text and so every message.
    pub fn new(text: &str) -> Result<Self, BadFind> {
        let built = RegexBuilder::new(text).case_insensitive(true).size_limit(PATTERN_BYTES).build();
        let regex = built.map_err(|error| BadFind::Pattern(error.to_string()))?;
        if regex.is_match("") { Err(BadFind::Empty) } else { Ok(Self(regex)) }
    }

    /// The regular expression as it was written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }
}

impl Find {
    /// Waits for `text` as words by themselves.
    ///
    /// # Errors
    /// [`BadFind::Empty`] when there is nothing in it.
    pub fn words(text: &str) -> Result<Self, BadFind> {
        some(text).map(Self::Words)
    }

    /// Waits for `text` wherever it stands.
    ///
    /// # Errors
    /// [`BadFind::Empty`] when there is nothing in it.
    pub fn text(text: &str) -> Result<Self, BadFind> {
        some(text).map(Self::Text)
    }

    /// Whether it is in `message`.
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
                    // Only a letter beside a letter makes it part of a longer word.
                    let joins = |outside: Option<char>, edge: Option<char>| {
                        outside.is_some_and(word) && edge.is_some_and(word)
                    };
                    !joins(before, found.chars().next()) && !joins(after, found.chars().next_back())
                })
            }
        }
    }
}

fn some(text: &str) -> Result<String, BadFind> {
    let text = crate::text::clean(text).to_lowercase();
    if text.is_empty() { Err(BadFind::Empty) } else { Ok(text) }
}

/// The phrases that are in `message`, in the streamer's order.
pub fn found_in<'a>(phrases: &'a [Phrase], message: &'a str) -> impl Iterator<Item = &'a Phrase> {
    phrases.iter().filter(move |phrase| phrase.find.is_in(message))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn whole_words_are_no_parts_of_words() {
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
    fn patterns_are_bounded() {
        let pattern = |text| Pattern::new(text).map(Find::Pattern);
        assert!(pattern(r"^when .* (start|begin)").unwrap().is_in("When does it START?"));
        assert_eq!(pattern("a*").unwrap_err(), BadFind::Empty);
        assert!(matches!(pattern("(").unwrap_err(), BadFind::Pattern(_)));
        assert!(matches!(pattern(r"(\w{500}){500}").unwrap_err(), BadFind::Pattern(_)));
        // Takes for ever where patterns go back and try again.
        assert!(!pattern("(a+)+$x").unwrap().is_in(&"a".repeat(2_000)));
    }

    proptest! {
        #[test]
        fn no_message_breaks_the_search(words in ".{1,10}", message in ".{0,40}") {
            if let Ok(find) = Find::words(&words) {
                let _ = find.is_in(&message);
                let alone = format!("a {words} b");
                prop_assert!(find.is_in(&crate::text::clean(&alone)));
            }
        }
    }
}
