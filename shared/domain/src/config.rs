//! Settings, categories and rewards together: what the streamer has set up.

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
    /// Its identity.
    pub id: CategoryId,
    /// Its name.
    pub name: String,
    /// Whether its rewards are live.
    pub on: bool,
}

/// Everything the streamer has set up.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Config {
    /// The settings.
    pub settings: Settings,
    /// The categories, by name.
    pub categories: Vec<Category>,
    /// The rewards, by name.
    pub rewards: Vec<Reward>,
    /// How often each part was saved, so that two people who edit at once do not undo each other's work.
    pub versions: Versions,
}

/// How often each part of the configuration was saved; 0 for what only has its defaults.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Versions {
    /// Of each section of the settings, by [`Section::name`].
    pub sections: BTreeMap<String, u64>,
    /// Of each category.
    pub categories: BTreeMap<CategoryId, u64>,
    /// Of each reward.
    pub rewards: BTreeMap<RewardId, u64>,
}

/// A section of the settings. Each is saved by itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Section {
    /// How the bot listens and answers.
    Chat(ChatSettings),
    /// What points are called and how they are earned.
    Points(PointsSettings),
    /// When a stream is one stream, and what is caught up.
    Streams(StreamSettings),
    /// What the bot says by itself.
    Announcements(AnnouncementSettings),
    /// What watching several streams in a row brings.
    Streaks(StreakSettings),
    /// What the bot answers to chat that is no command.
    Phrases(Vec<Phrase>),
    /// Presents from viewer to viewer.
    Give(GiveSettings),
    /// What viewers can do in their panel.
    Panel(PanelSettings),
    /// Where browsers find the bot and Owncast.
    Address {
        /// The bot; see [`Settings::public_url`].
        public_url: Option<String>,
        /// Owncast; see [`Settings::owncast_url`].
        owncast_url: Option<String>,
    },
}

impl Section {
    /// The section of `settings` that has the same name as `like`.
    #[must_use]
    pub fn same_of(settings: &Settings, like: &Self) -> Self {
        match like {
            Self::Chat(_) => Self::Chat(settings.chat.clone()),
            Self::Points(_) => Self::Points(settings.points.clone()),
            Self::Streams(_) => Self::Streams(settings.streams.clone()),
            Self::Announcements(_) => Self::Announcements(settings.announcements.clone()),
            Self::Streaks(_) => Self::Streaks(settings.streaks.clone()),
            Self::Phrases(_) => Self::Phrases(settings.phrases.clone()),
            Self::Give(_) => Self::Give(settings.give.clone()),
            Self::Panel(_) => Self::Panel(settings.panel.clone()),
            Self::Address { .. } => Self::Address {
                public_url: settings.public_url.clone(),
                owncast_url: settings.owncast_url.clone(),
            },
        }
    }

    /// Its name, as it is stored.
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

impl Versions {
    /// Of the section called `name`; 0 when it has never been saved.
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

    /// The reward with this command, in lower case.
    #[must_use]
    pub fn reward_named(&self, name: &str) -> Option<&Reward> {
        self.rewards.iter().find(|reward| reward.name.as_str() == name)
    }

    /// The rewards that viewers can use now.
    pub fn live_rewards(&self) -> impl Iterator<Item = &Reward> {
        self.rewards.iter().filter(|reward| reward.is_live(&self.categories))
    }

    /// The category with this name, whatever its case.
    #[must_use]
    pub fn category_named(&self, name: &str) -> Option<&Category> {
        let name = name.to_lowercase();
        self.categories.iter().find(|category| category.name.to_lowercase() == name)
    }
}
