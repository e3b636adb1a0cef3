//! The queue of waiting redemptions, and the history of finished ones.

use ownchatbot_domain::{Redemption, RedemptionKey, Status, Timestamp, ViewerId};

use crate::error::damaged;
use crate::item::s;
use crate::keys::PK;
use crate::query::collect;
use crate::{Store, StoreError, keys, rows};

impl Store {
    /// The waiting redemptions, the oldest first, at most `limit`.
    ///
    /// # Errors
    /// [`StoreError`] when the queue cannot be read.
    pub async fn waiting(&self, limit: usize) -> Result<Vec<Redemption>, StoreError> {
        let doing = "reading the queue";
        let rows = self.query(keys::QUEUE_OPEN, "", limit, doing).await?;
        rows.iter().map(|item| rows::queue::read(item).map_err(damaged(doing))).collect()
    }

    /// The waiting redemptions of `viewer`, the oldest first. This reads the whole queue.
    ///
    /// # Errors
    /// [`StoreError`] when the queue cannot be read.
    pub async fn waiting_by_viewer(&self, viewer: &ViewerId) -> Result<Vec<Redemption>, StoreError> {
        let doing = "reading the queue of one viewer";
        let request = self
            .under(keys::QUEUE_OPEN, "")
            .filter_expression("#viewer = :viewer")
            .expression_attribute_names("#viewer", "viewer")
            .expression_attribute_values(":viewer", s(viewer));
        let items = collect(request, usize::MAX, doing).await?;
        items.iter().map(|item| rows::queue::read(item).map_err(damaged(doing))).collect()
    }

    /// One redemption, waiting or finished; `None` when there is none with this key.
    ///
    /// # Errors
    /// [`StoreError`] when the redemption cannot be read.
    pub async fn redemption(&self, key: &RedemptionKey) -> Result<Option<Redemption>, StoreError> {
        let doing = "reading a redemption";
        for status in [Status::Waiting, Status::Fulfilled] {
            if let Some(item) = self.get(&keys::queue_entry(key, status), doing).await? {
                return rows::queue::read(&item).map(Some).map_err(damaged(doing));
            }
        }
        Ok(None)
    }

    /// The finished redemptions among `keys`, in no order, in one request for each hundred.
    ///
    /// # Errors
    /// [`StoreError`] when they cannot be read.
    pub async fn finished_by_keys(&self, keys: &[RedemptionKey]) -> Result<Vec<Redemption>, StoreError> {
        let doing = "reading finished redemptions";
        let keys = keys.iter().map(|key| keys::queue_entry(key, Status::Fulfilled));
        let found = self.get_many(keys, doing).await?;
        found.values().map(|item| rows::queue::read(item).map_err(damaged(doing))).collect()
    }

    /// The finished redemptions that were paid for in the month of `now`, and in the month before where that
    /// one has fewer than `limit`, the newest first. The read is eventually consistent: changes of the last
    /// second may be missing.
    ///
    /// # Errors
    /// [`StoreError`] when they cannot be read.
    pub async fn finished(&self, now: Timestamp, limit: usize) -> Result<Vec<Redemption>, StoreError> {
        let doing = "reading finished redemptions";
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
