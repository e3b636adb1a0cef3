//! Schedules in EventBridge Scheduler.

mod errors;
mod fields;

use aws_sdk_scheduler::Client;
use aws_sdk_scheduler::types::{FlexibleTimeWindow, FlexibleTimeWindowMode};
use ownchatbot_app::ports::{Clock, ScheduleError, Schedules};
use ownchatbot_domain::{Schedule, Task};

use errors::{CONFLICT, MISSING, code, schedule_error};
use fields::{Fields, name};

/// The time zone of planned times.
const UTC: &str = "UTC";

/// The resources that the deployment has created for the schedules.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stack {
    /// Name of the schedule group.
    pub group: String,
    /// ARN of the role that EventBridge assumes to call the functions.
    pub role_arn: String,
    /// ARN of the dead-letter queue, which takes runs that could not be delivered.
    pub dead_letters_arn: String,
    /// The functions that the schedules call.
    pub targets: Targets,
}

/// The ARNs of the functions that the schedules call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Targets {
    /// The function that pays the viewers for watching.
    pub points_tick: String,
    /// The function that posts the streamer's announcements.
    pub announcements: String,
    /// The function that ends timers, votes and goals.
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

    /// Replaces an existing schedule; `false` when there is none.
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
            Err(error) => Err(schedule_error(&error)),
        }
    }

    /// Creates a schedule; `false` when another process has created it in the meantime.
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
            Err(error) => Err(schedule_error(&error)),
        }
    }
}

/// No flexible time window: runs come at their planned time instead of being spread around it.
fn on_time() -> Result<FlexibleTimeWindow, ScheduleError> {
    FlexibleTimeWindow::builder()
        .mode(FlexibleTimeWindowMode::Off)
        .build()
        .map_err(|error| fields::incomplete(&error))
}

impl<C: Clock> Schedules for EventBridge<C> {
    async fn put(&self, schedule: &Schedule) -> Result<(), ScheduleError> {
        let fields = Fields::of(schedule, &self.stack, self.clock.now())?;
        // Most schedules exist already: the recurring ones are switched on and off, not created.
        if self.update(&schedule.task, &fields).await?
            || self.create(&schedule.task, &fields).await?
            || self.update(&schedule.task, &fields).await?
        {
            return Ok(());
        }
        Err(ScheduleError::Unreachable(
            "could not put the schedule: other processes create and delete it at the same time".to_owned(),
        ))
    }

    async fn delete(&self, task: &Task) -> Result<(), ScheduleError> {
        let sent = self.client.delete_schedule().name(name(task)).group_name(&self.stack.group).send().await;
        match sent {
            Ok(_) => Ok(()),
            Err(error) if code(&error) == Some(MISSING) => Ok(()),
            Err(error) => Err(schedule_error(&error)),
        }
    }

    async fn holds(&self, schedule: &Schedule) -> Result<bool, ScheduleError> {
        let found =
            self.client.get_schedule().name(name(&schedule.task)).group_name(&self.stack.group).send().await;
        match found {
            Ok(found) => Ok(fields::agree(schedule, &found)),
            Err(error) if code(&error) == Some(MISSING) => Ok(fields::is_off(schedule)),
            Err(error) => Err(schedule_error(&error)),
        }
    }
}
