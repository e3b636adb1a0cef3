//! A fake Owncast at the wire: its webhooks, its integrations API with all oddities, and a page to play with it.
//!
//! Tests drive it from Rust; `ownchatbot-local` serves it as its simulator. What it does follows the contract of
//! Owncast 0.3.0, 0.2.5 or 0.1.3. It differs on purpose in this:
//!
//! * Chat stays open while the stream is offline (Owncast closes it after five minutes), so that a newcomer can
//!   try a command at once.
//! * Viewers may write as fast as they like, and ids of viewers are readable and the same after a restart.
//! * Sign-in, the admin API, video and federation are not there; a token has every permission.
//!
//! Start reading at [`FakeOwncast::start`].

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
