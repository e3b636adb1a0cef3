//! The watchdog: corrects what a lost webhook, a lost run of a schedule or a failed delivery has left wrong.

mod catch_up;

use ownchatbot_domain::decide::recurring;
use ownchatbot_domain::{Span, Timestamp};
use ownchatbot_store::Watch;

use crate::context::Context;
use crate::deliver::{Deliveries, DeliveryTargets, on_due};
use crate::error_chain::ErrorChain;
use crate::event::StreamStatus;
use crate::ports::{Clock, Owncast, OwncastError, Schedules};
use crate::retry::AppError;
use crate::run::RunError;
use crate::{deadline, erasure, stream, timer};

pub use catch_up::CaughtUp;

/// The interval of requests to Owncast while the stream is offline. They are made by runs whose planned time
/// is a multiple of it.
const OFFLINE_INTERVAL: Span = Span::minutes(5);
/// How long after its end a timer's own run counts as lost.
const TIMER_GRACE: Span = Span::seconds(20);
/// The age from which a missed end of a vote or goal is no longer handled.
const MAX_END_AGE: Span = Span::days(3);
/// The longest backoff between requests to an Owncast that does not respond.
const MAX_BACKOFF: Span = Span::minutes(5);

/// What a run of the watchdog found and did.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct WatchReport {
    /// The deliveries that were due.
    pub delivered: Deliveries,
    /// How many timers, votes and goals were closed because their own run was lost.
    pub ended: usize,
    /// How many interrupted erasures were completed.
    pub erased: usize,
    /// Whether Owncast was asked for its status. Runs skip this between two offline requests and during
    /// backoff.
    pub asked: bool,
    /// Whether the stored state of the stream was corrected.
    pub mended: bool,
    /// How many schedules were corrected.
    pub schedules: usize,
    /// The commands in chat that were caught up.
    pub caught_up: CaughtUp,
}

/// Runs the watchdog. `slot` is the planned time of the run; there is one each minute.
///
/// # Errors
/// [`RunError`] when the table cannot be read or written in one of the steps. The other steps are done all
/// the same, and the next run follows in a minute.
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
    // The steps that do not need Owncast come first, and a step that fails does not stop the others.
    let (mut report, mut failed) = (WatchReport::default(), None::<RunError>);
    match end_overdue(ctx).await {
        Ok(ended) => report.ended = ended,
        Err(error) => failed = Some(error.into()),
    }
    // Erasures come before catching up, because a viewer who is being erased cannot use commands.
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
    Ok(timers + deadline::close_overdue(ctx, &config.rewards, now.saturating_sub(MAX_END_AGE)).await?)
}

/// Asks Owncast for its status if it is time to, corrects the state of the stream, and catches up with missed
/// commands.
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
    if !live && slot.ms() % OFFLINE_INTERVAL.ms() >= Span::minutes(1).ms() {
        return Ok(());
    }
    let (before, now) = (ctx.store.watch().await?, ctx.clock.now());
    // A time beyond the longest backoff was written before the clock was set back, and must not silence the
    // watchdog.
    let waits = |at: Timestamp| at > now && at.since(now) <= MAX_BACKOFF;
    if before.next_try.is_some_and(waits) {
        return Ok(());
    }
    report.asked = true;
    let mut after = before.clone();
    let asked = match owncast.status().await {
        Ok(status) => follow_up(ctx, owncast, &status, &mut after, report).await,
        Err(error) => Err(error.into()),
    };
    match &asked {
        Ok(()) => note_success(&mut after),
        Err(RunError::Owncast(error)) => note_failure(&mut after, error, now),
        Err(RunError::App(_)) => {}
    }
    if after != before {
        ctx.store.save_watch(&after).await?;
    }
    match asked {
        // The failure is saved and shown on the health page, so this run has not failed.
        Err(RunError::Owncast(_)) => Ok(()),
        other => other,
    }
}

async fn follow_up<C, O>(
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

fn note_success(watch: &mut Watch) {
    if let Some(since) = watch.away_since {
        tracing::info!(since = since.ms(), "Owncast responds again");
    }
    *watch = Watch { watermark: watch.watermark, ..Watch::default() };
}

fn note_failure(watch: &mut Watch, error: &OwncastError, now: Timestamp) {
    watch.failures = watch.failures.saturating_add(1);
    watch.away_since.get_or_insert(now);
    watch.reason = Some(error.to_string());
    // Exponential backoff: one minute, two, four, then five. Each is 10 s shorter, so that the run of that
    // minute is not too early.
    let backoff = Span::minutes(1 << watch.failures.saturating_sub(1).min(3)).min(MAX_BACKOFF);
    watch.next_try = Some(now.saturating_add(backoff).saturating_sub(Span::seconds(10)));
    tracing::warn!(reason = %error, failures = watch.failures, "a request to Owncast failed");
}

/// Corrects the recurring schedules that differ from what the state of the stream and the settings require.
async fn mend_schedules<C, H>(ctx: &Context<C>, schedules: &H) -> Result<usize, RunError>
where
    C: Clock,
    H: Schedules,
{
    let live = ctx.store.stream().await?.live;
    // Not from the cache, which could undo a change of the last seconds.
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
                tracing::info!(task = %schedule.task, live, "a schedule was corrected");
                mended += 1;
            }
            Err(error) => {
                tracing::warn!(task = %schedule.task, error = %ErrorChain(&error), "could not correct a schedule");
            }
        }
    }
    Ok(mended)
}
