#![doc = include_str!("../README.md")]

pub mod clients;
mod clock;
mod connected;
pub mod environment;
pub mod log;

pub use clock::SystemClock;
pub use connected::{Connected, context};
pub use environment::{BadEnvironment, Environment};
