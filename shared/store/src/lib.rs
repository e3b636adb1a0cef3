#![doc = include_str!("../README.md")]

mod board;
mod clockwork;
mod commit;
mod config;
mod erasure;
mod error;
mod expression;
mod item;
pub mod keys;
mod outbox;
mod outcome;
mod payment;
mod query;
mod queue;
mod receipts;
mod rows;
mod sessions;
mod snapshot;
mod statement;
mod stream_position;
mod streams;
pub mod table;
mod ticks;
pub mod totals;
mod usage;
mod viewers;

pub use clockwork::{Announced, Watch};
pub use config::AuditEntry;
pub use erasure::{ErasedPart, Erasure};
pub use error::{StoreError, TableError};
pub use outbox::{Due, Ending, Lane, LaneId, Lease, OutboxRow, RowState};
pub use outcome::Commit;
pub use payment::{FirstPayment, PaymentOutcome, TickPayment};
pub use sessions::{Offer, Session, SignInProof};
pub use snapshot::{ALERTS_FOR, ActiveAlert, MAX_WAITING, PublicSnapshot};
pub use statement::{BadCursor, LedgerCursor, Statement};
pub use viewers::{LoadedViewer, OwnPage};

use aws_sdk_dynamodb::Client;

/// The bot's one DynamoDB table, reached with the SDK's client. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Store {
    client: Client,
    table: String,
}

impl Store {
    /// The table called `table`, reached with `client`.
    #[must_use]
    pub fn new(client: Client, table: impl Into<String>) -> Self {
        Self { client, table: table.into() }
    }
}
