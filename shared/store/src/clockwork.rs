//! The state of what runs by the clock: timers, announcements, the watchdog.

use ownchatbot_domain::Timestamp;
use ownchatbot_domain::timer::Timers;

use crate::error::damaged;
use crate::expression::Write;
use crate::{Store, StoreError, keys, rows};

/// The progress of the announcements through the streamer's lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Announced {
    /// The number of announcements that were posted.
    pub said: u64,
    /// The moment of the last one; `None` before the first.
    pub at: Option<Timestamp>,
}

/// How far the watchdog has read the chat history, and whether Owncast responds.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Watch {
    /// Messages up to this moment have been checked for missed commands; `None` before the first check.
    pub watermark: Option<Timestamp>,
    /// Since when Owncast has not responded; `None` while it does.
    pub away_since: Option<Timestamp>,
    /// The number of failed calls in a row.
    pub failures: u32,
    /// When Owncast is called again (exponential backoff); `None` while it responds.
    pub next_try: Option<Timestamp>,
    /// Why the last call failed, in words that may be shown to the streamer.
    pub reason: Option<String>,
}

impl Store {
    /// The running timers.
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

    /// The progress of the announcements.
    ///
    /// # Errors
    /// [`StoreError`] when it cannot be read.
    pub async fn announced(&self) -> Result<Announced, StoreError> {
        let doing = "reading the progress of the announcements";
        let Some(item) = self.get(&keys::announcements(), doing).await? else {
            return Ok(Announced::default());
        };
        let read = || Ok(Announced { said: item.need("said")?, at: item.get_time("at")? });
        read().map_err(damaged(doing))
    }

    /// The watchdog's progress and its view of Owncast.
    ///
    /// # Errors
    /// [`StoreError`] when it cannot be read.
    pub async fn watch(&self) -> Result<Watch, StoreError> {
        let doing = "reading the state of the watchdog";
        match self.get(&keys::watchdog(), doing).await? {
            Some(item) => rows::watch::read(&item).map_err(damaged(doing)),
            None => Ok(Watch::default()),
        }
    }

    /// Saves the watchdog's state.
    ///
    /// # Errors
    /// [`StoreError`] when it is unknown whether it was saved.
    pub async fn save_watch(&self, watch: &Watch) -> Result<(), StoreError> {
        self.write_all(&[Write::put(rows::watch::row(watch))], false).await.map(|_| ())
    }
}
