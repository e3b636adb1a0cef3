//! What a points tick pays, and what comes of it.

use ownchatbot_domain::streak::Earned;
use ownchatbot_domain::{Account, Person, Points, StreamId, Timestamp, ViewerId};

/// What one tick pays one viewer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TickPayment {
    /// The viewer who is paid.
    pub viewer: ViewerId,
    /// The stream that they watch.
    pub stream: StreamId,
    /// The tick's planned time, which makes the payment idempotent.
    pub slot: Timestamp,
    /// The points for watching, without those of a streak.
    pub points: Points,
    /// The seconds of watching that are paid for.
    pub seconds: i64,
    /// The latest time that the viewer's previous tick may have; see
    /// [`ownchatbot_domain::tick::last_before`].
    pub last_before: Timestamp,
    /// The change of the viewer's watch streak, if any.
    pub earned: Option<Earned>,
}

/// The result of a payment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PaymentOutcome {
    /// Paid.
    Paid,
    /// A condition failed: another run has paid this tick, the stream's row is not open, or the viewer is
    /// unknown.
    Refused,
    /// Unknown, because of contention or throttling: worth another try.
    Busy,
}

/// Why a payment needs a transaction of its own.
#[derive(Debug, Clone)]
pub enum FirstPayment {
    /// The viewer is new: they are created and welcomed in the same transaction.
    New {
        /// The viewer as Owncast lists them.
        person: Person,
        /// The welcome, the points that a new viewer starts with.
        welcome: Points,
    },
    /// A watch streak earns points, which get ledger rows of their own.
    Streak {
        /// The account as it was read; it must not have changed.
        account: Account,
    },
    /// The viewer's first tick of a stream: the open row of the stream before is closed into the ledger.
    FirstOfStream {
        /// The account as it was read; it must not have changed.
        account: Account,
    },
}
