//! The table, as far as forgetting a viewer needs it.

use std::future::Future;

use ownchatbot_domain::{Profile, RewardId, Timestamp, ViewerId};

use super::{Commit, StoreError};

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

/// Forgetting viewers. It begins with [`ownchatbot_domain::Change::BeginErasure`]; each step after that holds only while it is
/// the same forgetting that began then, so that whoever is slow touches nothing of a viewer who has come back.
pub trait Forgetting: Send + Sync {
    /// Who `viewer` is; nothing for whoever is not known, or is being forgotten.
    ///
    /// # Errors
    /// [`StoreError`] when it cannot be read.
    fn active_profile(
        &self,
        viewer: &ViewerId,
    ) -> impl Future<Output = Result<Option<Profile>, StoreError>> + Send;

    /// How far forgetting `viewer` is; nothing when nobody is.
    ///
    /// # Errors
    /// [`StoreError`] when it cannot be read.
    fn erasure(&self, viewer: &ViewerId) -> impl Future<Output = Result<Option<Erasure>, StoreError>> + Send;

    /// Everybody who is being forgotten, at most `limit`.
    ///
    /// # Errors
    /// [`StoreError`] when they cannot be read.
    fn all_erasures(&self, limit: usize) -> impl Future<Output = Result<Vec<Erasure>, StoreError>> + Send;

    /// Counts what they have used of `rewards` as used by [`ViewerId::erased`], so that everything adds up as before.
    ///
    /// # Errors
    /// [`StoreError`] when it is not known to be written.
    fn erase_uses(
        &self,
        erasure: &Erasure,
        rewards: &[RewardId],
    ) -> impl Future<Output = Result<Commit, StoreError>> + Send;

    /// Takes them out of a part of what is over, from where [`Erasure::place`] says: what it was, when and at which price
    /// stays, as of somebody called `name`. The uses of the rewards in it go as by [`Forgetting::erase_uses`].
    ///
    /// # Errors
    /// [`StoreError`] when it is not known to be written.
    fn erase_finished(
        &self,
        erasure: &Erasure,
        name: &str,
    ) -> impl Future<Output = Result<ErasedPart, StoreError>> + Send;

    /// Takes a viewer off the board of the last tick, for good. [`Commit::Stale`] when another tick came in between.
    ///
    /// # Errors
    /// [`StoreError`] when it is not known to be written.
    fn erase_board_entry(&self, viewer: &ViewerId)
    -> impl Future<Output = Result<Commit, StoreError>> + Send;

    /// Deletes a part of their ledger. The uses of the rewards in it go as by [`Forgetting::erase_uses`].
    ///
    /// # Errors
    /// [`StoreError`] when it is not known to be written.
    fn erase_ledger(&self, erasure: &Erasure) -> impl Future<Output = Result<ErasedPart, StoreError>> + Send;

    /// Notes that everything was gone at `at`: whoever comes now is new.
    ///
    /// # Errors
    /// [`StoreError`] when it is not known to be written.
    fn end_erasure(
        &self,
        erasure: &Erasure,
        at: Timestamp,
    ) -> impl Future<Output = Result<Commit, StoreError>> + Send;

    /// Deletes the note that somebody was forgotten, the last that tells of them.
    ///
    /// # Errors
    /// [`StoreError`] when it is not known to be written.
    fn delete_erasure_record(&self, erasure: &Erasure)
    -> impl Future<Output = Result<(), StoreError>> + Send;
}
