//! Tests of the hook, through the router and through the program on Lambda's runtime API.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod auth;
mod bodies;
mod community;
mod contract;
mod harness;
mod lambda;
mod logs;
mod simulated_owncast;
mod table_failures;
