//! What the streamer can set, with defaults that work.

mod announcements;
mod community;
mod panel;
mod streaks;
mod streams;

pub use announcements::{AnnouncementSettings, BadLine, LONGEST_LINE, Line, MAX_LINES, MAX_MESSAGES, Order};
pub use community::GiveSettings;
pub use panel::PanelSettings;
pub use streaks::{Grace, StreakReward, StreakSettings};
pub use streams::StreamSettings;

use crate::config::Section;
use crate::phrase::Phrase;
use crate::{Points, Span};

/// Everything that can be set, by section. Each section is stored and edited by itself.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Settings {
    /// How the bot listens and answers.
    pub chat: ChatSettings,
    /// What points are called and how they are earned.
    pub points: PointsSettings,
    /// When a stream is one stream, and what is caught up.
    pub streams: StreamSettings,
    /// What the bot says by itself.
    pub announcements: AnnouncementSettings,
    /// What watching several streams in a row brings.
    pub streaks: StreakSettings,
    /// What the bot answers to chat that is no command.
    pub phrases: Vec<Phrase>,
    /// Presents from viewer to viewer.
    pub give: GiveSettings,
    /// What viewers can do in their panel.
    pub panel: PanelSettings,
    /// The address under which viewers open Owncast, where it is not the one that the bot calls it by. Without a slash at
    /// its end.
    pub owncast_url: Option<String>,
    /// The address under which browsers and Owncast reach the bot, without a slash at its end. Known only after
    /// deployment, so the deploy script writes it; nothing depends on it before that.
    pub public_url: Option<String>,
}

impl Settings {
    /// Replaces a section.
    pub fn set(&mut self, section: Section) {
        match section {
            Section::Chat(chat) => self.chat = chat,
            Section::Points(points) => self.points = points,
            Section::Streams(streams) => self.streams = streams,
            Section::Announcements(announcements) => self.announcements = announcements,
            Section::Streaks(streaks) => self.streaks = streaks,
            Section::Phrases(phrases) => self.phrases = phrases,
            Section::Give(give) => self.give = give,
            Section::Panel(panel) => self.panel = panel,
            Section::Address { public_url, owncast_url } => {
                (self.public_url, self.owncast_url) = (public_url, owncast_url);
            }
        }
    }
}

/// How the bot listens and answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChatSettings {
    /// What a command begins with.
    pub prefix: Prefix,
    /// Who sees answers that concern one viewer only.
    pub answers: Answers,
    /// Whether a mistyped command gets a suggestion.
    pub suggestions: bool,
}

impl Default for ChatSettings {
    fn default() -> Self {
        Self { prefix: Prefix::default(), answers: Answers::Whispered, suggestions: true }
    }
}

/// Who sees the answers that concern one viewer only.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Answers {
    /// Only the viewer who asked.
    #[default]
    Whispered,
    /// Everybody in chat.
    Public,
}

/// What points are called and how they are earned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PointsSettings {
    /// What the streamer's own lines call them; the bot's texts say points.
    pub name: String,
    /// What a new viewer starts with.
    pub welcome: Points,
    /// What one tick of watching brings.
    pub per_tick: Points,
    /// How often a tick comes; at least a minute in the cloud.
    pub interval: Span,
    /// Who earns more, or less.
    pub multipliers: Multipliers,
}

impl Default for PointsSettings {
    fn default() -> Self {
        let points = |n| Points::new(n).unwrap_or_default();
        Self {
            name: "points".to_owned(),
            welcome: points(100),
            per_tick: points(10),
            interval: Span::minutes(10),
            multipliers: Multipliers::default(),
        }
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

/// A factor in hundredths: 100 leaves things as they are, 0 takes everything, at most 1,000.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Percent(u16);

impl Percent {
    /// `n` hundredths; `None` above 1,000.
    #[must_use]
    pub const fn new(n: u16) -> Option<Self> {
        if n <= 1000 { Some(Self(n)) } else { None }
    }

    /// The hundredths.
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

/// What a command begins with: 1 to 5 characters without blanks, letters or digits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Prefix(String);

/// Why a text cannot be a prefix.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a prefix has 1 to 5 characters and no blanks, letters or digits, such as ! or ?")]
pub struct BadPrefix;

impl Prefix {
    /// Takes `text` as the prefix of commands.
    ///
    /// # Errors
    /// [`BadPrefix`] when chat could not be told from commands with it.
    pub fn new(text: &str) -> Result<Self, BadPrefix> {
        let length = text.chars().count();
        let strange = |c: char| c.is_whitespace() || c.is_control() || c.is_alphanumeric();
        if !(1..=5).contains(&length) || text.contains(strange) {
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
    fn prefixes_can_be_told_from_chat() {
        assert!(Prefix::new("!").is_ok());
        assert!(Prefix::new("🦊").is_ok());
        for bad in ["", " ", "a", "!a", "! ", "!!!!!!", "\n"] {
            assert_eq!(Prefix::new(bad), Err(BadPrefix), "{bad:?}");
        }
    }
}
