//! A clock that only moves when a test pushes it.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use ownchatbot_app::ports::Clock;
use ownchatbot_domain::{Span, Timestamp};

/// A clock that only moves when a test pushes it. Clones show the same time.
#[derive(Debug, Clone)]
pub struct ManualClock(Arc<AtomicI64>);

impl ManualClock {
    /// A clock that shows `now`.
    #[must_use]
    pub fn at(now: Timestamp) -> Self {
        Self(Arc::new(AtomicI64::new(now.ms())))
    }

    /// Moves the clock forward by `span`.
    pub fn push(&self, span: Span) {
        self.0.fetch_add(span.ms(), Ordering::SeqCst);
    }

    /// Sets the clock to `now`.
    pub fn set(&self, now: Timestamp) {
        self.0.store(now.ms(), Ordering::SeqCst);
    }
}

/// A Thursday evening: 2026-09-10 18:00 UTC.
impl Default for ManualClock {
    fn default() -> Self {
        Self::at(Timestamp::from_ms(1_789_063_200_000))
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_ms(self.0.load(Ordering::SeqCst))
    }
}
