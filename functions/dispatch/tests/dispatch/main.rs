//! Deliveries: from records of the table's stream to lines in Owncast's chat.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod delivery;
mod harness;
mod logs;
mod panel;
mod records;
mod repeats;
mod round_trip;
mod trouble;
