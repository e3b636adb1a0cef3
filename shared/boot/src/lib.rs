#![doc = include_str!("../README.md")]

mod bot_deps;
pub mod clients;
mod clock;
pub mod environment;
pub mod log;
mod scheduled;

pub use bot_deps::{BotDeps, context};
pub use clock::SystemClock;
pub use environment::{BadEnvironment, Environment};
pub use lambda_runtime::Error;
pub use scheduled::{SlotEvent, run_scheduled};
