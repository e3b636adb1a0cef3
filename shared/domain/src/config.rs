//! Settings, categories and rewards together: what the streamer has set up.

use std::collections::BTreeMap;

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
    /// Of the chat settings.
    pub chat: u64,
    /// Of the points settings.
    pub points: u64,
    /// Of each category.
    pub categories: BTreeMap<CategoryId, u64>,
    /// Of each reward.
    pub rewards: BTreeMap<RewardId, u64>,
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
