#![doc = include_str!("../README.md")]

mod action;
mod api;
mod clock;
mod desk;
mod fault;
mod gate;
mod options;
mod page;
mod payload;
mod public;
mod render;
mod seen;
mod server;
mod stage;
mod state;
mod viewer;
mod webhooks;

pub use clock::Clock;
pub use fault::{Fault, LinkFault};
pub use options::{Options, Version, Webhook};
pub use seen::{ApiCall, Delivery, Outcome, Seen, TimedOut, Whisper};
pub use server::FakeOwncast;
pub use viewer::ViewerHandle;
