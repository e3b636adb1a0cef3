//! The erasure of a viewer, step by step.
//!
//! Every step is written in transactions that also update the erasure record, on condition that the erasure
//! is still in progress. Reads are consistent, and after the first transaction nothing about the viewer can
//! be added, so a step that finds nothing more has erased everything of its kind.

use std::collections::BTreeSet;

use ownchatbot_domain::{Profile, RewardId, Timestamp, ViewerId};

use crate::error::{damaged, sdk};
use crate::expression::{Expression, Write};
use crate::item::{Damaged, Item, n, s};
use crate::keys::{Key, PK, SK};
use crate::rows::board::LEFT;
use crate::rows::erasure::{MAX_CLOCK_SKEW, in_progress};
use crate::{Commit, Store, StoreError, keys, rows};

/// The record of an erasure. It holds nothing about the viewer but the id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Erasure {
    /// The viewer who is being erased.
    pub viewer: ViewerId,
    /// When it began. It tells this erasure from a later one, should the viewer come back and ask for
    /// another.
    pub since: Timestamp,
    /// The pagination cursor in the finished redemptions: the sort key from which the next step reads on.
    /// `None` once all of them are done.
    pub place: Option<String>,
    /// When the last of the viewer's data was deleted; `None` while some is left.
    pub gone_at: Option<Timestamp>,
}

/// The result of one step of an erasure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ErasedPart {
    /// Nothing of this kind is left.
    All,
    /// More may be left: run the step again.
    Part,
    /// The state has changed since it was read: read the erasure again.
    Stale,
}

/// The most writes in a transaction beside that of the erasure record; DynamoDB takes 100 in all.
const MAX_WRITES: usize = 99;
/// The most ledger rows that one step reads, a multiple of what fits into a transaction.
const LEDGER_ROWS: usize = 10 * MAX_WRITES;
/// The most finished redemptions, of any viewer, that one step reads through.
const PAGE: i32 = 1000;

impl Store {
    /// The profile of `viewer`; `None` for one who is unknown or is being erased.
    ///
    /// # Errors
    /// [`StoreError`] when the profile cannot be read.
    pub async fn active_profile(&self, viewer: &ViewerId) -> Result<Option<Profile>, StoreError> {
        let doing = "reading a profile";
        let item = self.get(&keys::profile(viewer), doing).await?;
        item.map(|item| rows::viewer::read_profile(viewer, &item).map_err(damaged(doing))).transpose()
    }

    /// The erasure record of `viewer`; `None` when there is no erasure.
    ///
    /// # Errors
    /// [`StoreError`] when the record cannot be read.
    pub async fn erasure(&self, viewer: &ViewerId) -> Result<Option<Erasure>, StoreError> {
        let doing = "reading an erasure record";
        let item = self.get(&keys::erasure(viewer), doing).await?;
        item.as_ref().map(rows::erasure::read).transpose().map_err(damaged(doing))
    }

    /// The erasure records of all viewers, at most `limit`.
    ///
    /// # Errors
    /// [`StoreError`] when the records cannot be read.
    pub async fn all_erasures(&self, limit: usize) -> Result<Vec<Erasure>, StoreError> {
        let doing = "reading the erasure records";
        let items = self.query(keys::FORGET, "", limit, doing).await?;
        items.iter().map(|item| rows::erasure::read(item).map_err(damaged(doing))).collect()
    }

    /// Moves the viewer's usage counts of `rewards` to [`ViewerId::erased`], so that the counts of all
    /// viewers still sum up to the reward's.
    ///
    /// # Errors
    /// [`StoreError`] when it is unknown whether it was written.
    pub async fn erase_uses(&self, erasure: &Erasure, rewards: &[RewardId]) -> Result<Commit, StoreError> {
        let doing = "moving the usage counts of an erased viewer";
        let found =
            self.get_many(rewards.iter().map(|reward| keys::own_use(&erasure.viewer, reward)), doing).await?;
        let mut moves = Vec::new();
        for (key, item) in found {
            moves.push(moved(key, &item).map_err(damaged(doing))?);
        }
        for chunk in moves.chunks(MAX_WRITES / 2) {
            let commit = self.while_erasing(erasure, in_progress(erasure.since), chunk.concat()).await?;
            if commit != Commit::Applied {
                return Ok(commit);
            }
        }
        Ok(Commit::Applied)
    }

