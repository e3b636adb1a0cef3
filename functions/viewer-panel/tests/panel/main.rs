//! Tests of the viewer panel, through the router and through the program on Lambda's runtime API.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test")]

mod budgets;
mod clicks;
mod forms;
mod harness;
mod lambda;
mod own_data;
mod page;
mod pseudo;
mod sign_in;
