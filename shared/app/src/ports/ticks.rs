//! The table, as far as points ticks need it.

use std::collections::HashMap;
use std::future::Future;

use ownchatbot_domain::streak::Earned;
use ownchatbot_domain::{Account, Person, Points, StreamId, Timestamp, ViewerId};

use super::{Commit, StoreError};

/// What one tick pays one viewer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TickPayment {
    /// Whom.
    pub viewer: ViewerId,
    /// For watching which stream.
    pub stream: StreamId,
    /// The tick's planned time.
    pub slot: Timestamp,
    /// How much.
    pub points: Points,
    /// For how many seconds.
    pub seconds: i64,
    /// The tick before may be no later than this; see [`ownchatbot_domain::tick::last_before`].
    pub last_before: Timestamp,
    /// What it does to the viewer's watch streak, if anything.
    pub earned: Option<Earned>,
}

/// What became of a wage.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PaymentOutcome {
    /// Paid.
    Paid,
    /// The account is not as it was read: another run has paid, or the stream's row is not open.
    Refused,
    /// Not known; another try is worth it.
    Busy,
}

/// A wage that the cheap way cannot pay.
#[derive(Debug, Clone)]
pub enum FirstPayment {
    /// For somebody never met, who is welcomed in the same transaction.
    New {
        /// Who.
        person: Person,
        /// What they start with.
        welcome: Points,
    },
    /// A watch streak brings points, which have a row of their own in the ledger.
    Streak {
        /// The account as read.
        account: Account,
    },
    /// The first tick of a stream: the open row of the stream before goes into the ledger.
    FirstOfStream {
        /// The account as read.
        account: Account,
    },
}

/// What points ticks need of the table.
pub trait Ticks: Send + Sync {
    /// The accounts of at most 100 viewers, in one request. Viewers never met are missing, and those who are being forgotten
    /// have none.
    ///
    /// # Errors
    /// [`StoreError`] when they cannot be read.
    fn accounts(
        &self,
        viewers: &[ViewerId],
    ) -> impl Future<Output = Result<HashMap<ViewerId, Option<Account>>, StoreError>> + Send;

    /// Pays at most 25 wages into rows that are open, in one request; each by itself.
    ///
    /// # Errors
    /// [`StoreError`] when nothing is known of any of them.
    fn pay(
        &self,
        payments: &[TickPayment],
    ) -> impl Future<Output = Result<Vec<PaymentOutcome>, StoreError>> + Send;

    /// Pays a wage that opens a row, in one transaction.
    ///
    /// # Errors
    /// [`StoreError`] when it is not known to be paid.
    fn open(
        &self,
        payment: &TickPayment,
        first_payment: &FirstPayment,
        now: Timestamp,
    ) -> impl Future<Output = Result<Commit, StoreError>> + Send;
}
