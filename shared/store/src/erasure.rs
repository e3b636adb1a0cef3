//! Forgetting a viewer, part by part.
//!
//! Every part is written in transactions that also touch the note of the forgetting, which holds only while that goes on.
//! Reads are consistent, and from the first transaction on nothing new of the viewer can be written, so what a part does
//! not find is not there.

use std::collections::BTreeSet;

use crate::{Commit, StoreError};
use ownchatbot_domain::{Profile, RewardId, Timestamp, ViewerId};

use crate::error::{damaged, sdk};
use crate::expression::{Expression, Write};
use crate::item::{Item, n, s};
use crate::keys::{Key, PK, SK};
use crate::rows::board::LEFT;
use crate::rows::erasure::{CLOCKS_DIFFER, still};
use crate::{Store, keys, rows};

/// Somebody who is being forgotten. Nothing is known of them any more but their id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Erasure {
    /// Who.
    pub viewer: ViewerId,
    /// When it began. Tells this time from another, should they come back and leave again.
    pub since: Timestamp,
    /// How far what is over has been looked through, in the table's own words; nothing once all of it has been.
    pub place: Option<String>,
    /// When the last of it was gone; nothing while something is left.
    pub gone_at: Option<Timestamp>,
}

/// What became of a part of what is to go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ErasedPart {
    /// Nothing of its kind is left.
    All,
    /// More may be left.
    Part,
    /// The world has moved on since it was read; look again.
    Stale,
}

/// What fits into a transaction beside the note.
const AT_ONCE: usize = 99;
/// As many ledger rows are read at once, in whole transactions.
const ROWS: usize = 10 * AT_ONCE;
/// As much of what is over is looked through at once, whoever it belongs to.
const LOOKED_THROUGH: i32 = 1000;

impl Store {
    /// Who `viewer` is; nothing for whoever is not known, or is being forgotten.
    ///
    /// # Errors
    /// [`StoreError`] when it cannot be read.
    pub async fn active_profile(&self, viewer: &ViewerId) -> Result<Option<Profile>, StoreError> {
        let doing = "looking for a viewer";
        let item = self.get(&keys::profile(viewer), doing).await?;
        item.map(|item| rows::viewer::read_profile(viewer, &item).map_err(damaged(doing))).transpose()
    }

    /// How far forgetting `viewer` is; nothing when nobody is.
    ///
    /// # Errors
    /// [`StoreError`] when it cannot be read.
    pub async fn erasure(&self, viewer: &ViewerId) -> Result<Option<Erasure>, StoreError> {
        let doing = "reading how far a viewer is forgotten";
        let item = self.get(&keys::erasure(viewer), doing).await?;
        item.as_ref().map(rows::erasure::read).transpose().map_err(damaged(doing))
    }

    /// Everybody who is being forgotten, at most `limit`.
    ///
    /// # Errors
    /// [`StoreError`] when they cannot be read.
    pub async fn all_erasures(&self, limit: usize) -> Result<Vec<Erasure>, StoreError> {
        let doing = "reading who is to be forgotten";
        let items = self.query(keys::FORGET, "", limit, doing).await?;
        items.iter().map(|item| rows::erasure::read(item).map_err(damaged(doing))).collect()
    }

    /// Counts what they have used of `rewards` as used by [`ViewerId::erased`], so that everything adds up as before.
    ///
    /// # Errors
    /// [`StoreError`] when it is not known to be written.
    pub async fn erase_uses(&self, erasure: &Erasure, rewards: &[RewardId]) -> Result<Commit, StoreError> {
        let doing = "counting what a viewer has used as nobody's";
        let found =
            self.get_many(rewards.iter().map(|reward| keys::own_use(&erasure.viewer, reward)), doing).await?;
        let mut moves = Vec::new();
        for (key, item) in found {
            moves.push(moved(key, &item).map_err(damaged(doing))?);
        }
        for some in moves.chunks(AT_ONCE / 2) {
            let commit = self.while_erasing(erasure, still(erasure.since), some.concat()).await?;
            if commit != Commit::Applied {
                return Ok(commit);
            }
        }
        Ok(Commit::Applied)
    }

