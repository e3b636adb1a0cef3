//! Timers that end.

use std::time::Duration;

use ownchatbot_domain::timer::Timer;
use ownchatbot_domain::{Alert, Change, Decision, Effect, EventId, StreamChange, Timestamp, text};

use crate::context::Context;
use crate::ports::Clock;
use crate::retry::{AppError, retry_until_deadline};
use crate::run::RunError;
use ownchatbot_store::Commit;

/// The clock is looked at again after at most this long, should it be set meanwhile.
const LOOK: Duration = Duration::from_secs(1);
/// A run waits at most this long: a timer that ends later is woken again.
const LONGEST_WAIT: i64 = 100_000;

/// What became of a timer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TimerOutcome {
    /// Its end is said.
    Ended,
    /// There is no such timer: it was cancelled, or has ended before.
    Gone,
    /// It ends so much later that this run does not wait for it; the watchdog looks after it.
    Later,
}

/// Waits for the end of the timer `id`, and has it said: exactly then, however early the run comes.
///
/// # Errors
/// [`RunError`] when the table is in the way. The timer still runs then, and the watchdog ends it.
pub async fn on_timer<C>(ctx: &Context<C>, id: &EventId) -> Result<TimerOutcome, RunError>
where
    C: Clock,
{
    let find = |running: &[Timer]| running.iter().find(|timer| timer.id == *id).cloned();
    let Some(timer) = find(&ctx.store.timers().await?.running) else { return Ok(TimerOutcome::Gone) };
    if timer.ends.since(ctx.clock.now()).ms() > LONGEST_WAIT {
        return Ok(TimerOutcome::Later);
    }
    loop {
        let left = timer.ends.since(ctx.clock.now()).ms();
        if left == 0 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(left.unsigned_abs()).min(LOOK)).await;
    }
    // Read again: it may have been cancelled while we waited.
    Ok(end(ctx, id).await?)
}

/// Ends the timers whose end passed before `latest`: those whose own run was lost.
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
        let line =
            if timer.name.is_empty() { text::timer_over_unnamed() } else { text::timer_over(&timer.name) };
        let running = timers.running.iter().filter(|other| other.id != *id).cloned().collect();
        let alert = Alert::Timer { name: timer.name.clone() };
        let change = Change::Stream(StreamChange::SetTimers { version: timers.version, running });
        let decision =
            Decision { changes: vec![change], effects: vec![Effect::Say(line.chat()), Effect::Show(alert)] };
        Ok(match ctx.store.commit(Some(event), ctx.clock.now(), &decision).await? {
            Commit::Applied => Some(TimerOutcome::Ended),
            Commit::Duplicate => Some(TimerOutcome::Gone),
            Commit::Stale => None,
        })
    })
    .await
}
