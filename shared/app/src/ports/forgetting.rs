//! The table, as far as forgetting a viewer needs it.

use std::future::Future;

use ownchatbot_domain::{Profile, RewardId, Timestamp, ViewerId};

use super::{Commit, StoreError};

/// Somebody who is being forgotten. Nothing is known of them any more but their id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Leaving {
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
pub enum Erased {
    /// Nothing of its kind is left.
    All,
    /// More may be left.
    Part,
    /// The world has moved on since it was read; look again.
    Stale,
}

/// Forgetting viewers. It begins with [`ownchatbot_domain::Change::Forget`]; each step after that holds only while it is
/// the same forgetting that began then, so that whoever is slow touches nothing of a viewer who has come back.
pub trait Forgetting: Send + Sync {
    /// Who `viewer` is; nothing for whoever is not known, or is being forgotten.
    ///
    /// # Errors
    /// [`StoreError`] when it cannot be read.
    fn remembered(
        &self,
        viewer: &ViewerId,
    ) -> impl Future<Output = Result<Option<Profile>, StoreError>> + Send;

    /// How far forgetting `viewer` is; nothing when nobody is.
    ///
    /// # Errors
    /// [`StoreError`] when it cannot be read.
    fn leaving(&self, viewer: &ViewerId) -> impl Future<Output = Result<Option<Leaving>, StoreError>> + Send;

    /// Everybody who is being forgotten, at most `most`.
    ///
    /// # Errors
    /// [`StoreError`] when they cannot be read.
    fn all_leaving(&self, most: usize) -> impl Future<Output = Result<Vec<Leaving>, StoreError>> + Send;

    /// Counts what they have used of `rewards` as used by [`ViewerId::forgotten`], so that everything adds up as before.
    ///
    /// # Errors
    /// [`StoreError`] when it is not known to be written.
    fn forget_uses(
        &self,
        leaving: &Leaving,
        rewards: &[RewardId],
    ) -> impl Future<Output = Result<Commit, StoreError>> + Send;

    /// Takes them out of a part of what is over, from where [`Leaving::place`] says: what it was, when and at which price
    /// stays, as of somebody called `name`. The uses of the rewards in it go as by [`Forgetting::forget_uses`].
    ///
    /// # Errors
    /// [`StoreError`] when it is not known to be written.
    fn forget_finished(
        &self,
        leaving: &Leaving,
        name: &str,
    ) -> impl Future<Output = Result<Erased, StoreError>> + Send;

    /// Takes a viewer off the board of the last tick, for good. [`Commit::Stale`] when another tick came in between.
    ///
    /// # Errors
    /// [`StoreError`] when it is not known to be written.
    fn forget_standing(&self, viewer: &ViewerId) -> impl Future<Output = Result<Commit, StoreError>> + Send;

    /// Deletes a part of their ledger. The uses of the rewards in it go as by [`Forgetting::forget_uses`].
    ///
    /// # Errors
    /// [`StoreError`] when it is not known to be written.
    fn forget_ledger(&self, leaving: &Leaving) -> impl Future<Output = Result<Erased, StoreError>> + Send;

    /// Notes that everything was gone at `at`: whoever comes now is new.
    ///
    /// # Errors
    /// [`StoreError`] when it is not known to be written.
    fn end_forgetting(
        &self,
        leaving: &Leaving,
        at: Timestamp,
    ) -> impl Future<Output = Result<Commit, StoreError>> + Send;

    /// Deletes the note that somebody was forgotten, the last that tells of them.
    ///
    /// # Errors
    /// [`StoreError`] when it is not known to be written.
    fn let_go(&self, leaving: &Leaving) -> impl Future<Output = Result<(), StoreError>> + Send;
}
