//! The end of a timer, which is announced on the second.

use std::time::Duration;

use ownchatbot_domain::timer::Timer;
use ownchatbot_domain::{Alert, Change, Decision, Effect, EventId, StreamChange, Timestamp, message};
use ownchatbot_store::Commit;

use crate::context::Context;
use crate::ports::Clock;
use crate::retry::{AppError, retry_until_deadline};
use crate::run::RunError;

/// How often a waiting run reads the clock, because the clock may be corrected during the wait.
const CLOCK_POLL: Duration = Duration::from_secs(1);
/// The longest time in milliseconds that a run waits for the end of a timer.
const MAX_WAIT_MS: i64 = 100_000;

/// What a run for the end of a timer did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TimerOutcome {
    /// It has ended the timer and committed the announcement.
    Ended,
    /// There is no such timer: it was cancelled, or had ended before.
    Gone,
    /// The timer ends too late for this run to wait. The watchdog ends it.
    Later,
}

/// Waits for the end of the timer `id` and announces it. The run starts early, because schedules are accurate
/// to the minute only.
///
/// # Errors
/// [`RunError`] when the table cannot be read or written. The timer is still running then, and the watchdog
/// ends it.
pub async fn on_timer<C>(ctx: &Context<C>, id: &EventId) -> Result<TimerOutcome, RunError>
where
    C: Clock,
{
    let find = |running: &[Timer]| running.iter().find(|timer| timer.id == *id).cloned();
    let Some(timer) = find(&ctx.store.timers().await?.running) else { return Ok(TimerOutcome::Gone) };
    if timer.ends.since(ctx.clock.now()).ms() > MAX_WAIT_MS {
        return Ok(TimerOutcome::Later);
    }
    loop {
        let left = timer.ends.since(ctx.clock.now()).ms();
        if left == 0 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(left.unsigned_abs()).min(CLOCK_POLL)).await;
    }
    // The timers are read again, because this one may have been cancelled during the wait.
    Ok(end(ctx, id).await?)
}

/// Ends the timers whose end lies before `latest`: their own runs were lost. Returns how many there were.
pub(crate) async fn end_overdue<C>(ctx: &Context<C>, latest: Timestamp) -> Result<usize, AppError>
where
    C: Clock,
{
    let overdue: Vec<Timer> =
        ctx.store.timers().await?.running.into_iter().filter(|timer| timer.ends < latest).collect();
    for timer in &overdue {
        end(ctx, &timer.id).await?;
    }
    Ok(overdue.len())
}

async fn end<C>(ctx: &Context<C>, id: &EventId) -> Result<TimerOutcome, AppError>
where
    C: Clock,
{
    let event = EventId::scheduled("timer", id);
    let event = &event;
    retry_until_deadline(ctx.deadline, |_| async move {
        let timers = ctx.store.timers().await?;
        let Some(timer) = timers.running.iter().find(|timer| timer.id == *id) else {
            return Ok(Some(TimerOutcome::Gone));
        };
        let line = if timer.name.is_empty() {
            message::timer_over_unnamed()
        } else {
            message::timer_over(&timer.name)
        };
        let running = timers.running.iter().filter(|other| other.id != *id).cloned().collect();
        let alert = Alert::Timer { name: timer.name.clone() };
        let change = Change::Stream(StreamChange::SetTimers { version: timers.version, running });
        let decision =
            Decision { changes: vec![change], effects: vec![Effect::Say(line), Effect::Show(alert)] };
        Ok(match ctx.commit(Some(event), ctx.clock.now(), decision).await? {
            Commit::Applied => Some(TimerOutcome::Ended),
            Commit::Duplicate => Some(TimerOutcome::Gone),
            Commit::Stale => None,
        })
    })
    .await
}
