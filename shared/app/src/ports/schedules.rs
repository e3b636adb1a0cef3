//! What wakes the bot by the clock.

use std::future::Future;

use ownchatbot_domain::schedule::{Schedule, Task};

/// Why the scheduler did not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum ScheduleError {
    /// It did not answer, or has too much to do: worth another try.
    #[error("the scheduler cannot be reached: {0}")]
    Unreachable(String),
    /// It refused; the reason is safe to show to the streamer.
    #[error("the scheduler refused: {0}")]
    Refused(String),
}

/// The schedules of this bot. Each run is given the planned time of its schedule, which is its identity: a run can come
/// late and more than once, never early.
pub trait Schedules: Send + Sync {
    /// Sets a schedule up, or replaces the one of the same task as a whole.
    ///
    /// # Errors
    /// [`ScheduleError`] unless it is known to be set up.
    fn put(&self, schedule: &Schedule) -> impl Future<Output = Result<(), ScheduleError>> + Send;

    /// Takes a schedule away. That there is none is fine.
    ///
    /// # Errors
    /// [`ScheduleError`] unless it is known to be gone.
    fn delete(&self, task: &Task) -> impl Future<Output = Result<(), ScheduleError>> + Send;

    /// Whether `schedule` is set up: the same rhythm, on or off as it says, and begun or about to; or the same single time.
    ///
    /// # Errors
    /// [`ScheduleError`] when nobody knows.
    fn holds(&self, schedule: &Schedule) -> impl Future<Output = Result<bool, ScheduleError>> + Send;
}
