//! The hook as Owncast calls it and as Lambda calls it.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod auth;
mod bodies;
mod busy;
mod community;
mod contract;
mod harness;
mod lambda;
mod logs;
mod outward;
