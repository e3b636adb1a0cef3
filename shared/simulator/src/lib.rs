#![doc = include_str!("../README.md")]

mod action;
mod api;
mod clock;
mod fault;
mod job;
mod listener;
mod options;
mod page;
mod page_api;
mod payload;
mod public;
mod render;
mod seen;
mod server;
mod simulation;
mod state;
mod tab;
mod viewer;
mod webhooks;

pub use clock::Clock;
pub use fault::{ApiFault, WebhookFault};
pub use options::{Options, Version, Webhook};
pub use seen::{ApiCall, Delivery, Outcome, Seen, TimedOut, Whisper};
pub use server::Simulator;
pub use tab::Tab;
pub use viewer::ViewerHandle;
