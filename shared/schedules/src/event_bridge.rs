//! EventBridge Scheduler.

mod fields;
mod trouble;

use aws_sdk_scheduler::Client;
use aws_sdk_scheduler::types::{FlexibleTimeWindow, FlexibleTimeWindowMode};
use ownchatbot_app::ports::{Clock, ScheduleError, Schedules};
use ownchatbot_domain::{Schedule, Task};

use fields::{Fields, name};
use trouble::{CONFLICT, MISSING, code, trouble};

/// Planned times are told in UTC.
const UTC: &str = "UTC";

/// What the deployment has made for the schedules.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stack {
    /// Name of the schedule group.
    pub group: String,
    /// ARN of the role in whose name the functions are called.
    pub role_arn: String,
    /// ARN of the queue that takes what could not be delivered to the end.
    pub dead_letters_arn: String,
    /// Whom the schedules call.
    pub targets: Targets,
}

/// The ARNs of the functions that the schedules call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Targets {
    /// Pays the viewers.
    pub points_tick: String,
    /// Says the streamer's lines.
    pub announcements: String,
    /// Ends timers, votes and goals.
    pub deadlines: String,
}

/// The schedules of one deployment.
#[derive(Debug, Clone)]
pub struct EventBridge<C> {
    client: Client,
    stack: Stack,
    clock: C,
}

impl<C: Clock> EventBridge<C> {
    /// The schedules in `stack`, reached with `client`.
    pub fn new(client: Client, stack: Stack, clock: C) -> Self {
        Self { client, stack, clock }
    }

    /// Replaces a schedule that is there; `false` when there is none.
    async fn update(&self, task: &Task, fields: &Fields) -> Result<bool, ScheduleError> {
        let sent = self
            .client
            .update_schedule()
            .name(name(task))
            .group_name(&self.stack.group)
            .state(fields.state.clone())
            .flexible_time_window(on_time()?)
            .schedule_expression_timezone(UTC)
            .schedule_expression(&fields.expression)
            .set_start_date(fields.start)
            .action_after_completion(fields.afterwards.clone())
            .target(fields.target.clone())
            .send()
            .await;
        match sent {
            Ok(_) => Ok(true),
            Err(error) if code(&error) == Some(MISSING) => Ok(false),
            Err(error) => Err(trouble(&error)),
        }
    }

    /// Makes a schedule; `false` when somebody else has made it meanwhile.
    async fn create(&self, task: &Task, fields: &Fields) -> Result<bool, ScheduleError> {
        let sent = self
            .client
            .create_schedule()
            .name(name(task))
            .group_name(&self.stack.group)
            .state(fields.state.clone())
            .flexible_time_window(on_time()?)
            .schedule_expression_timezone(UTC)
            .schedule_expression(&fields.expression)
            .set_start_date(fields.start)
            .action_after_completion(fields.afterwards.clone())
            .target(fields.target.clone())
            .send()
            .await;
        match sent {
            Ok(_) => Ok(true),
            Err(error) if code(&error) == Some(CONFLICT) => Ok(false),
            Err(error) => Err(trouble(&error)),
        }
    }
}

/// Without it EventBridge would be free to spread the runs.
fn on_time() -> Result<FlexibleTimeWindow, ScheduleError> {
    FlexibleTimeWindow::builder()
        .mode(FlexibleTimeWindowMode::Off)
        .build()
        .map_err(|error| fields::incomplete(&error))
}

impl<C: Clock> Schedules for EventBridge<C> {
    async fn put(&self, schedule: &Schedule) -> Result<(), ScheduleError> {
        let fields = Fields::of(schedule, &self.stack, self.clock.now())?;
        // Most schedules are there already: the recurring ones are switched on and off, not made.
        if self.update(&schedule.task, &fields).await?
            || self.create(&schedule.task, &fields).await?
            || self.update(&schedule.task, &fields).await?
        {
            return Ok(());
        }
        Err(ScheduleError::Unreachable("the schedule comes and goes under our hands".to_owned()))
    }

    async fn delete(&self, task: &Task) -> Result<(), ScheduleError> {
        let sent = self.client.delete_schedule().name(name(task)).group_name(&self.stack.group).send().await;
        match sent {
            Ok(_) => Ok(()),
            Err(error) if code(&error) == Some(MISSING) => Ok(()),
            Err(error) => Err(trouble(&error)),
        }
    }

    async fn holds(&self, schedule: &Schedule) -> Result<bool, ScheduleError> {
        let found =
            self.client.get_schedule().name(name(&schedule.task)).group_name(&self.stack.group).send().await;
        match found {
            Ok(found) => Ok(fields::agree(schedule, &found)),
            Err(error) if code(&error) == Some(MISSING) => Ok(fields::is_off(schedule)),
            Err(error) => Err(trouble(&error)),
        }
    }
}
