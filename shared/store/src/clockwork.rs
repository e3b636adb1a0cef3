//! What is kept for the parts that run by the clock: timers, announcements, the watchdog.

use ownchatbot_domain::Timestamp;
use ownchatbot_domain::timer::Timers;

use crate::error::damaged;
use crate::expression::Write;
use crate::{Store, StoreError, keys, rows};

/// How far the announcements are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Announced {
    /// How many have been said.
    pub said: u64,
    /// When the last one was.
    pub at: Option<Timestamp>,
}

/// How far the watchdog has looked, and how Owncast answers.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Watch {
    /// Messages up to this moment have been looked at; nothing before the first look.
    pub watermark: Option<Timestamp>,
    /// Since when Owncast does not answer; nothing while it does.
    pub away_since: Option<Timestamp>,
    /// How often it has not answered in a row.
    pub failures: u32,
    /// When it is asked again.
    pub next_try: Option<Timestamp>,
    /// Why it does not answer, fit to be shown.
    pub reason: Option<String>,
}

impl Store {
    /// The timers that run.
    ///
    /// # Errors
    /// [`StoreError`] when they cannot be read.
    pub async fn timers(&self) -> Result<Timers, StoreError> {
        let doing = "reading the timers";
        match self.get(&keys::timers(), doing).await? {
            Some(item) => rows::timers::read(&item).map_err(damaged(doing)),
            None => Ok(Timers::default()),
        }
    }

    /// How far the announcements are.
    ///
    /// # Errors
    /// [`StoreError`] when it cannot be read.
    pub async fn announced(&self) -> Result<Announced, StoreError> {
        let doing = "reading how far the announcements are";
        let Some(item) = self.get(&keys::announcements(), doing).await? else {
            return Ok(Announced::default());
        };
        let read = || Ok(Announced { said: item.need("said")?, at: item.get_time("at")? });
        read().map_err(damaged(doing))
    }

    /// How far the watchdog has looked.
    ///
    /// # Errors
    /// [`StoreError`] when it cannot be read.
    pub async fn watch(&self) -> Result<Watch, StoreError> {
        let doing = "reading how far the watchdog has looked";
        match self.get(&keys::watchdog(), doing).await? {
            Some(item) => rows::watch::read(&item).map_err(damaged(doing)),
            None => Ok(Watch::default()),
        }
    }

    /// Keeps how far the watchdog has looked.
    ///
    /// # Errors
    /// [`StoreError`] when it is not known to be kept.
    pub async fn save_watch(&self, watch: &Watch) -> Result<(), StoreError> {
        self.write_all(&[Write::put(rows::watch::row(watch))], false).await.map(|_| ())
    }
}
