#![doc = include_str!("../README.md")]

use ownchatbot_app::deadline::{DeadlineOutcome, on_deadline};
use ownchatbot_app::ports::Clock;
use ownchatbot_app::timer::{TimerOutcome, on_timer};
use ownchatbot_app::{Context, RunError};
use ownchatbot_domain::Task;
use serde::de::{Deserialize, Deserializer, Error};

/// What the function is called with.
#[derive(Debug, Clone, serde::Deserialize)]
pub struct DeadlineEvent {
    /// What ends.
    #[serde(deserialize_with = "task")]
    pub task: Task,
    /// The run's planned time, in RFC 3339.
    pub slot: jiff::Timestamp,
}

fn task<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Task, D::Error> {
    let text = String::deserialize(deserializer)?;
    Task::parse(&text).map_err(|_| D::Error::custom("this is no task"))
}

/// What became of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ended {
    /// It was for a timer.
    Timer(TimerOutcome),
    /// It was for a vote or a goal.
    Deadline(DeadlineOutcome),
    /// It was for something that has no end.
    Refused,
}

/// Ends what `event` names, if its end has come. The end of a timer is waited for.
///
/// # Errors
/// [`RunError`] when the table cannot be read or written; a retry of the same event does the rest.
pub async fn handle<C: Clock>(ctx: &Context<C>, event: DeadlineEvent) -> Result<Ended, RunError> {
    let DeadlineEvent { task, slot } = event;
    let ended = match &task {
        Task::Timer(timer) => Ended::Timer(on_timer(ctx, timer).await?),
        Task::Deadline(reward) => Ended::Deadline(on_deadline(ctx, reward).await?),
        Task::PointsTick | Task::Announcements => {
            tracing::error!(%task, %slot, "this function has been called for a task that is not its own");
            return Ok(Ended::Refused);
        }
    };
    tracing::info!(%task, %slot, ?ended, "an end has come");
    Ok(ended)
}
