//! The current time.

use std::sync::Arc;

use ownchatbot_domain::Timestamp;

/// A source of the current time. Tests use one that they can move.
pub trait Clock: Send + Sync {
    /// The current time in UTC, in milliseconds. It may jump in either direction when the system's clock is
    /// corrected.
    fn now(&self) -> Timestamp;
}

impl<C: Clock> Clock for Arc<C> {
    fn now(&self) -> Timestamp {
        (**self).now()
    }
}
