//! The configuration: settings, categories and rewards.

use std::collections::BTreeMap;

use crate::phrase::Phrase;
use crate::settings::{
    AnnouncementSettings, ChatSettings, GiveSettings, PanelSettings, PointsSettings, StreakSettings,
    StreamSettings,
};
use crate::{CategoryId, Reward, RewardId, Settings};

/// A group of rewards that is switched on and off together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Category {
    /// Its id.
    pub id: CategoryId,
    /// Its name, which viewers see.
    pub name: String,
    /// Whether its rewards are offered.
    pub on: bool,
}

/// Everything that the streamer has set up.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Config {
    /// The settings.
    pub settings: Settings,
    /// The categories, sorted by name.
    pub categories: Vec<Category>,
    /// The rewards, sorted by name.
    pub rewards: Vec<Reward>,
    /// The version of each part, for optimistic concurrency: two people who edit at once do not overwrite
    /// each other.
    pub versions: Versions,
}

/// The version of each part of the configuration: how often it was saved. It is 0 for a part that has only
/// its defaults.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Versions {
    /// The versions of the sections of the settings, by [`Section::name`].
    pub sections: BTreeMap<String, u64>,
    /// The versions of the categories.
    pub categories: BTreeMap<CategoryId, u64>,
    /// The versions of the rewards.
    pub rewards: BTreeMap<RewardId, u64>,
}

/// A section of the settings. Each is saved on its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Section {
    /// The command prefix and how answers are sent.
    Chat(ChatSettings),
    /// The name of the points and how they are earned.
    Points(PointsSettings),
    /// How broadcasts become streams, and which missed commands are caught up.
    Streams(StreamSettings),
    /// The announcements.
    Announcements(AnnouncementSettings),
    /// The watch streaks and their rewards.
    Streaks(StreakSettings),
    /// The phrases that the bot answers in chat.
    Phrases(Vec<Phrase>),
    /// Gifts of points from viewer to viewer.
    Give(GiveSettings),
    /// What viewers can do in their panel.
    Panel(PanelSettings),
    /// The URLs under which browsers reach the bot and Owncast.
    Address {
        /// The URL of the bot; see [`Settings::public_url`].
        public_url: Option<String>,
        /// The URL of Owncast; see [`Settings::owncast_url`].
        owncast_url: Option<String>,
    },
}

impl Section {
    /// The section of `settings` of the same kind as `like`.
    #[must_use]
    pub fn same_of(settings: &Settings, like: &Self) -> Self {
        match like {
            Self::Chat(_) => Self::Chat(settings.chat.clone()),
            Self::Points(_) => Self::Points(settings.points.clone()),
            Self::Streams(_) => Self::Streams(settings.streams),
            Self::Announcements(_) => Self::Announcements(settings.announcements.clone()),
            Self::Streaks(_) => Self::Streaks(settings.streaks.clone()),
            Self::Phrases(_) => Self::Phrases(settings.phrases.clone()),
            Self::Give(_) => Self::Give(settings.give),
            Self::Panel(_) => Self::Panel(settings.panel),
            Self::Address { .. } => Self::Address {
                public_url: settings.public_url.clone(),
                owncast_url: settings.owncast_url.clone(),
            },
        }
    }

    /// Its name, which is stored.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Chat(_) => "chat",
            Self::Points(_) => "points",
            Self::Streams(_) => "streams",
            Self::Announcements(_) => "announcements",
            Self::Streaks(_) => "streaks",
            Self::Phrases(_) => "phrases",
            Self::Give(_) => "give",
            Self::Panel(_) => "panel",
            Self::Address { .. } => "address",
        }
    }
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

impl Versions {
    /// The version of the section called `name`; 0 when it has never been saved.
    #[must_use]
    pub fn section(&self, name: &str) -> u64 {
        self.sections.get(name).copied().unwrap_or_default()
    }
}

impl Config {
    /// The reward with this id.
    #[must_use]
    pub fn reward(&self, id: &RewardId) -> Option<&Reward> {
        self.rewards.iter().find(|reward| reward.id == *id)
    }

    /// The reward with the command `name`, which must be in lower case.
    #[must_use]
    pub fn reward_named(&self, name: &str) -> Option<&Reward> {
        self.rewards.iter().find(|reward| reward.name.as_str() == name)
    }

    /// The rewards that are offered now.
    pub fn live_rewards(&self) -> impl Iterator<Item = &Reward> {
        self.rewards.iter().filter(|reward| reward.is_live(&self.categories))
    }

    /// The category with this name, regardless of case.
    #[must_use]
    pub fn category_named(&self, name: &str) -> Option<&Category> {
        let name = name.to_lowercase();
        self.categories.iter().find(|category| category.name.to_lowercase() == name)
    }
}
