//! The name of a reward, which is also its command.

use crate::command::BUILT_IN;

/// A reward's command without the prefix, in lower case.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct CommandName(String);

/// Why a text cannot be a command.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadName {
    /// It is empty or has more than 30 characters.
    #[error("a reward's name must have 1 to 30 characters")]
    Length,
    /// It contains whitespace, a control character or `#`.
    #[error("a reward's name must be one word without #")]
    Character,
    /// It is one of the bot's own commands.
    #[error("{0} is one of the bot's own commands")]
    Reserved(String),
}

impl CommandName {
    /// Validates `text` as a command and converts it to lower case.
    ///
    /// # Errors
    /// [`BadName`] when it is not one word of 1 to 30 characters without `#`, or when it is one of the bot's
    /// own commands.
    pub fn new(text: &str) -> Result<Self, BadName> {
        let name = text.trim().to_lowercase();
        if !(1..=30).contains(&name.chars().count()) {
            return Err(BadName::Length);
        }
        if name.contains(|c: char| c.is_whitespace() || c.is_control() || c == '#') {
            return Err(BadName::Character);
        }
        if BUILT_IN.contains(&name.as_str()) {
            return Err(BadName::Reserved(name));
        }
        Ok(Self(name))
    }

    /// The name as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Display for CommandName {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_one_word_and_not_reserved() {
        assert_eq!(CommandName::new(" Hydrate ").unwrap().as_str(), "hydrate");
        assert!(CommandName::new("🍺").is_ok());
        assert_eq!(CommandName::new("two words"), Err(BadName::Character));
        assert_eq!(CommandName::new("POINTS"), Err(BadName::Reserved("points".into())));
        assert_eq!(CommandName::new(&"x".repeat(31)), Err(BadName::Length));
    }
}
