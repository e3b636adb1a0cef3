#![doc = include_str!("../README.md")]

pub mod event_bridge;
pub mod local;
mod recurrence;

pub use event_bridge::{EventBridge, Stack, Targets};
pub use local::{Local, LocalError, Run};
