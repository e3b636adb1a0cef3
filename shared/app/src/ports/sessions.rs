//! The table, as far as signing in needs it.

use std::future::Future;

use ownchatbot_domain::decide::LinkRequest;
use ownchatbot_domain::{KeyedHash, Timestamp, ViewerId};

use super::{Commit, StoreError};

/// A way into the panel that was whispered to a viewer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer {
    /// To whom.
    pub viewer: ViewerId,
    /// The epoch of their sessions at the time. It lets nobody in once that is another.
    pub epoch: u64,
    /// Until when it can be used.
    pub until: Timestamp,
}

/// Somebody who is signed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// Who.
    pub viewer: ViewerId,
    /// The epoch of the viewer's sessions when it began. It is over once that is another.
    pub epoch: u64,
    /// Until when.
    pub until: Timestamp,
}

/// What a session is opened with, and uses up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignInProof<'a> {
    /// The hash of a code or a link that was whispered.
    Offered(&'a KeyedHash),
    /// The hash of a code that the panel showed, and that was typed in chat.
    Linked(&'a KeyedHash),
}

/// Sessions, and what they are opened with.
pub trait Sessions: Send + Sync {
    /// What lies behind `proof`, used up by nobody so far. It may be over.
    ///
    /// # Errors
    /// [`StoreError`] when it cannot be read.
    fn offer(&self, proof: &KeyedHash) -> impl Future<Output = Result<Option<Offer>, StoreError>> + Send;

    /// The panel that waits behind `proof`. It may be over.
    ///
    /// # Errors
    /// [`StoreError`] when it cannot be read.
    fn link_request(
        &self,
        proof: &KeyedHash,
    ) -> impl Future<Output = Result<Option<LinkRequest>, StoreError>> + Send;

    /// Notes that a panel waits behind `proof` until `until`, unless its code was typed already.
    ///
    /// # Errors
    /// [`StoreError`] when it is not known to be noted.
    fn request_link(
        &self,
        proof: &KeyedHash,
        until: Timestamp,
    ) -> impl Future<Output = Result<(), StoreError>> + Send;

    /// Opens a session and uses up the door. [`Commit::Stale`] when somebody else has.
    ///
    /// # Errors
    /// [`StoreError`] when it is not known to be opened.
    fn open_session(
        &self,
        proof: SignInProof<'_>,
        id: &KeyedHash,
        session: &Session,
    ) -> impl Future<Output = Result<Commit, StoreError>> + Send;

    /// The session with this id. It may be over.
    ///
    /// # Errors
    /// [`StoreError`] when it cannot be read.
    fn session(&self, id: &KeyedHash) -> impl Future<Output = Result<Option<Session>, StoreError>> + Send;

    /// Lets a session last until `until`, unless it was ended.
    ///
    /// # Errors
    /// [`StoreError`] when it is not known to be written.
    fn extend_session(
        &self,
        id: &KeyedHash,
        until: Timestamp,
    ) -> impl Future<Output = Result<(), StoreError>> + Send;

    /// Ends a session.
    ///
    /// # Errors
    /// [`StoreError`] when it is not known to be ended.
    fn end_session(&self, id: &KeyedHash) -> impl Future<Output = Result<(), StoreError>> + Send;

    /// How many wrong codes were counted for each of `who` in the time that began at `window`.
    ///
    /// # Errors
    /// [`StoreError`] when they cannot be read.
    fn wrong_codes(
        &self,
        who: &[KeyedHash],
        window: Timestamp,
    ) -> impl Future<Output = Result<Vec<u64>, StoreError>> + Send;

    /// Counts a wrong code for each of `who`.
    ///
    /// # Errors
    /// [`StoreError`] when it is not known to be counted.
    fn count_wrong_code(
        &self,
        who: &[KeyedHash],
        window: Timestamp,
    ) -> impl Future<Output = Result<(), StoreError>> + Send;
}
