#![doc = include_str!("../README.md")]

mod commit;
mod config;
mod erasure;
mod error;
mod expression;
mod item;
pub mod keys;
mod outbox;
mod place;
mod read;
mod rows;
mod sessions;
pub mod table;
mod ticks;
mod times;
pub mod totals;

pub use config::Saved;
pub use error::TableError;

use aws_sdk_dynamodb::Client;

/// The table.
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