    /// Anonymizes the next page of the viewer's finished redemptions, from the cursor [`Erasure::place`] on:
    /// the reward, the time and the price stay, the viewer becomes [`ViewerId::erased`] with the name `name`,
    /// and the note is deleted. The usage counts of the rewards on the page are moved as by
    /// [`Self::erase_uses`].
    ///
    /// # Errors
    /// [`StoreError`] when it is unknown whether it was written.
    pub async fn erase_finished(&self, erasure: &Erasure, name: &str) -> Result<ErasedPart, StoreError> {
        let doing = "anonymizing finished redemptions";
        let Some(place) = &erasure.place else { return Ok(ErasedPart::All) };
        let month = keys::time_of(place).unwrap_or(erasure.since);
        let page = self
            .client
            .query()
            .table_name(&self.table)
            .consistent_read(true)
            .limit(PAGE)
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
        let found: Vec<Item> = page.items.unwrap_or_default().into_iter().map(Item).collect();
        if self.erase_uses(erasure, &rewards_in(&found)).await? != Commit::Applied {
            return Ok(ErasedPart::Stale);
        }
        let last = page.last_evaluated_key.map(|key| Item(key).sk().to_owned());
        let next_month = keys::month_after(month);
        let month_may_exist = next_month <= erasure.since.saturating_add(MAX_CLOCK_SKEW);
        let next = last.or_else(|| month_may_exist.then(|| next_month.sortable()));
        let record = match &next {
            Some(next) => in_progress(erasure.since).set("place", s(next)),
            None => in_progress(erasure.since).remove("place"),
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
        // The cursor moves on in the transaction of the last writes.
        let last = writes.split_off(writes.len().saturating_sub(1) / MAX_WRITES * MAX_WRITES);
        let parts = writes.chunks(MAX_WRITES).map(|part| (in_progress(erasure.since), part.to_vec()));
        for (record, part) in parts.chain([(record, last)]) {
            if self.while_erasing(erasure, record, part).await? != Commit::Applied {
                return Ok(ErasedPart::Stale);
            }
        }
        Ok(if next.is_some() { ErasedPart::Part } else { ErasedPart::All })
    }

    /// Deletes a viewer from the leaderboard of the last tick. [`Commit::Stale`] when another tick has
    /// replaced the leaderboard since it was read.
    ///
    /// # Errors
    /// [`StoreError`] when it is unknown whether it was written.
    pub async fn erase_board_entry(&self, viewer: &ViewerId) -> Result<Commit, StoreError> {
        let Some(board) = self.get(&keys::board(), "reading the leaderboard").await? else {
            return Ok(Commit::Applied);
        };
        let removal = match rows::board::place(&board, viewer) {
            Some(place) => rows::board::without(place, viewer),
            None if rows::board::has_left(&board, viewer) => Expression::new(),
            None => return Ok(Commit::Applied),
        };
        self.write_all(&[Write::Update(keys::board(), removal.remove_from_set(LEFT, viewer.as_str()))], false)
            .await
    }

    /// Deletes a part of the viewer's ledger. The usage counts of the rewards in it are moved as by
    /// [`Self::erase_uses`].
    ///
    /// # Errors
    /// [`StoreError`] when it is unknown whether it was written.
    pub async fn erase_ledger(&self, erasure: &Erasure) -> Result<ErasedPart, StoreError> {
        let doing = "deleting the ledger of an erased viewer";
        let found = self.query(&keys::viewer(&erasure.viewer), keys::LEDGER, LEDGER_ROWS, doing).await?;
        if self.erase_uses(erasure, &rewards_in(&found)).await? != Commit::Applied {
            return Ok(ErasedPart::Stale);
        }
        for part in found.chunks(MAX_WRITES) {
            let deletes = part.iter().map(|item| Write::discard(key_of(item))).collect();
            if self.while_erasing(erasure, in_progress(erasure.since), deletes).await? != Commit::Applied {
                return Ok(ErasedPart::Stale);
            }
        }
        Ok(if found.len() < LEDGER_ROWS { ErasedPart::All } else { ErasedPart::Part })
    }

    /// Ends the erasure at `at`: the tombstone goes, and a viewer with the same id who comes now is new.
    ///
    /// # Errors
    /// [`StoreError`] when it is unknown whether it was written.
    pub async fn end_erasure(&self, erasure: &Erasure, at: Timestamp) -> Result<Commit, StoreError> {
        let ended = in_progress(erasure.since).set("gone_at", n(at.ms())).remove("place");
        let tombstone = Expression::new().when("since", "=", n(erasure.since.ms())).when_missing("balance");
        let tombstone = Write::Delete(keys::balance(&erasure.viewer), tombstone);
        self.while_erasing(erasure, ended, vec![tombstone]).await
    }

    /// Deletes the record of an erasure that has ended, the last item with the viewer's id.
    ///
    /// # Errors
    /// [`StoreError`] when it is unknown whether it was written.
    pub async fn delete_erasure_record(&self, erasure: &Erasure) -> Result<(), StoreError> {
        let same = Expression::new().when("since", "=", n(erasure.since.ms())).when_exists("gone_at");
        // The viewer may have come back and asked for another erasure, whose record must stay.
        self.write_all(&[Write::Delete(keys::erasure(&erasure.viewer), same)], false).await.map(|_| ())
    }
}

impl Store {
    /// Writes all of `writes` or none, together with `record`, an update of the erasure record that succeeds
    /// only while the erasure is in progress.
    async fn while_erasing(
        &self,
        erasure: &Erasure,
        record: Expression,
        writes: Vec<Write>,
    ) -> Result<Commit, StoreError> {
        let record = Write::Update(keys::erasure(&erasure.viewer), record);
        self.write_all(&[vec![record], writes].concat(), false).await
    }
}

fn key_of(item: &Item) -> Key {
    Key { pk: item.pk().to_owned(), sk: item.sk().to_owned() }
}

/// The rewards that `items` name. An id that is not valid has no usage counts either.
fn rewards_in(items: &[Item]) -> Vec<RewardId> {
    let rewards: BTreeSet<RewardId> =
        items.iter().filter_map(|item| item.get("reward")?.parse().ok()).collect();
    rewards.into_iter().collect()
}

/// Moves the counts of `item`, a viewer's usage of a reward, to the erased viewers' common item. The writes
/// succeed only while the counts are those that were read.
fn moved(key: Key, item: &Item) -> Result<Vec<Write>, Damaged> {
    let used = rows::usage::read(item)?;
    let erased = Key { pk: key.pk.clone(), sk: format!("{}{}", keys::USE, ViewerId::erased()) };
    let (count, points) = (n(used.count), n(used.points));
    let same = Expression::new().when("count", "=", count.clone()).when("points", "=", points.clone());
    let mut writes = vec![Write::Delete(key, same)];
    if used.count > 0 || !used.points.is_zero() {
        let more = Expression::new().count("count", count).count("points", points);
        writes.push(Write::Update(erased, more));
    }
    Ok(writes)
}
