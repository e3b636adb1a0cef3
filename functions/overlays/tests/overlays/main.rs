//! Tests of the overlays, through the router and through the program on Lambda's runtime API.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test")]

mod budget;
mod content;
mod document;
mod harness;
mod lambda;
mod pages;
mod table_failures;
