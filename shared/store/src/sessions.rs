//! Sessions, the sign-in proofs that open them, and the rate limit on wrong codes.

use ownchatbot_domain::decide::LinkRequest;
use ownchatbot_domain::{KeyedHash, Span, Timestamp, ViewerId};

use crate::error::damaged;
use crate::expression::{Expression, Write};
use crate::item::{Damaged, Item, n};
use crate::keys::{self, TTL};
use crate::{Commit, Store, StoreError, rows};

/// An offer to sign in to the panel, whispered to a viewer as a code and a link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer {
    /// The viewer who may sign in with it.
    pub viewer: ViewerId,
    /// The viewer's session epoch when it was offered. It is invalid once the viewer's epoch is another.
    pub epoch: u64,
    /// When it expires.
    pub until: Timestamp,
}

/// A signed-in session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// The viewer who is signed in.
    pub viewer: ViewerId,
    /// The viewer's session epoch when it began. The session is invalid once the viewer's epoch is another.
    pub epoch: u64,
    /// When it expires.
    pub until: Timestamp,
}

/// The proof that opens a session, and is used up by that.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignInProof<'a> {
    /// The hash of a code or a link that was whispered.
    Offered(&'a KeyedHash),
    /// The hash of a code that the panel showed, and that was typed in chat.
    Linked(&'a KeyedHash),
}

/// How long counts of wrong codes are kept after the start of their window.
const COUNTS_KEPT: Span = Span::minutes(60);

impl Store {
    /// The unused offer whose code or link has the hash `proof`. It may have expired.
    ///
    /// # Errors
    /// [`StoreError`] when the offer cannot be read.
    pub async fn offer(&self, proof: &KeyedHash) -> Result<Option<Offer>, StoreError> {
        let doing = "reading a sign-in offer";
        let item = self.get(&keys::offer(proof), doing).await?;
        let read = |item: &Item| -> Result<Offer, Damaged> {
            let (viewer, epoch) = (item.need("viewer")?, item.need("epoch")?);
            Ok(Offer { viewer, epoch, until: item.need_time("until")? })
        };
        item.as_ref().map(read).transpose().map_err(damaged(doing))
    }

    /// The link request of the panel that shows the code with the hash `proof`. It may have expired.
    ///
    /// # Errors
    /// [`StoreError`] when the request cannot be read.
    pub async fn link_request(&self, proof: &KeyedHash) -> Result<Option<LinkRequest>, StoreError> {
        let doing = "reading a link request";
        let item = self.get(&keys::link_request(proof), doing).await?;
        let read = |item: &Item| -> Result<LinkRequest, Damaged> {
            let (until, viewer) = (item.need_time("until")?, item.parse("viewer")?);
            let epoch = item.parse("epoch")?.unwrap_or_default();
            Ok(LinkRequest { proof: proof.clone(), until, viewer, epoch })
        };
        item.as_ref().map(read).transpose().map_err(damaged(doing))
    }

    /// Saves the link request of a panel that shows the code with the hash `proof` until `until`. It changes
    /// nothing when that code was typed already.
    ///
    /// # Errors
    /// [`StoreError`] when it is unknown whether the request was saved.
    pub async fn request_link(&self, proof: &KeyedHash, until: Timestamp) -> Result<(), StoreError> {
        // Asking again extends the time; a request that was linked in chat stays as it is.
        let untyped = Expression::new().when_missing("viewer");
        let request = Write::Put(rows::session::link_request(proof, until), untyped);
        self.write_all(&[request], false).await.map(|_| ())
    }

    /// Opens the session whose id has the hash `id`, and deletes the proof. [`Commit::Stale`] when the proof
    /// was used already.
    ///
    /// # Errors
    /// [`StoreError`] when it is unknown whether the session was opened.
    pub async fn open_session(
        &self,
        proof: SignInProof<'_>,
        id: &KeyedHash,
        session: &Session,
    ) -> Result<Commit, StoreError> {
        let proof = match proof {
            SignInProof::Offered(hash) => keys::offer(hash),
            SignInProof::Linked(hash) => keys::link_request(hash),
        };
        let writes = [Write::delete(proof), Write::create(rows::session::row(id, session))];
        self.write_all(&writes, false).await
    }

    /// The session whose id has the hash `id`. It may have expired, or be of an older epoch.
    ///
    /// # Errors
    /// [`StoreError`] when the session cannot be read.
    pub async fn session(&self, id: &KeyedHash) -> Result<Option<Session>, StoreError> {
        let doing = "reading a session";
        let item = self.get(&keys::session(id), doing).await?;
        item.as_ref().map(rows::session::read).transpose().map_err(damaged(doing))
    }

    /// Extends a session to `until`, unless it was ended.
    ///
    /// # Errors
    /// [`StoreError`] when it is unknown whether the session was extended.
    pub async fn extend_session(&self, id: &KeyedHash, until: Timestamp) -> Result<(), StoreError> {
        let longer =
            Expression::new().set("until", n(until.ms())).set(TTL, n(until.seconds())).when_exists(keys::PK);
        self.write_all(&[Write::Update(keys::session(id), longer)], false).await.map(|_| ())
    }

    /// Ends a session.
    ///
    /// # Errors
    /// [`StoreError`] when it is unknown whether the session was ended.
    pub async fn end_session(&self, id: &KeyedHash) -> Result<(), StoreError> {
        self.write_all(&[Write::discard(keys::session(id))], false).await.map(|_| ())
    }

    /// The number of wrong codes of each of `who` (hashes of networks, or of all together) in the window that
    /// began at `window`.
    ///
    /// # Errors
    /// [`StoreError`] when the counts cannot be read.
    pub async fn wrong_codes(&self, who: &[KeyedHash], window: Timestamp) -> Result<Vec<u64>, StoreError> {
        let doing = "reading the counts of wrong codes";
        let found = self.get_all(who.iter().map(|who| keys::wrong_codes(who, window)), doing).await?;
        let count = |who: &KeyedHash| match found.get(&keys::wrong_codes(who, window)) {
            Some(item) => item.need("count").map_err(damaged(doing)),
            None => Ok(0),
        };
        who.iter().map(count).collect()
    }

    /// Counts a wrong code for each of `who` in the window that began at `window`.
    ///
    /// # Errors
    /// [`StoreError`] when it is unknown whether it was counted for all of them.
    pub async fn count_wrong_code(&self, who: &[KeyedHash], window: Timestamp) -> Result<(), StoreError> {
        let end = window.saturating_add(COUNTS_KEPT).seconds();
        for who in who {
            let counted = Expression::new().count("count", n(1)).set(TTL, n(end));
            self.write_all(&[Write::Update(keys::wrong_codes(who, window), counted)], false).await?;
        }
        Ok(())
    }
}
