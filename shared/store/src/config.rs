//! Reading and saving what the streamer has set up.

use ownchatbot_domain::config::{Section, Versions};
use ownchatbot_domain::{Category, Config, Effect, EventId, Reward, Timestamp};

use crate::commit::outbox;
use crate::expression::{Expression, Write};
use crate::item::{Damaged, Item, n};
use crate::{Commit, Store, StoreError, keys, rows};

/// What became of something that was saved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Saved {
    /// It is saved.
    Saved,
    /// Somebody else has changed it since it was read, or its command belongs to another reward.
    Refused,
}

const DOING: &str = "reading the configuration";

impl Store {
    /// Settings, categories and rewards, in one query.
    ///
    /// # Errors
    /// [`StoreError`] when they cannot be read.
    pub async fn config(&self) -> Result<Config, StoreError> {
        let mut config = Config::default();
        for item in self.query(keys::CONFIG, "", usize::MAX, DOING).await? {
            // One damaged reward must not silence the whole bot.
            if let Err(error) = read_part(&mut config, &item) {
                tracing::error!(
                    error = %error,
                    "a part of the configuration is left out"
                );
            }
        }
        config.categories.sort_by(|a, b| a.name.cmp(&b.name));
        config.rewards.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(config)
    }

    /// Saves a section of the settings with the effects and the receipt of `event`. `seen` is the version that was read, 0
    /// for none; [`Commit::Stale`] when it is another by now.
    ///
    /// # Errors
    /// [`StoreError`] when it is not known to be saved.
    pub async fn commit_section(
        &self,
        event: &EventId,
        at: Timestamp,
        section: &Section,
        seen: u64,
        effects: &[Effect],
    ) -> Result<Commit, StoreError> {
        self.save_for((event, at), rows::settings::section(section), seen, Vec::new(), effects).await
    }

    /// Saves a reward with the effects and the receipt of `event`. `before` is what was read, with its version; nothing for
    /// a new one. [`Commit::Stale`] when it is another by now, or its command belongs to another reward.
    ///
    /// # Errors
    /// [`StoreError`] when it is not known to be saved.
    pub async fn commit_reward(
        &self,
        event: &EventId,
        at: Timestamp,
        reward: &Reward,
        before: Option<(&Reward, u64)>,
        effects: &[Effect],
    ) -> Result<Commit, StoreError> {
        let seen = before.map_or(0, |(_, seen)| seen);
        self.save_for((event, at), rows::config::reward(reward), seen, renamed(reward, before), effects).await
    }

    /// Saves a section of the settings. `seen` is the version that was read, 0 for none.
    ///
    /// # Errors
    /// [`StoreError`] when it is not known to be saved.
    pub async fn save_section(&self, section: &Section, seen: u64) -> Result<Saved, StoreError> {
        self.save(rows::settings::section(section), seen, Vec::new()).await
    }

    /// Saves a category. `seen` is the version that was read, 0 for a new one.
    ///
    /// # Errors
    /// [`StoreError`] when it is not known to be saved.
    pub async fn save_category(&self, category: &Category, seen: u64) -> Result<Saved, StoreError> {
        self.save(rows::config::category(category), seen, Vec::new()).await
    }

    /// Saves a reward. `before` is what was read, with its version; nothing for a new one.
    ///
    /// # Errors
    /// [`StoreError`] when it is not known to be saved.
    pub async fn save_reward(
        &self,
        reward: &Reward,
        before: Option<(&Reward, u64)>,
    ) -> Result<Saved, StoreError> {
        self.save(rows::config::reward(reward), before.map_or(0, |(_, seen)| seen), renamed(reward, before))
            .await
    }

    async fn save(&self, row: Item, seen: u64, also: Vec<Write>) -> Result<Saved, StoreError> {
        let mut writes = vec![versioned(row, seen)];
        writes.extend(also);
        match self.write_all(&writes, false).await? {
            Commit::Applied => Ok(Saved::Saved),
            Commit::Duplicate | Commit::Stale => Ok(Saved::Refused),
        }
    }

    /// Saves with the effects and the receipt of an event.
    pub(crate) async fn save_for(
        &self,
        (event, at): (&EventId, Timestamp),
        row: Item,
        seen: u64,
        also: Vec<Write>,
        effects: &[Effect],
    ) -> Result<Commit, StoreError> {
        let mut writes = outbox(event, at, effects);
        writes.push(versioned(row, seen));
        writes.extend(also);
        self.write_all(&writes, true).await
    }
}

fn versioned(row: Item, seen: u64) -> Write {
    let condition = Expression::new();
    let condition =
        if seen == 0 { condition.when_missing(keys::PK) } else { condition.when("v", "=", n(seen)) };
    Write::Put(row.number("v", seen + 1), condition)
}

/// What keeps commands unique when a reward gets one.
pub(crate) fn renamed(reward: &Reward, before: Option<(&Reward, u64)>) -> Vec<Write> {
    let mut names = Vec::new();
    if before.is_none_or(|(before, _)| before.name != reward.name) {
        let pointer = Item::new(&keys::command(reward.name.as_str()), "command").text("reward", &reward.id);
        names.push(Write::create(pointer));
        names.extend(before.map(|(before, _)| Write::delete(keys::command(before.name.as_str()))));
    }
    names
}

fn read_part(config: &mut Config, item: &Item) -> Result<(), Damaged> {
    let version = item.parse("v")?.unwrap_or_default();
    let Versions { sections, categories, rewards } = &mut config.versions;
    match item.sk().split_once('#') {
        Some(("SETTINGS", name)) => {
            let known = rows::settings::read(name, item, &mut config.settings)?;
            if known {
                sections.insert(name.to_owned(), version);
            }
        }
        Some(("CATEGORY", _)) => {
            let category = rows::config::read_category(item)?;
            categories.insert(category.id.clone(), version);
            config.categories.push(category);
        }
        Some(("REWARD", _)) => {
            let reward = rows::config::read_reward(item)?;
            rewards.insert(reward.id.clone(), version);
            config.rewards.push(reward);
        }
        // Parts of versions to come.
        _ => {}
    }
    Ok(())
}
