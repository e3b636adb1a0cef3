//! The roles that the outside plays. Each has one real implementation; tests put faults into the wire, not here.

mod clock;
mod forgetting;
mod ledger;
mod outbox;
mod owncast;
mod schedules;
mod sessions;
mod ticks;
mod times;

pub use clock::Clock;
pub use forgetting::{Erased, Forgetting, Leaving};
pub use ledger::{BadCursor, Commit, Configuration, Ledger, LedgerCursor, Loaded, Statement, StoreError};
pub use outbox::{Claim, Due, Ending, Lane, LaneId, Outbox, OutboxRow, RowState};
pub use owncast::{Emoji, Owncast, OwncastError, Ownership};
pub use schedules::{ScheduleError, Schedules};
pub use sessions::{Door, Offer, Session, Sessions};
pub use ticks::{Opening, Ticks, Wage, WageOutcome};
pub use times::{Announced, Times, Watch};
