//! Parsing of viewers, by name or by id.

use super::Amount;
use crate::ViewerId;

/// A viewer as named in a command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ViewerRef {
    /// By name, as typed, without leading `@`s.
    Name(String),
    /// By id: `id:<id>`.
    Id(ViewerId),
}

impl ViewerRef {
    fn parse(text: &str) -> Self {
        let id = text.strip_prefix("id:").and_then(|id| ViewerId::new(id).ok());
        id.map_or_else(|| Self::Name(text.trim_start_matches('@').to_owned()), Self::Id)
    }
}

impl std::fmt::Display for ViewerRef {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Name(name) => f.write_str(name),
            Self::Id(id) => write!(f, "id:{id}"),
        }
    }
}

/// A viewer, the word that should be an amount, and the text after it.
#[derive(Debug)]
pub(super) struct Addressed {
    pub(super) viewer: ViewerRef,
    pub(super) amount: String,
    pub(super) rest: String,
}

/// Parses `<viewer> <amount> [rest]`; `None` without a viewer or an amount. Names may contain spaces. A name
/// that contains a number as a word must be in double quotes.
pub(super) fn addressed(argument: &str) -> Option<Addressed> {
    let (viewer, rest) = if let Some(quoted) = argument.strip_prefix('"') {
        let (name, rest) = quoted.split_once('"')?;
        (name.to_owned(), rest.trim_start().to_owned())
    } else {
        let words: Vec<&str> = argument.split(' ').collect();
        // If no word is an amount, the last one is taken for a mistyped amount.
        let at = words.iter().skip(1).position(|word| Amount::parse(word).is_ok());
        let at = at.map_or(words.len().saturating_sub(1), |at| at + 1);
        let (name, rest) = words.split_at(at);
        (name.join(" "), rest.join(" "))
    };
    let (amount, rest) = rest.split_once(' ').unwrap_or((&rest, ""));
    if viewer.is_empty() || amount.is_empty() {
        return None;
    }
    Some(Addressed { viewer: ViewerRef::parse(&viewer), amount: amount.to_owned(), rest: rest.to_owned() })
}
