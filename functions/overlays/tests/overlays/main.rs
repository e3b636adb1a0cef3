//! The overlays as browsers ask for them, and as Lambda asks for them.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test")]

mod budget;
mod content;
mod document;
mod harness;
mod lambda;
mod pages;
mod trouble;
