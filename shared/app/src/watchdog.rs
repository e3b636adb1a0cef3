//! What looks after everything else: a lost webhook, a lost schedule, a lost delivery.

mod catch_up;

use ownchatbot_domain::decide::recurring;
use ownchatbot_domain::{Span, Timestamp};

use crate::context::Context;
use crate::deliver::{Deliveries, DeliveryTargets, on_due};
use crate::error_chain::ErrorChain;
use crate::event::StreamStatus;
use crate::ports::{Clock, Owncast, OwncastError, Schedules};
use crate::retry::AppError;
use crate::run::RunError;
use crate::{deadline, erasure, stream, timer};
use ownchatbot_store::Watch;

pub use catch_up::CaughtUp;

/// While the stream is not live, Owncast is asked at planned times that are multiples of this.
const OFFLINE: Span = Span::minutes(5);
/// A timer whose end is this far past has lost its own run.
const TIMER_GRACE: Span = Span::seconds(20);
/// Ends that passed longer ago are nobody's news.
const OLD_END: Span = Span::days(3);
/// The longest time until an Owncast that does not answer is asked again.
const LONGEST_PAUSE: Span = Span::minutes(5);

/// What a run of the watchdog found and did.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct WatchReport {
    /// Deliveries that were due.
    pub delivered: Deliveries,
    /// Timers, votes and goals whose end had been missed.
    pub ended: usize,
    /// Viewers who are forgotten, where that had broken off.
    pub erased: usize,
    /// Whether Owncast was asked; it is not while it is offline and was asked just before, or does not answer.
    pub asked: bool,
    /// Whether the stream's state was mended.
    pub mended: bool,
    /// Schedules that were put right.
    pub schedules: usize,
    /// What was caught up in chat.
    pub caught_up: CaughtUp,
}

/// The run planned at `slot`, one each minute.
///
/// # Errors
/// [`RunError`] when the table is in the way of some of it. The rest is done all the same, and the next run comes in a
/// minute.
pub async fn on_watchdog<C, O, H>(
    ctx: &Context<C>,
    owncast: &O,
    schedules: &H,
    slot: Timestamp,
) -> Result<WatchReport, RunError>
where
    C: Clock,
    O: Owncast,
    H: Schedules,
{
    // What does not need Owncast comes first, and nothing waits for what fails.
    let (mut report, mut failed) = (WatchReport::default(), None::<RunError>);
    match end_overdue(ctx).await {
        Ok(ended) => report.ended = ended,
        Err(error) => failed = Some(error.into()),
    }
    // Commands of theirs could not be caught up before.
    match Box::pin(erasure::finish_erasures(ctx)).await {
        Ok(erased) => report.erased = erased,
        Err(error) => failed = Some(error.into()),
    }
    if let Err(error) = ask(ctx, owncast, slot, &mut report).await {
        failed = Some(error);
    }
    match mend_schedules(ctx, schedules).await {
        Ok(mended) => report.schedules = mended,
        Err(error) => failed = Some(error),
    }
    match on_due(ctx, DeliveryTargets { owncast, schedules }).await {
        Ok(delivered) => report.delivered = delivered,
        Err(error) => failed = Some(error.into()),
    }
    failed.map_or(Ok(report), Err)
}

async fn end_overdue<C>(ctx: &Context<C>) -> Result<usize, AppError>
where
    C: Clock,
{
    let now = ctx.clock.now();
    let timers = timer::end_overdue(ctx, now.saturating_sub(TIMER_GRACE)).await?;
    let config = ctx.config().await?;
    Ok(timers + deadline::close_overdue(ctx, &config.rewards, now.saturating_sub(OLD_END)).await?)
}

/// Asks Owncast how things are, if it is time to, and acts on it.
async fn ask<C, O>(
    ctx: &Context<C>,
    owncast: &O,
    slot: Timestamp,
    report: &mut WatchReport,
) -> Result<(), RunError>
where
    C: Clock,
    O: Owncast,
{
    let live = ctx.store.stream().await?.live;
    if !live && slot.ms() % OFFLINE.ms() >= Span::minutes(1).ms() {
        return Ok(());
    }
    let (before, now) = (ctx.store.watch().await?, ctx.clock.now());
    // A clock that was set back must not silence the watchdog.
    let waits = |at: Timestamp| at > now && at.since(now) <= LONGEST_PAUSE;
    if before.next_try.is_some_and(waits) {
        return Ok(());
    }
    report.asked = true;
    let mut after = before.clone();
    let asked = match owncast.status().await {
        Ok(status) => look(ctx, owncast, &status, &mut after, report).await,
        Err(error) => Err(error.into()),
    };
    match &asked {
        Ok(()) => answered(&mut after),
        Err(RunError::Owncast(error)) => away(&mut after, error, now),
        Err(RunError::App(_)) => {}
    }
    if after != before {
        ctx.store.save_watch(&after).await?;
    }
    match asked {
        // It is noted, and shown; the next run need not be told.
        Err(RunError::Owncast(_)) => Ok(()),
        other => other,
    }
}

async fn look<C, O>(
    ctx: &Context<C>,
    owncast: &O,
    status: &StreamStatus,
    watch: &mut Watch,
    report: &mut WatchReport,
) -> Result<(), RunError>
where
    C: Clock,
    O: Owncast,
{
    report.mended = stream::on_status(ctx, status).await? == crate::Outcome::Done;
    report.caught_up = catch_up::catch_up(ctx, owncast, watch).await?;
    Ok(())
}

fn answered(watch: &mut Watch) {
    if let Some(since) = watch.away_since {
        tracing::info!(since = since.ms(), "Owncast answers again");
    }
    *watch = Watch { watermark: watch.watermark, ..Watch::default() };
}

fn away(watch: &mut Watch, error: &OwncastError, now: Timestamp) {
    watch.failures = watch.failures.saturating_add(1);
    watch.away_since.get_or_insert(now);
    watch.reason = Some(error.to_string());
    // A minute, two, four, then five; a little less, so that the run of that minute is not too early.
    let pause = Span::minutes(1 << watch.failures.saturating_sub(1).min(3)).min(LONGEST_PAUSE);
    watch.next_try = Some(now.saturating_add(pause).saturating_sub(Span::seconds(10)));
    tracing::warn!(reason = %error, failures = watch.failures, "Owncast does not answer");
}

/// Puts schedules right that are not as the stream and the settings want them.
async fn mend_schedules<C, H>(ctx: &Context<C>, schedules: &H) -> Result<usize, RunError>
where
    C: Clock,
    H: Schedules,
{
    let live = ctx.store.stream().await?.live;
    // Fresh, or a change of the last seconds would be undone.
    let settings = ctx.store.config().await?.settings;
    let mut mended = 0;
    for schedule in recurring(&settings, live, ctx.clock.now()) {
        let put = match schedules.holds(&schedule).await {
            Ok(true) => continue,
            Ok(false) => schedules.put(&schedule).await,
            Err(error) => Err(error),
        };
        match put {
            Ok(()) => {
                tracing::info!(task = %schedule.task, live, "a schedule was put right");
                mended += 1;
            }
            Err(error) => {
                tracing::warn!(task = %schedule.task, error = %ErrorChain(&error), "a schedule cannot be put right");
            }
        }
    }
    Ok(mended)
}
