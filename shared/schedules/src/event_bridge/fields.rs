//! A schedule in EventBridge's words.

use aws_sdk_scheduler::error::BuildError;
use aws_sdk_scheduler::operation::get_schedule::GetScheduleOutput;
use aws_sdk_scheduler::primitives::DateTime;
use aws_sdk_scheduler::types::{
    ActionAfterCompletion, DeadLetterConfig, RetryPolicy, ScheduleState, Target as SdkTarget,
};
use ownchatbot_app::ports::ScheduleError;
use ownchatbot_domain::{Schedule, Span, Task, Timestamp, Timing};
use serde_json::json;
use sha2::{Digest, Sha256};

use super::Stack;
use crate::rhythm;

/// EventBridge puts the planned time of the run here.
const PLANNED: &str = "<aws.scheduler.scheduled-time>";

/// EventBridge refuses a time that is over when it gets the request, so what is due goes this far ahead.
const AHEAD: Span = Span::seconds(10);

/// All fields of a schedule that depend on it.
pub(super) struct Fields {
    pub(super) expression: String,
    pub(super) start: Option<DateTime>,
    pub(super) state: ScheduleState,
    pub(super) afterwards: ActionAfterCompletion,
    pub(super) target: SdkTarget,
}

impl Fields {
    /// What is over is planned anew: a single time goes a few seconds ahead (its run is still given the time that was
    /// planned), a recurring schedule begins at its next planned time.
    pub(super) fn of(schedule: &Schedule, stack: &Stack, now: Timestamp) -> Result<Self, ScheduleError> {
        let target = target(schedule, stack).map_err(|error| incomplete(&error))?;
        let soon = now.saturating_add(AHEAD);
        Ok(match schedule.timing {
            Timing::Every { interval, from, on } => {
                let rhythm = Span::minutes(minutes(interval));
                let start = if from < now { rhythm::next(from, rhythm, soon) } else { from };
                Self {
                    expression: rate(interval),
                    start: Some(DateTime::from_secs(whole_seconds(start))),
                    state: if on { ScheduleState::Enabled } else { ScheduleState::Disabled },
                    afterwards: ActionAfterCompletion::None,
                    target,
                }
            }
            Timing::Once { at } => Self {
                expression: moment(at.max(soon))?,
                start: None,
                state: ScheduleState::Enabled,
                afterwards: ActionAfterCompletion::Delete,
                target,
            },
        })
    }
}

/// The name of a task's schedule. Those that come in numbers are named by a hash: a name has at most 64 characters, and
/// not every one that an id may have.
pub(super) fn name(task: &Task) -> String {
    let kind = match task {
        Task::PointsTick => return "points-tick".to_owned(),
        Task::Announcements => return "announcements".to_owned(),
        Task::Timer(_) => "timer",
        Task::Deadline(_) => "deadline",
    };
    let hash = hex::encode(&Sha256::digest(task.to_string().as_bytes())[..16]);
    format!("{kind}-{hash}")
}

/// `interval` in whole minutes, rounded up, at least one: EventBridge knows nothing shorter.
fn minutes(interval: Span) -> u32 {
    let minute = Span::minutes(1).ms();
    u32::try_from((interval.ms() + minute - 1) / minute).unwrap_or(u32::MAX).max(1)
}

fn rate(interval: Span) -> String {
    match minutes(interval) {
        1 => "rate(1 minute)".to_owned(),
        n => format!("rate({n} minutes)"),
    }
}

/// Whole seconds since 1970, rounded up: a run never comes early.
fn whole_seconds(at: Timestamp) -> i64 {
    (at.ms() + 999) / 1000
}

fn moment(at: Timestamp) -> Result<String, ScheduleError> {
    let time = jiff::Timestamp::from_second(whole_seconds(at))
        .map_err(|error| ScheduleError::Refused(format!("no such time: {error}")))?;
    Ok(format!("at({})", time.strftime("%Y-%m-%dT%H:%M:%S")))
}

/// What the function is called with.
///
/// A single time is written out: it is the planned time even when the schedule was set up too late for it, and to the
/// millisecond, which EventBridge does not know.
fn input(schedule: &Schedule) -> String {
    let slot = match schedule.timing {
        Timing::Every { .. } => PLANNED.to_owned(),
        Timing::Once { at } => jiff::Timestamp::from_millisecond(at.ms())
            .map_or_else(|_| PLANNED.to_owned(), |at| at.to_string()),
    };
    json!({ "task": schedule.task.to_string(), "slot": slot }).to_string()
}

/// How long EventBridge tries to hand a run to its function, in seconds, and how often.
fn patience(task: &Task) -> (i32, i32) {
    match task {
        // After five minutes the next tick is nearer than this one.
        Task::PointsTick => (300, 2),
        // A late line disturbs more than a missing one.
        Task::Announcements => (120, 1),
        // Viewers wait for a timer's end, but nobody after an hour.
        Task::Timer(_) => (3600, 30),
        // The end of a vote is announced, however late; these are the most that EventBridge knows.
        Task::Deadline(_) => (86_400, 185),
    }
}

fn target(schedule: &Schedule, stack: &Stack) -> Result<SdkTarget, BuildError> {
    let arn = match schedule.task {
        Task::PointsTick => &stack.targets.points_tick,
        Task::Announcements => &stack.targets.announcements,
        Task::Timer(_) | Task::Deadline(_) => &stack.targets.deadlines,
    };
    let (seconds, tries) = patience(&schedule.task);
    let retries =
        RetryPolicy::builder().maximum_event_age_in_seconds(seconds).maximum_retry_attempts(tries).build();
    SdkTarget::builder()
        .arn(arn)
        .role_arn(&stack.role_arn)
        .input(input(schedule))
        .retry_policy(retries)
        .dead_letter_config(DeadLetterConfig::builder().arn(&stack.dead_letters_arn).build())
        .build()
}

/// A request that the SDK does not let through.
pub(super) fn incomplete(error: &BuildError) -> ScheduleError {
    ScheduleError::Refused(error.to_string())
}

/// Whether the schedule that was found is `schedule`.
pub(super) fn agree(schedule: &Schedule, found: &GetScheduleOutput) -> bool {
    match schedule.timing {
        Timing::Every { interval, on, from } => {
            let state = if on { ScheduleState::Enabled } else { ScheduleState::Disabled };
            let begins = found.start_date().map_or(from, |start| Timestamp::from_ms(start.secs() * 1000));
            found.schedule_expression() == Some(rate(interval).as_str())
                && found.state() == Some(&state)
                && rhythm::has_begun(begins, from, on)
        }
        // The input carries the planned time, even where the expression had to be a later one.
        Timing::Once { .. } => {
            let planned = found.target().and_then(|target| target.input());
            planned == Some(input(schedule).as_str()) && found.state() == Some(&ScheduleState::Enabled)
        }
    }
}

/// Whether `schedule` asks for nothing to happen, so that none at all is as good.
pub(super) fn is_off(schedule: &Schedule) -> bool {
    matches!(schedule.timing, Timing::Every { on: false, .. })
}

#[cfg(test)]
mod tests;
