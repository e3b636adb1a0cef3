//! The configuration: settings, categories and rewards.

use std::collections::BTreeMap;

use crate::phrase::Phrase;
use crate::reward::Kind;
use crate::settings::{
    AnnouncementSettings, ChatSettings, GiveSettings, PanelSettings, PointsSettings, StreakSettings,
    StreamSettings,
};
use crate::{CategoryId, Points, Reward, RewardId, Settings, Timestamp};

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

    /// The goal that is closest to its target, in proportion, of those that are live, have not ended and are
    /// not reached, with its progress. `progress` returns the points that a goal has.
    #[must_use]
    pub fn next_goal(
        &self,
        now: Timestamp,
        progress: impl Fn(&Reward) -> Points,
    ) -> Option<(&Reward, Points)> {
        let open = self.live_rewards().filter_map(|reward| {
            let Kind::Goal(goal) = &reward.kind else { return None };
            let done = progress(reward);
            (!reward.is_over(now) && done < goal.target()).then_some((reward, done, goal.target()))
        });
        let part =
            |done: Points, target: Points| i128::from(done.get()) * 1_000_000 / i128::from(target.get());
        let next = open.max_by(|(_, a, of_a), (_, b, of_b)| part(*a, *of_a).cmp(&part(*b, *of_b)));
        next.map(|(reward, done, _)| (reward, done))
    }

    /// The category with this name, regardless of case.
    #[must_use]
    pub fn category_named(&self, name: &str) -> Option<&Category> {
        let name = name.to_lowercase();
        self.categories.iter().find(|category| category.name.to_lowercase() == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reward::{CommandName, Goal};

    fn goal(name: &str, target: i64) -> Reward {
        let (id, command) = (RewardId::new(name).unwrap(), CommandName::new(name).unwrap());
        let goal = Goal::new(Points::new(target).unwrap(), Vec::new()).unwrap();
        Reward::new(id, command, Points::ZERO, Kind::Goal(goal))
    }

    #[test]
    fn next_goal_has_the_largest_share_done() {
        let config =
            Config { rewards: vec![goal("a", 1000), goal("b", 10), goal("c", 10)], ..Config::default() };
        let progress = |reward: &Reward| {
            let done = match reward.name.as_str() {
                "a" => 500,
                "b" => 6,
                _ => 10,
            };
            Points::new(done).unwrap()
        };
        let next = config.next_goal(Timestamp::from_ms(0), progress);
        assert_eq!(next.map(|(reward, _)| reward.name.as_str()), Some("b"));
    }
}
