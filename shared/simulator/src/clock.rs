//! The time the fake lives in, handed in from outside.

use std::fmt;
use std::sync::Arc;

use ownchatbot_domain::{Span, Timestamp};
use tokio::time::Instant;

/// Tells the time. Give it the clock of whatever it talks to, or signatures fall outside their window.
#[derive(Clone)]
pub struct Clock(Arc<dyn Fn() -> Timestamp + Send + Sync>);

impl Clock {
    /// A clock that asks `now`.
    #[must_use]
    pub fn new(now: impl Fn() -> Timestamp + Send + Sync + 'static) -> Self {
        Self(Arc::new(now))
    }

    /// A clock that shows `start` now and runs on.
    #[must_use]
    pub fn running_from(start: Timestamp) -> Self {
        let begun = Instant::now();
        Self::new(move || {
            let passed = i64::try_from(begun.elapsed().as_millis()).unwrap_or(i64::MAX);
            start.saturating_add(Span::from_ms(passed))
        })
    }

    /// What it shows.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        (self.0)()
    }
}

impl fmt::Debug for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Clock({})", self.now().ms())
    }
}
