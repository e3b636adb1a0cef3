//! Reads the configuration (settings, categories, rewards) and its audit log.

use ownchatbot_domain::config::Versions;
use ownchatbot_domain::{Config, ConfigEdit, Editor, EventId, Timestamp};

use crate::error::damaged;
use crate::item::{Damaged, Item};
use crate::query::collect;
use crate::{Store, StoreError, keys, rows};

const DOING: &str = "reading the configuration";

/// One change of the configuration in the audit log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditEntry {
    /// When it was made.
    pub at: Timestamp,
    /// The event that made it.
    pub event: EventId,
    /// The person who made it.
    pub by: Editor,
    /// The edits, with each part before and after. Edits of parts that this version does not know are left
    /// out.
    pub edits: Vec<ConfigEdit>,
}

impl Store {
    /// The newest changes of the configuration in the month of `at`, the newest first, at most `limit`.
    ///
    /// # Errors
    /// [`StoreError`] when the audit log cannot be read.
    pub async fn audit_log(&self, at: Timestamp, limit: usize) -> Result<Vec<AuditEntry>, StoreError> {
        let doing = "reading the audit log";
        let request = self.under(&keys::audit_month(at), "").scan_index_forward(false);
        let items = collect(request, limit, doing).await?;
        items.iter().map(|item| rows::audit::read(item).map_err(damaged(doing))).collect()
    }

    /// Settings, categories and rewards with their versions, in one query. A damaged part is logged and left
    /// out.
    ///
    /// # Errors
    /// [`StoreError`] when the table cannot be read.
    pub async fn config(&self) -> Result<Config, StoreError> {
        let mut config = Config::default();
        for item in self.query(keys::CONFIG, "", usize::MAX, DOING).await? {
            // One damaged reward must not stop the whole bot.
            if let Err(error) = read_part(&mut config, &item) {
                tracing::error!(error = %error, "left out a part of the configuration that could not be read");
            }
        }
        config.categories.sort_by(|a, b| a.name.cmp(&b.name));
        config.rewards.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(config)
    }
}

fn read_part(config: &mut Config, item: &Item) -> Result<(), Damaged> {
    let version = item.parse("v")?.unwrap_or_default();
    let Versions { sections, categories, rewards } = &mut config.versions;
    match item.sk().split_once('#') {
        Some(("SETTINGS", name)) => {
            if let Some(section) = rows::settings::read_section(name, item)? {
                config.settings.set(section);
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
        // Parts that a later version of the bot has added.
        _ => {}
    }
    Ok(())
}
