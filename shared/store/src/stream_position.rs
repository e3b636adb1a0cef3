//! The position of the local poller in the table's stream. In the cloud Lambda keeps that position itself.

use std::collections::HashMap;

use crate::expression::Write;
use crate::item::Item;
use crate::{Store, StoreError, keys};

impl Store {
    /// The sequence number of the last stream record that was handled, for each shard.
    ///
    /// # Errors
    /// [`StoreError`] when the positions cannot be read.
    pub async fn stream_positions(&self) -> Result<HashMap<String, String>, StoreError> {
        let doing = "reading the positions in the table's stream";
        let items = self.query(keys::LOCAL, keys::STREAM_POSITION, usize::MAX, doing).await?;
        let position = |item: &Item| {
            let shard = item.sk().strip_prefix(keys::STREAM_POSITION)?;
            Some((shard.to_owned(), item.get("sequence")?.to_owned()))
        };
        Ok(items.iter().filter_map(position).collect())
    }

    /// Saves the sequence number of the last stream record of `shard` that was handled.
    ///
    /// # Errors
    /// [`StoreError`] when it is unknown whether the position was saved.
    pub async fn save_stream_position(&self, shard: &str, sequence: &str) -> Result<(), StoreError> {
        let item = Item::new(&keys::stream_position(shard), "place").text("sequence", sequence);
        self.write_all(&[Write::put(item)], false).await.map(|_| ())
    }
}
