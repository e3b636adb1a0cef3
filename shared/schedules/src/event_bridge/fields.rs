//! Converts a schedule to the fields of an EventBridge request, and compares it with a response.

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
use crate::recurrence;

/// The placeholder that EventBridge replaces with the planned time of a run.
const PLANNED: &str = "<aws.scheduler.scheduled-time>";

/// EventBridge rejects times in the past, so times that have passed are planned this far ahead of now.
const LEAD: Span = Span::seconds(10);

/// The fields of a request that depend on the schedule.
pub(super) struct Fields {
    pub(super) expression: String,
    pub(super) start: Option<DateTime>,
    pub(super) state: ScheduleState,
    pub(super) afterwards: ActionAfterCompletion,
    pub(super) target: SdkTarget,
}

impl Fields {
    /// The fields for `schedule` at `now`. A single time that has passed is moved a few seconds ahead (its
    /// run still gets the time that was planned); a recurring schedule that should have begun begins at its
    /// next planned time.
    pub(super) fn of(schedule: &Schedule, stack: &Stack, now: Timestamp) -> Result<Self, ScheduleError> {
        let target = target(schedule, stack).map_err(|error| incomplete(&error))?;
        let soon = now.saturating_add(LEAD);
        Ok(match schedule.timing {
            Timing::Every { interval, from, on } => {
                let rounded = Span::minutes(minutes(interval));
                let start = if from < now { recurrence::next(from, rounded, soon) } else { from };
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

/// The name of a task's schedule. Timers and deadlines are named by a hash, because a name has at most 64
/// characters and allows fewer kinds of them than an id.
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

/// `interval` in whole minutes, rounded up, at least one, the shortest that EventBridge supports.
fn minutes(interval: Span) -> u32 {
    let minute = Span::minutes(1).ms();
    u32::try_from((interval.ms() + minute - 1) / minute).unwrap_or(u32::MAX).max(1)
}

/// The schedule expression of a recurring schedule.
fn rate(interval: Span) -> String {
    match minutes(interval) {
        1 => "rate(1 minute)".to_owned(),
        n => format!("rate({n} minutes)"),
    }
}

/// Whole seconds since 1970, rounded up so that a run never comes early.
fn whole_seconds(at: Timestamp) -> i64 {
    (at.ms() + 999) / 1000
}

/// The schedule expression of a single time.
fn moment(at: Timestamp) -> Result<String, ScheduleError> {
    let time = jiff::Timestamp::from_second(whole_seconds(at))
        .map_err(|error| ScheduleError::Refused(format!("no such time: {error}")))?;
    Ok(format!("at({})", time.strftime("%Y-%m-%dT%H:%M:%S")))
}

/// The input that the function is called with.
///
/// A single time is written out instead of using EventBridge's placeholder: so the run gets the planned time
/// even when the schedule was set up too late for it, and with milliseconds, which EventBridge does not keep.
fn input(schedule: &Schedule) -> String {
    let slot = match schedule.timing {
        Timing::Every { .. } => PLANNED.to_owned(),
        Timing::Once { at } => jiff::Timestamp::from_millisecond(at.ms())
            .map_or_else(|_| PLANNED.to_owned(), |at| at.to_string()),
    };
    json!({ "task": schedule.task.to_string(), "slot": slot }).to_string()
}

/// How long EventBridge retries a run, in seconds, and the most retries.
fn retry_limits(task: &Task) -> (i32, i32) {
    match task {
        // After five minutes the next tick is nearer than this one.
        Task::PointsTick => (300, 2),
        // A late announcement is worse than a missing one.
        Task::Announcements => (120, 1),
        // Viewers wait for a timer's end, but not longer than an hour.
        Task::Timer(_) => (3600, 30),
        // The end of a vote is announced however late it is; these are EventBridge's maxima.
        Task::Deadline(_) => (86_400, 185),
    }
}

fn target(schedule: &Schedule, stack: &Stack) -> Result<SdkTarget, BuildError> {
    let arn = match schedule.task {
        Task::PointsTick => &stack.targets.points_tick,
        Task::Announcements => &stack.targets.announcements,
        Task::Timer(_) | Task::Deadline(_) => &stack.targets.deadlines,
    };
    let (seconds, tries) = retry_limits(&schedule.task);
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

/// The port's error for a request that could not be built.
pub(super) fn incomplete(error: &BuildError) -> ScheduleError {
    ScheduleError::Refused(error.to_string())
}

/// Whether `found`, a schedule in EventBridge, does what `schedule` asks for.
pub(super) fn agree(schedule: &Schedule, found: &GetScheduleOutput) -> bool {
    match schedule.timing {
        Timing::Every { interval, on, from } => {
            let state = if on { ScheduleState::Enabled } else { ScheduleState::Disabled };
            let begins = found.start_date().map_or(from, |start| Timestamp::from_ms(start.secs() * 1000));
            found.schedule_expression() == Some(rate(interval).as_str())
                && found.state() == Some(&state)
                && recurrence::has_begun(begins, from, on)
        }
        // The input carries the planned time, even where the expression had to name a later one.
        Timing::Once { .. } => {
            let planned = found.target().and_then(|target| target.input());
            planned == Some(input(schedule).as_str()) && found.state() == Some(&ScheduleState::Enabled)
        }
    }
}

/// Whether `schedule` is switched off, which is the same as having none.
pub(super) fn is_off(schedule: &Schedule) -> bool {
    matches!(schedule.timing, Timing::Every { on: false, .. })
}

#[cfg(test)]
mod tests;