    /// Takes them out of a part of what is over, from where [`Erasure::place`] says: what it was, when and at which price
    /// stays, as of somebody called `name`. The uses of the rewards in it go as by [`Forgetting::erase_uses`].
    ///
    /// # Errors
    /// [`StoreError`] when it is not known to be written.
    pub async fn erase_finished(&self, erasure: &Erasure, name: &str) -> Result<ErasedPart, StoreError> {
        let doing = "looking for what a viewer redeemed";
        let Some(place) = &erasure.place else { return Ok(ErasedPart::All) };
        let month = keys::time_of(place).unwrap_or(erasure.since);
        let looked = self
            .client
            .query()
            .table_name(&self.table)
            .consistent_read(true)
            .limit(LOOKED_THROUGH)
            .key_condition_expression("#pk = :pk AND #sk > :place")
            .filter_expression("#viewer = :viewer")
            .expression_attribute_names("#pk", PK)
            .expression_attribute_names("#sk", SK)
            .expression_attribute_names("#viewer", "viewer")
            .expression_attribute_values(":pk", s(keys::queue_done(month)))
            .expression_attribute_values(":place", s(place))
            .expression_attribute_values(":viewer", s(&erasure.viewer))
            .send()
            .await
            .map_err(|error| sdk(doing, error))?;
        let found: Vec<Item> = looked.items.unwrap_or_default().into_iter().map(Item).collect();
        if self.erase_uses(erasure, &rewards_in(&found)).await? != Commit::Applied {
            return Ok(ErasedPart::Stale);
        }
        let last = looked.last_evaluated_key.map(|key| Item(key).sk().to_owned());
        let next_month = keys::month_after(month);
        let there_is = next_month <= erasure.since.saturating_add(CLOCKS_DIFFER);
        let next = last.or_else(|| there_is.then(|| next_month.sortable()));
        let note = match &next {
            Some(next) => still(erasure.since).set("place", s(next)),
            None => still(erasure.since).remove("place"),
        };
        let anonymous = |item: &Item| {
            let anonymous = Expression::new()
                .set("viewer", s(ViewerId::erased()))
                .set("viewer_name", s(name))
                .remove("note")
                .remove("note_hidden")
                .when("viewer", "=", s(&erasure.viewer));
            Write::Update(key_of(item), anonymous)
        };
        let mut writes: Vec<Write> = found.iter().map(anonymous).collect();
        // The place is noted with the last of them.
        let last = writes.split_off(writes.len().saturating_sub(1) / AT_ONCE * AT_ONCE);
        let parts = writes.chunks(AT_ONCE).map(|part| (still(erasure.since), part.to_vec()));
        for (note, part) in parts.chain([(note, last)]) {
            if self.while_erasing(erasure, note, part).await? != Commit::Applied {
                return Ok(ErasedPart::Stale);
            }
        }
        Ok(if next.is_some() { ErasedPart::Part } else { ErasedPart::All })
    }

    /// Takes a viewer off the board of the last tick, for good. [`Commit::Stale`] when another tick came in between.
    ///
    /// # Errors
    /// [`StoreError`] when it is not known to be written.
    pub async fn erase_board_entry(&self, viewer: &ViewerId) -> Result<Commit, StoreError> {
        let Some(board) = self.get(&keys::board(), "looking for a viewer on the board").await? else {
            return Ok(Commit::Applied);
        };
        let off = match rows::board::place(&board, viewer) {
            Some(place) => rows::board::without(place, viewer),
            None if rows::board::has_left(&board, viewer) => Expression::new(),
            None => return Ok(Commit::Applied),
        };
        self.write_all(&[Write::Update(keys::board(), off.take(LEFT, viewer.as_str()))], false).await
    }

