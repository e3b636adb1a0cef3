//! The simulator's clock, which its caller provides.

use std::fmt;
use std::sync::Arc;

use jiff::Timestamp;
use tokio::time::Instant;

/// The simulator's source of time. It must agree with the clock of the bot that the simulator talks to: the
/// bot refuses signatures whose time is too far from its own.
#[derive(Clone)]
pub struct Clock(Arc<dyn Fn() -> i64 + Send + Sync>);

impl Clock {
    /// A clock that shows what `now_ms` returns, in milliseconds since 1970 (UTC).
    #[must_use]
    pub fn new(now_ms: impl Fn() -> i64 + Send + Sync + 'static) -> Self {
        Self(Arc::new(now_ms))
    }

    /// A clock that starts at `start_ms`, in milliseconds since 1970 (UTC), and runs on from there.
    #[must_use]
    pub fn running_from(start_ms: i64) -> Self {
        let begun = Instant::now();
        Self::new(move || {
            let passed = i64::try_from(begun.elapsed().as_millis()).unwrap_or(i64::MAX);
            start_ms.saturating_add(passed)
        })
    }

    /// The time now, to the millisecond.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        Timestamp::from_millisecond((self.0)()).unwrap_or(Timestamp::MAX)
    }
}

impl fmt::Debug for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Clock({})", self.now())
    }
}
