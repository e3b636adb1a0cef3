//! The state of the stream (live or not), and the records of past streams.

use ownchatbot_domain::{StreamRecord, StreamState};

use crate::error::damaged;
use crate::keys::RECORD;
use crate::query::collect;
use crate::{Store, StoreError, keys, rows};

impl Store {
    /// The state of the stream; the default before the first one.
    ///
    /// # Errors
    /// [`StoreError`] when the state cannot be read.
    pub async fn stream(&self) -> Result<StreamState, StoreError> {
        let doing = "reading the stream's state";
        match self.get(&keys::stream_state(), doing).await? {
            Some(item) => rows::stream::read(&item).map_err(damaged(doing)),
            None => Ok(StreamState::default()),
        }
    }

    /// The records of the newest streams, the newest first, at most `limit`.
    ///
    /// # Errors
    /// [`StoreError`] when the records cannot be read.
    pub async fn streams(&self, limit: usize) -> Result<Vec<StreamRecord>, StoreError> {
        let doing = "reading the records of streams";
        let request = self.under(keys::STREAM, RECORD).scan_index_forward(false);
        let items = collect(request, limit, doing).await?;
        items.iter().map(|item| rows::stream::read_record(item).map_err(damaged(doing))).collect()
    }
}
