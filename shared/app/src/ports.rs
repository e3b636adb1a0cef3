//! The roles that the outside plays, each with two or more implementations: the real one, and those of tests or of one
//! computer. The table is no port: the embedded and the real DynamoDB are reached by the same SDK, so use cases work with
//! [`ownchatbot_store::Store`] itself.

mod clock;
mod owncast;
mod schedules;

pub use clock::Clock;
pub use owncast::{Emoji, Owncast, OwncastError, Ownership};
pub use schedules::{ScheduleError, Schedules};
