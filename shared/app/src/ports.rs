//! The roles that the outside plays. Each has one real implementation; tests put faults into the wire, not here.

mod clock;
mod erasure;
mod ledger;
mod outbox;
mod owncast;
mod schedules;
mod sessions;
mod ticks;
mod times;

pub use clock::Clock;
pub use erasure::{ErasedPart, Erasure, Forgetting};
pub use ledger::{BadCursor, Commit, Configuration, Ledger, LedgerCursor, Loaded, Statement, StoreError};
pub use outbox::{Due, Ending, Lane, LaneId, Lease, Outbox, OutboxRow, RowState};
pub use owncast::{Emoji, Owncast, OwncastError, Ownership};
pub use schedules::{ScheduleError, Schedules};
pub use sessions::{Offer, Session, Sessions, SignInProof};
pub use ticks::{FirstPayment, PaymentOutcome, TickPayment, Ticks};
pub use times::{Announced, Times, Watch};
