//! The settings, with defaults that work without any setup.

mod announcements;
mod community;
mod panel;
mod streaks;
mod streams;

pub use announcements::{AnnouncementSettings, MAX_LINES, MAX_MESSAGES, Order};
pub use community::GiveSettings;
pub use panel::PanelSettings;
pub use streaks::{Grace, StreakReward, StreakSettings};
pub use streams::StreamSettings;

use crate::phrase::Phrase;
use crate::{Points, Span};

/// Everything that can be set, by section. Each section is stored and edited on its own.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Settings {
    /// The command prefix and how answers are sent.
    pub chat: ChatSettings,
    /// The name of the points and how they are earned.
    pub points: PointsSettings,
    /// How broadcasts become streams, and which missed commands are caught up.
    pub streams: StreamSettings,
    /// The announcements.
    pub announcements: AnnouncementSettings,
    /// The watch streaks and their rewards.
    pub streaks: StreakSettings,
    /// The phrases that the bot answers in chat.
    pub phrases: Vec<Phrase>,
    /// Gifts of points from viewer to viewer.
    pub give: GiveSettings,
    /// What viewers can do in their panel.
    pub panel: PanelSettings,
    /// The URL under which viewers open Owncast, if it differs from the one that the bot uses. Without a
    /// trailing slash.
    pub owncast_url: Option<String>,
    /// The URL under which browsers and Owncast reach the bot, without a trailing slash. It is known only
    /// after deployment, when the deploy script writes it; everything else works without it.
    pub public_url: Option<String>,
}

/// The command prefix and how answers are sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChatSettings {
    /// The prefix of commands.
    pub prefix: Prefix,
    /// Who sees an answer that concerns only one viewer.
    pub answers: Answers,
    /// Whether a mistyped command gets a suggestion.
    pub suggestions: bool,
}

impl Default for ChatSettings {
    fn default() -> Self {
        Self { prefix: Prefix::default(), answers: Answers::Whispered, suggestions: true }
    }
}

/// Who sees an answer that concerns only one viewer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Answers {
    /// Only the viewer who asked.
    #[default]
    Whispered,
    /// Everybody in chat.
    Public,
}

/// The name of the points and how they are earned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PointsSettings {
    /// What the streamer calls points.
    pub name: PointsName,
    /// The points that a new viewer starts with.
    pub welcome: Points,
    /// The points that one tick of watching earns.
    pub per_tick: Points,
    /// The time between two ticks; at least a minute on AWS.
    pub interval: Span,
    /// Factors for viewers who earn more or less.
    pub multipliers: Multipliers,
}

impl Default for PointsSettings {
    fn default() -> Self {
        let points = |n| Points::new(n).unwrap_or_default();
        Self {
            name: PointsName::new("points"),
            welcome: points(100),
            per_tick: points(10),
            interval: Span::minutes(10),
            multipliers: Multipliers::default(),
        }
    }
}

/// What the streamer calls points, for one and for several.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PointsName {
    /// For one: `coin`.
    pub one: String,
    /// For any other number: `coins`.
    pub other: String,
}

impl PointsName {
    /// The name `other`, with the form for one that an English word would have.
    #[must_use]
    pub fn new(other: &str) -> Self {
        let irregular = ["ss", "us", "is", "os"].into_iter().any(|end| other.ends_with(end));
        let one = other.strip_suffix('s').filter(|one| !one.is_empty() && !irregular).unwrap_or(other);
        Self { one: one.to_owned(), other: other.to_owned() }
    }
}

/// Factors on the income from watching. All that apply are multiplied.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Multipliers {
    /// For Owncast's chat moderators.
    pub moderator: Percent,
    /// For viewers with a linked identity.
    pub authenticated: Percent,
    /// For members.
    pub member: Percent,
}

/// A factor in percent, from 0 to 1,000; 100 changes nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Percent(u16);

impl Percent {
    /// `n` percent; `None` above 1,000.
    #[must_use]
    pub const fn new(n: u16) -> Option<Self> {
        if n <= 1000 { Some(Self(n)) } else { None }
    }

    /// The percentage.
    #[must_use]
    pub const fn get(self) -> u16 {
        self.0
    }
}

impl Default for Percent {
    fn default() -> Self {
        Self(100)
    }
}

/// The prefix of commands: 1 to 5 characters, without whitespace, control characters, letters or digits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Prefix(String);

/// Why a text cannot be a prefix.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a prefix has 1 to 5 characters and no blanks, letters or digits, such as ! or ?")]
pub struct BadPrefix;

impl Prefix {
    /// Validates `text` as the prefix of commands.
    ///
    /// # Errors
    /// [`BadPrefix`] when commands could not be distinguished from chat with it.
    pub fn new(text: &str) -> Result<Self, BadPrefix> {
        let length = text.chars().count();
        let invalid = |c: char| c.is_whitespace() || c.is_control() || c.is_alphanumeric();
        if !(1..=5).contains(&length) || text.contains(invalid) {
            return Err(BadPrefix);
        }
        Ok(Self(text.to_owned()))
    }

    /// The prefix as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Default for Prefix {
    fn default() -> Self {
        Self("!".to_owned())
    }
}

impl std::fmt::Display for Prefix {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prefixes_are_distinguishable_from_chat() {
        assert!(Prefix::new("!").is_ok());
        assert!(Prefix::new("🦊").is_ok());
        for bad in ["", " ", "a", "!a", "! ", "!!!!!!", "\n"] {
            assert_eq!(Prefix::new(bad), Err(BadPrefix), "{bad:?}");
        }
    }
}