    /// Deletes a part of their ledger. The uses of the rewards in it go as by [`Forgetting::erase_uses`].
    ///
    /// # Errors
    /// [`StoreError`] when it is not known to be written.
    pub async fn erase_ledger(&self, erasure: &Erasure) -> Result<ErasedPart, StoreError> {
        let doing = "reading a ledger that is to go";
        let found = self.query(&keys::viewer(&erasure.viewer), keys::LEDGER, ROWS, doing).await?;
        if self.erase_uses(erasure, &rewards_in(&found)).await? != Commit::Applied {
            return Ok(ErasedPart::Stale);
        }
        for part in found.chunks(AT_ONCE) {
            let gone = part.iter().map(|item| Write::discard(key_of(item))).collect();
            if self.while_erasing(erasure, still(erasure.since), gone).await? != Commit::Applied {
                return Ok(ErasedPart::Stale);
            }
        }
        Ok(if found.len() < ROWS { ErasedPart::All } else { ErasedPart::Part })
    }

    /// Notes that everything was gone at `at`: whoever comes now is new.
    ///
    /// # Errors
    /// [`StoreError`] when it is not known to be written.
    pub async fn end_erasure(&self, erasure: &Erasure, at: Timestamp) -> Result<Commit, StoreError> {
        let gone = still(erasure.since).set("gone_at", n(at.ms())).remove("place");
        let tombstone = Expression::new().when("since", "=", n(erasure.since.ms())).when_missing("balance");
        let tombstone = Write::Delete(keys::balance(&erasure.viewer), tombstone);
        self.while_erasing(erasure, gone, vec![tombstone]).await
    }

    /// Deletes the note that somebody was forgotten, the last that tells of them.
    ///
    /// # Errors
    /// [`StoreError`] when it is not known to be written.
    pub async fn delete_erasure_record(&self, erasure: &Erasure) -> Result<(), StoreError> {
        let same = Expression::new().when("since", "=", n(erasure.since.ms())).when_there("gone_at");
        // Whoever came back and leaves again has a note of their own in its place.
        self.write_all(&[Write::Delete(keys::erasure(&erasure.viewer), same)], false).await.map(|_| ())
    }
}

impl Store {
    /// Writes all or nothing, with a change of the note that holds only while the forgetting goes on.
    async fn while_erasing(
        &self,
        erasure: &Erasure,
        note: Expression,
        writes: Vec<Write>,
    ) -> Result<Commit, StoreError> {
        let note = Write::Update(keys::erasure(&erasure.viewer), note);
        self.write_all(&[vec![note], writes].concat(), false).await
    }
}

fn key_of(item: &Item) -> Key {
    Key { pk: item.pk().to_owned(), sk: item.sk().to_owned() }
}

/// The rewards that `items` name. One that cannot be read has no uses either.
fn rewards_in(items: &[Item]) -> Vec<RewardId> {
    let rewards: BTreeSet<RewardId> =
        items.iter().filter_map(|item| item.get("reward")?.parse().ok()).collect();
    rewards.into_iter().collect()
}

/// Moves the counts of `item`, a viewer's use of a reward, to nobody's. Holds only while they are what was read.
fn moved(key: Key, item: &Item) -> Result<Vec<Write>, crate::item::Damaged> {
    let used = rows::usage::read(item)?;
    let nobodys = Key { pk: key.pk.clone(), sk: format!("{}{}", keys::USE, ViewerId::erased()) };
    let (count, points) = (n(used.count), n(used.points));
    let same = Expression::new().when("count", "=", count.clone()).when("points", "=", points.clone());
    let mut writes = vec![Write::Delete(key, same)];
    if used.count > 0 || !used.points.is_zero() {
        let more = Expression::new().count("count", count).count("points", points);
        writes.push(Write::Update(nobodys, more));
    }
    Ok(writes)
}
