//! The leaderboard.

use ownchatbot_domain::Timestamp;
use ownchatbot_domain::board::BoardEntry;

use crate::error::damaged;
use crate::expression::{Expression, Write};
use crate::item::n;
use crate::{Store, StoreError, keys, rows};

impl Store {
    /// The viewers on the leaderboard of the last tick, in no order, with their present balances: what a
    /// viewer has spent since, and that they have hidden themselves, shows at once.
    ///
    /// # Errors
    /// [`StoreError`] when the leaderboard or a balance cannot be read.
    pub async fn board(&self) -> Result<Vec<BoardEntry>, StoreError> {
        let doing = "reading the leaderboard";
        let Some(item) = self.get(&keys::board(), doing).await? else { return Ok(Vec::new()) };
        let saved = rows::board::read(&item).map_err(damaged(doing))?;
        let found = self.get_many(saved.iter().map(|entry| keys::balance(&entry.viewer)), doing).await?;
        let entry = |BoardEntry { viewer, name, .. }: BoardEntry| {
            let item = found.get(&keys::balance(&viewer)).filter(|item| rows::erasure::is_balance(item))?;
            let account = rows::viewer::read_balance(item).map_err(damaged(doing));
            Some(account.map(|account| BoardEntry::of(viewer, name, &account)))
        };
        saved.into_iter().filter_map(entry).collect()
    }

    /// Saves the leaderboard of the tick at `slot`, unless that of a later tick is stored.
    ///
    /// # Errors
    /// [`StoreError`] when it is unknown whether the leaderboard was saved.
    pub async fn save_board(&self, slot: Timestamp, entries: &[BoardEntry]) -> Result<(), StoreError> {
        let item = rows::board::row(slot, entries);
        let newer = Expression::new().when_missing_or("slot", "<=", n(slot.ms()));
        self.write_all(&[Write::Put(item, newer)], false).await.map(|_| ())
    }
}
