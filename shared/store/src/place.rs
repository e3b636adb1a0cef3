//! How far the local stream poller has come. In the cloud Lambda keeps that place itself.

use ownchatbot_app::ports::StoreError;

use crate::Store;
use crate::expression::Write;
use crate::item::Item;
use crate::keys;

impl Store {
    /// The sequence number of the last stream record that was handled, and its shard.
    ///
    /// # Errors
    /// [`StoreError`] when it cannot be read.
    pub async fn stream_place(&self) -> Result<Option<(String, String)>, StoreError> {
        let item = self.get(&keys::stream_place(), "reading the place in the stream").await?;
        Ok(item.and_then(|item| Some((item.get("shard")?.to_owned(), item.get("sequence")?.to_owned()))))
    }

    /// Remembers the sequence number of the last stream record that was handled, and its shard.
    ///
    /// # Errors
    /// [`StoreError`] when it is not known to be remembered.
    pub async fn keep_stream_place(&self, shard: &str, sequence: &str) -> Result<(), StoreError> {
        let item = Item::new(&keys::stream_place(), "place").text("shard", shard).text("sequence", sequence);
        self.write_all(&[Write::put(item)], false).await.map(|_| ())
    }
}
