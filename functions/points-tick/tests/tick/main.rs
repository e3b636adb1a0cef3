//! Tests of ticks, called as the schedule calls them.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod failures;
mod harness;
mod pay;
