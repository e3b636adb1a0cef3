//! The panel as browsers ask for it, and as Lambda asks for it.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test")]

mod budgets;
mod clicks;
mod entering;
mod harness;
mod lambda;
mod looking;
mod own;
