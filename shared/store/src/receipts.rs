//! Receipts: which events were handled, and the reply that each got. A receipt makes handling an event
//! idempotent.

use std::collections::HashSet;

use ownchatbot_domain::{EventId, Reply, Timestamp};

use crate::error::damaged;
use crate::{Store, StoreError, keys, rows};

impl Store {
    /// The reply that a page showed for the click `event`; `None` when the event was never handled, or was no
    /// click.
    ///
    /// # Errors
    /// [`StoreError`] when the receipt cannot be read.
    pub async fn reply(&self, event: &EventId) -> Result<Option<Reply<String>>, StoreError> {
        let item = self.get(&keys::receipt(event), "reading a reply").await?;
        Ok(item.as_ref().and_then(rows::outbox::reply))
    }

    /// Those of `events` (at most 100) that were handled.
    ///
    /// # Errors
    /// [`StoreError`] when the receipts cannot be read.
    pub async fn handled(&self, events: &[EventId]) -> Result<HashSet<EventId>, StoreError> {
        let found = self.get_all(events.iter().map(keys::receipt), "reading receipts").await?;
        Ok(events.iter().filter(|event| found.contains_key(&keys::receipt(event))).cloned().collect())
    }

    /// The moment when `event` was handled; `None` if it was not.
    ///
    /// # Errors
    /// [`StoreError`] when the receipt cannot be read.
    pub async fn handled_at(&self, event: &EventId) -> Result<Option<Timestamp>, StoreError> {
        let doing = "reading a receipt";
        let item = self.get(&keys::receipt(event), doing).await?;
        item.map(|item| item.need_time("created_at").map_err(damaged(doing))).transpose()
    }
}
