//! The traits that adapters implement. Each has at least two implementations: the one for the deployed bot,
//! and those for tests or for running on one computer. The table is not a port: the embedded and the real
//! DynamoDB are reached by the same SDK, so the use cases work with [`ownchatbot_store::Store`] itself.

mod clock;
mod owncast;
mod schedules;

pub use clock::Clock;
pub use owncast::{Emoji, Owncast, OwncastError, Ownership};
pub use schedules::{ScheduleError, Schedules};
