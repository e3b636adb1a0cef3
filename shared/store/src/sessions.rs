//! Sessions, and what they are opened with.

use crate::{Commit, StoreError};
use ownchatbot_domain::decide::LinkRequest;
use ownchatbot_domain::{KeyedHash, Span, Timestamp, ViewerId};

use crate::error::damaged;
use crate::expression::{Expression, Write};
use crate::item::{Damaged, Item, n};
use crate::keys::{self, TTL};
use crate::{Store, rows};

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

/// Counts of wrong codes are kept for so long after their time began.
const COUNTS_KEPT: Span = Span::minutes(60);

impl Store {
    /// What lies behind `proof`, used up by nobody so far. It may be over.
    ///
    /// # Errors
    /// [`StoreError`] when it cannot be read.
    pub async fn offer(&self, proof: &KeyedHash) -> Result<Option<Offer>, StoreError> {
        let doing = "looking for a sign-in";
        let item = self.get(&keys::offer(proof), doing).await?;
        let read = |item: &Item| -> Result<Offer, Damaged> {
            let (viewer, epoch) = (item.need("viewer")?, item.need("epoch")?);
            Ok(Offer { viewer, epoch, until: item.need_time("until")? })
        };
        item.as_ref().map(read).transpose().map_err(damaged(doing))
    }

    /// The panel that waits behind `proof`. It may be over.
    ///
    /// # Errors
    /// [`StoreError`] when it cannot be read.
    pub async fn link_request(&self, proof: &KeyedHash) -> Result<Option<LinkRequest>, StoreError> {
        let doing = "looking for a panel that waits";
        let item = self.get(&keys::link_request(proof), doing).await?;
        let read = |item: &Item| -> Result<LinkRequest, Damaged> {
            let (until, viewer) = (item.need_time("until")?, item.parse("viewer")?);
            let epoch = item.parse("epoch")?.unwrap_or_default();
            Ok(LinkRequest { proof: proof.clone(), until, viewer, epoch })
        };
        item.as_ref().map(read).transpose().map_err(damaged(doing))
    }

    /// Notes that a panel waits behind `proof` until `until`, unless its code was typed already.
    ///
    /// # Errors
    /// [`StoreError`] when it is not known to be noted.
    pub async fn request_link(&self, proof: &KeyedHash, until: Timestamp) -> Result<(), StoreError> {
        // Whoever asks again has the time again; what was typed stays typed.
        let untyped = Expression::new().when_missing("viewer");
        let request = Write::Put(rows::session::link_request(proof, until), untyped);
        self.write_all(&[request], false).await.map(|_| ())
    }

    /// Opens a session and uses up the door. [`Commit::Stale`] when somebody else has.
    ///
    /// # Errors
    /// [`StoreError`] when it is not known to be opened.
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
        let writes = [
            Write::Delete(proof, Expression::new().when_there(keys::PK)),
            Write::create(rows::session::row(id, session)),
        ];
        self.write_all(&writes, false).await
    }

    /// The session with this id. It may be over.
    ///
    /// # Errors
    /// [`StoreError`] when it cannot be read.
    pub async fn session(&self, id: &KeyedHash) -> Result<Option<Session>, StoreError> {
        let doing = "reading a session";
        let item = self.get(&keys::session(id), doing).await?;
        item.as_ref().map(rows::session::read).transpose().map_err(damaged(doing))
    }

    /// Lets a session last until `until`, unless it was ended.
    ///
    /// # Errors
    /// [`StoreError`] when it is not known to be written.
    pub async fn extend_session(&self, id: &KeyedHash, until: Timestamp) -> Result<(), StoreError> {
        let longer =
            Expression::new().set("until", n(until.ms())).set(TTL, n(until.seconds())).when_there(keys::PK);
        self.write_all(&[Write::Update(keys::session(id), longer)], false).await.map(|_| ())
    }

    /// Ends a session.
    ///
    /// # Errors
    /// [`StoreError`] when it is not known to be ended.
    pub async fn end_session(&self, id: &KeyedHash) -> Result<(), StoreError> {
        self.write_all(&[Write::Delete(keys::session(id), Expression::new())], false).await.map(|_| ())
    }

    /// How many wrong codes were counted for each of `who` in the time that began at `window`.
    ///
    /// # Errors
    /// [`StoreError`] when they cannot be read.
    pub async fn wrong_codes(&self, who: &[KeyedHash], window: Timestamp) -> Result<Vec<u64>, StoreError> {
        let doing = "reading how many codes were wrong";
        let found = self.get_all(who.iter().map(|who| keys::wrong_codes(who, window)), doing).await?;
        let count = |who: &KeyedHash| match found.get(&keys::wrong_codes(who, window)) {
            Some(item) => item.need("count").map_err(damaged(doing)),
            None => Ok(0),
        };
        who.iter().map(count).collect()
    }

    /// Counts a wrong code for each of `who`.
    ///
    /// # Errors
    /// [`StoreError`] when it is not known to be counted.
    pub async fn count_wrong_code(&self, who: &[KeyedHash], window: Timestamp) -> Result<(), StoreError> {
        let end = window.saturating_add(COUNTS_KEPT).seconds();
        for who in who {
            let counted = Expression::new().count("count", n(1)).set(TTL, n(end));
            self.write_all(&[Write::Update(keys::wrong_codes(who, window), counted)], false).await?;
        }
        Ok(())
    }
}
