//! How far the local stream poller has come. In the cloud Lambda keeps that place itself.

use std::collections::HashMap;

use crate::StoreError;

use crate::Store;
use crate::expression::Write;
use crate::item::Item;
use crate::keys;

impl Store {
    /// The sequence number of the last stream record that was handled, for each shard.
    ///
    /// # Errors
    /// [`StoreError`] when they cannot be read.
    pub async fn stream_places(&self) -> Result<HashMap<String, String>, StoreError> {
        let doing = "reading the place in the stream";
        let items = self.query(keys::LOCAL, keys::STREAM_PLACE, usize::MAX, doing).await?;
        let place = |item: &Item| {
            let shard = item.sk().strip_prefix(keys::STREAM_PLACE)?;
            Some((shard.to_owned(), item.get("sequence")?.to_owned()))
        };
        Ok(items.iter().filter_map(place).collect())
    }

    /// Remembers the sequence number of the last stream record of `shard` that was handled.
    ///
    /// # Errors
    /// [`StoreError`] when it is not known to be remembered.
    pub async fn keep_stream_place(&self, shard: &str, sequence: &str) -> Result<(), StoreError> {
        let item = Item::new(&keys::stream_place(shard), "place").text("sequence", sequence);
        self.write_all(&[Write::put(item)], false).await.map(|_| ())
    }
}
