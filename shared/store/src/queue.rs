//! The queue of redemptions, and the history of those that have left it.

use ownchatbot_domain::{Redemption, RedemptionKey, Status, Timestamp, ViewerId};

use crate::error::damaged;
use crate::item::s;
use crate::keys::PK;
use crate::query::collect;
use crate::{Store, StoreError, keys, rows};

impl Store {
    /// What waits in the queue, the oldest first, at most `limit`.
    ///
    /// # Errors
    /// [`StoreError`] when it cannot be read.
    pub async fn waiting(&self, limit: usize) -> Result<Vec<Redemption>, StoreError> {
        let doing = "reading the queue";
        let rows = self.query(keys::QUEUE_OPEN, "", limit, doing).await?;
        rows.iter().map(|item| rows::queue::read(item).map_err(damaged(doing))).collect()
    }

    /// What `viewer` has in the queue, the oldest first. The whole queue is looked through.
    ///
    /// # Errors
    /// [`StoreError`] when it cannot be read.
    pub async fn waiting_of(&self, viewer: &ViewerId) -> Result<Vec<Redemption>, StoreError> {
        let doing = "reading what a viewer has in the queue";
        let request = self
            .under(keys::QUEUE_OPEN, "")
            .filter_expression("#viewer = :viewer")
            .expression_attribute_names("#viewer", "viewer")
            .expression_attribute_values(":viewer", s(viewer));
        let items = collect(request, usize::MAX, doing).await?;
        items.iter().map(|item| rows::queue::read(item).map_err(damaged(doing))).collect()
    }

    /// One redemption, wherever it stands.
    ///
    /// # Errors
    /// [`StoreError`] when it cannot be read.
    pub async fn redemption(&self, key: &RedemptionKey) -> Result<Option<Redemption>, StoreError> {
        let doing = "reading a redemption";
        for status in [Status::Waiting, Status::Fulfilled] {
            if let Some(item) = self.get(&keys::queue_entry(key, status), doing).await? {
                return rows::queue::read(&item).map(Some).map_err(damaged(doing));
            }
        }
        Ok(None)
    }

    /// Those of `keys` that are over, in no order, in one request for each hundred.
    ///
    /// # Errors
    /// [`StoreError`] when they cannot be read.
    pub async fn finished_of(&self, keys: &[RedemptionKey]) -> Result<Vec<Redemption>, StoreError> {
        let doing = "reading what is over";
        let keys = keys.iter().map(|key| keys::queue_entry(key, Status::Fulfilled));
        let found = self.get_many(keys, doing).await?;
        found.values().map(|item| rows::queue::read(item).map_err(damaged(doing))).collect()
    }

    /// What was paid for in this month and is over, the newest first, at most `limit`; with the month before where this one
    /// has fewer. The last second may be missing.
    ///
    /// # Errors
    /// [`StoreError`] when it cannot be read.
    pub async fn finished(&self, now: Timestamp, limit: usize) -> Result<Vec<Redemption>, StoreError> {
        let doing = "reading what is over";
        let mut found = Vec::new();
        for month in [keys::queue_done(now), keys::queue_done_before(now)] {
            let left = limit.saturating_sub(found.len());
            if left == 0 {
                break;
            }
            let request = self
                .client
                .query()
                .table_name(&self.table)
                .scan_index_forward(false)
                .key_condition_expression("#pk = :pk")
                .expression_attribute_names("#pk", PK)
                .expression_attribute_values(":pk", s(month));
            for item in collect(request, left, doing).await? {
                found.push(rows::queue::read(&item).map_err(damaged(doing))?);
            }
        }
        Ok(found)
    }
}
