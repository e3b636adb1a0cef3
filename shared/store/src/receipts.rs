//! Receipts: which events have been handled, and what was replied to them.

use std::collections::HashSet;

use ownchatbot_domain::{EventId, Reply, Timestamp};

use crate::error::damaged;
use crate::{Store, StoreError, keys, rows};

impl Store {
    /// What whoever asked by `event` on a page was told; nothing when the event was never handled, or was no click.
    ///
    /// # Errors
    /// [`StoreError`] when it cannot be read.
    pub async fn reply(&self, event: &EventId) -> Result<Option<Reply>, StoreError> {
        let item = self.get(&keys::receipt(event), "looking for an answer").await?;
        Ok(item.as_ref().and_then(rows::outbox::reply))
    }

    /// Those of `events` (at most 100) that have been handled.
    ///
    /// # Errors
    /// [`StoreError`] when it cannot be read.
    pub async fn handled(&self, events: &[EventId]) -> Result<HashSet<EventId>, StoreError> {
        let found = self.get_all(events.iter().map(keys::receipt), "looking for receipts").await?;
        Ok(events.iter().filter(|event| found.contains_key(&keys::receipt(event))).cloned().collect())
    }

    /// When `event` was handled, if it was.
    ///
    /// # Errors
    /// [`StoreError`] when it cannot be read.
    pub async fn handled_at(&self, event: &EventId) -> Result<Option<Timestamp>, StoreError> {
        let doing = "looking for a receipt";
        let item = self.get(&keys::receipt(event), doing).await?;
        item.map(|item| item.need_time("created_at").map_err(damaged(doing))).transpose()
    }
}
