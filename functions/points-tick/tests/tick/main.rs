//! Ticks, as the schedule calls them.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod harness;
mod pay;
mod trouble;
