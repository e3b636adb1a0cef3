//! Tests of deliveries, from records of the table's stream to lines in Owncast's chat.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod delivery;
mod duplicates;
mod failures;
mod harness;
mod logs;
mod panel;
mod records;
mod round_trip;
