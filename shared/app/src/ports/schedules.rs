//! The schedules that start the bot's timed functions.

use std::future::Future;

use ownchatbot_domain::schedule::{Schedule, Task};

/// Why the scheduler did not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum ScheduleError {
    /// It did not respond, or it throttled the request. A retry can succeed.
    #[error("the scheduler cannot be reached: {0}")]
    Unreachable(String),
    /// It refused the request. The reason is safe to show to the streamer.
    #[error("the scheduler refused: {0}")]
    Refused(String),
}

/// The schedules of this bot. Each run receives its planned time, which is its idempotency key: a run can
/// start late and more than once, but never early.
pub trait Schedules: Send + Sync {
    /// Creates a schedule, or replaces the one with the same task as a whole.
    ///
    /// # Errors
    /// [`ScheduleError`] unless the schedule is known to be saved.
    fn put(&self, schedule: &Schedule) -> impl Future<Output = Result<(), ScheduleError>> + Send;

    /// Deletes the schedule of a task. It is no error when there is none.
    ///
    /// # Errors
    /// [`ScheduleError`] unless the schedule is known to be deleted.
    fn delete(&self, task: &Task) -> impl Future<Output = Result<(), ScheduleError>> + Send;

    /// Whether `schedule` exists as given. A recurring one must have the same interval and the same on/off
    /// state, and must have started or be about to; a one-time schedule must have the same time.
    ///
    /// # Errors
    /// [`ScheduleError`] when it cannot be read.
    fn holds(&self, schedule: &Schedule) -> impl Future<Output = Result<bool, ScheduleError>> + Send;
}
