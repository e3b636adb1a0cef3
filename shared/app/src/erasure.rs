//! Erasure: deleting the data of a viewer at their request.
//!
//! The first transaction deletes profile, name and balance, and replaces the balance by an erasure record.
//! Every change requires that there is none, so from then on nothing of the viewer can be written, and their
//! sessions are void. The rest is deleted part by part, each in a transaction of its own, and the watchdog
//! continues an erasure that was interrupted. Only when it is complete can the same id be met again, as a new
//! viewer.
//!
//! Uses of rewards stay counted under [`ViewerId::erased`], so that stock, tallies and goals keep their
//! values; a goal that returns contributions returns nothing for them. Finished redemptions stay in the
//! history without name and note. Waiting redemptions are refunded without a message.
//!
//! Some data cannot be found by viewer and expires by itself: alerts (10 minutes), sign-ins that were offered
//! (5 minutes), outbox rows (2 days after delivery; parked rows stay until the streamer has handled them),
//! and sessions (at most 30 days, stored under a hash with the viewer's id alone; they admit nobody). The
//! ledgers of other viewers keep the id where the two gave each other points, or where this viewer, as a
//! moderator, adjusted theirs. Uses of a reward that was deleted from the configuration are found only if the
//! viewer's ledger or one of their redemptions names it.

use ownchatbot_domain::decide::withdraw;
use ownchatbot_domain::{Decision, EventId, RewardId, Span, ViewerChange, ViewerId, message};
use ownchatbot_store::{Commit, ErasedPart, Erasure, StoreError};
use tokio::time::Instant;

use crate::context::Context;
use crate::error_chain::ErrorChain;
use crate::outcome::Outcome;
use crate::ports::Clock;
use crate::retry::{AppError, retry_until_deadline};

/// The time that one run of the watchdog spends on erasures, as a multiple of [`Context::deadline`].
const RUN_DEADLINES: u32 = 4;
/// The most erasures that are read in one run.
const MAX_ERASURES: usize = 100;
/// A points tick that was running during the erasure may have added the viewer to the leaderboard again, so
/// the board is checked once more this long after everything else was deleted. It is longer than any function
/// runs.
const BOARD_RECHECK: Span = Span::minutes(3);

/// Erases `viewer`. `event` is the one-time key of the form that was sent, and the idempotency key. For most
/// viewers this takes a fraction of a second; what does not fit into [`Context::deadline`] is left to
/// [`finish_erasures`]. Returns [`Outcome::Ignored`] when there is no viewer with that id.
///
/// # Errors
/// [`AppError`] when the table cannot be read or written. Then either nothing was erased, or the erasure has
/// begun and [`finish_erasures`] completes it.
pub async fn erase_viewer<C>(
    ctx: &Context<C>,
    event: &EventId,
    viewer: &ViewerId,
) -> Result<Outcome, AppError>
where
    C: Clock,
{
    let outcome = retry_until_deadline(ctx.deadline, |_| async move {
        let Some(profile) = ctx.store.active_profile(viewer).await? else {
            let before = ctx.store.handled_at(event).await?;
            return Ok(Some(before.map_or(Outcome::Ignored, |_| Outcome::Duplicate)));
        };
        let decision = Decision::change(ViewerChange::BeginErasure { profile });
        Ok(Outcome::of(ctx.store.commit(Some(event), ctx.clock.now(), &decision).await?))
    })
    .await?;
    if outcome != Outcome::Ignored {
        // The erasure has begun, so the watchdog will complete it if this attempt does not.
        match finish(ctx, viewer, Instant::now() + ctx.deadline).await {
            Ok(true) => {}
            Ok(false) => tracing::info!("the erasure of a viewer takes longer; the watchdog continues it"),
            Err(error) => {
                tracing::warn!(error = %ErrorChain(&error), "the erasure of a viewer was interrupted");
            }
        }
    }
    Ok(outcome)
}

/// Continues erasures that were interrupted. Returns how many viewers are completely erased by this run.
///
/// # Errors
/// [`AppError`] when the table cannot be read or written for one of them. The others are handled all the
/// same, and the next run continues.
pub async fn finish_erasures<C>(ctx: &Context<C>) -> Result<usize, AppError>
where
    C: Clock,
{
    let until = Instant::now() + ctx.deadline * RUN_DEADLINES;
    let erasures = retry_until_deadline(ctx.deadline, |_| async {
        ctx.store.all_erasures(MAX_ERASURES).await.map(Some)
    })
    .await?;
    let (mut erased, mut failed) = (0, None);
    for erasure in &erasures {
        let done = match erasure.gone_at {
            // The next run comes in a minute.
            None if Instant::now() >= until => Ok(0),
            None => finish(ctx, &erasure.viewer, until).await.map(usize::from),
            Some(gone_at) if ctx.clock.now().since(gone_at) < BOARD_RECHECK => Ok(0),
            Some(_) => delete_erasure_record(ctx, erasure).await.map(|()| 0),
        };
        match done {
            Ok(done) => erased += done,
            // A failure of one erasure must not stop the others.
            Err(error) => failed = Some(error),
        }
    }
    failed.map_or(Ok(erased), Err)
}

/// How far an attempt to erase a viewer, or a part of their data, has got.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Progress {
    /// Nothing is left of it.
    Complete,
    /// The time was up.
    OutOfTime,
    /// A concurrent write conflicted. What was deleted stays deleted, and the next attempt finds the rest.
    Conflict,
}

impl Progress {
    const fn of(commit: Commit) -> Self {
        match commit {
            Commit::Applied | Commit::Duplicate => Self::Complete,
            Commit::Stale => Self::Conflict,
        }
    }
}

/// Continues the erasure of `viewer` until the time is up. Returns whether it is complete.
async fn finish<C>(ctx: &Context<C>, viewer: &ViewerId, until: Instant) -> Result<bool, AppError>
where
    C: Clock,
{
    let time = until.saturating_duration_since(Instant::now());
    let progress = retry_until_deadline(time, |_| async move {
        let progress = match ctx.store.erasure(viewer).await?.filter(|erasure| erasure.gone_at.is_none()) {
            Some(erasure) => erase_parts(ctx, erasure, until).await?,
            // Another process has completed it.
            None => Progress::Complete,
        };
        Ok((progress != Progress::Conflict).then_some(progress))
    })
    .await?;
    Ok(progress == Progress::Complete)
}

/// Erases the parts that are left, one after the other.
async fn erase_parts<C>(ctx: &Context<C>, erasure: Erasure, until: Instant) -> Result<Progress, StoreError>
where
    C: Clock,
{
    // The queue comes first: a refunded redemption moves to the history, which is erased later, and its use
    // can only be reverted while it is counted as this viewer's.
    let mut progress = refund_waiting(ctx, &erasure, until).await?;
    if progress == Progress::Complete {
        // Not from the cache, which may lack a new reward that the viewer has used.
        let rewards = ctx.store.config().await?.rewards;
        let rewards: Vec<RewardId> = rewards.into_iter().map(|reward| reward.id).collect();
        progress = Progress::of(ctx.store.erase_uses(&erasure, &rewards).await?);
    }
    if progress == Progress::Complete {
        progress = Progress::of(ctx.store.erase_board_entry(&erasure.viewer).await?);
    }
    if progress == Progress::Complete {
        progress = erase_history(ctx, &erasure, until).await?;
    }
    if progress == Progress::Complete {
        progress = delete_ledger(ctx, &erasure, until).await?;
    }
    if progress == Progress::Complete {
        progress = Progress::of(ctx.store.end_erasure(&erasure, ctx.clock.now()).await?);
    }
    Ok(progress)
}

async fn refund_waiting<C>(
    ctx: &Context<C>,
    erasure: &Erasure,
    until: Instant,
) -> Result<Progress, StoreError>
where
    C: Clock,
{
    for redemption in ctx.store.waiting_by_viewer(&erasure.viewer).await? {
        if Instant::now() >= until {
            return Ok(Progress::OutOfTime);
        }
        let reward = std::slice::from_ref(&redemption.reward);
        let everybody = ctx.store.usages(reward).await?.remove(&redemption.reward).unwrap_or_default();
        let own = ctx.store.viewer_usages(&erasure.viewer, reward).await?.remove(&redemption.reward);
        let decision = withdraw(&redemption, erasure.since, &everybody, &own.unwrap_or_default());
        let Some(decision) = decision else { continue };
        if ctx.commit(None, ctx.clock.now(), decision).await? != Commit::Applied {
            return Ok(Progress::Conflict);
        }
    }
    Ok(Progress::Complete)
}

async fn erase_history<C: Clock>(
    ctx: &Context<C>,
    erasure: &Erasure,
    until: Instant,
) -> Result<Progress, StoreError> {
    let points = &ctx.config().await?.settings.points.name;
    let placeholder = ctx.texts.panel(&message::erased_viewer(), points);
    let mut erasure = erasure.clone();
    while Instant::now() < until {
        match ctx.store.erase_finished(&erasure, &placeholder).await? {
            ErasedPart::All => return Ok(Progress::Complete),
            ErasedPart::Stale => return Ok(Progress::Conflict),
            ErasedPart::Part => {}
        }
        match ctx.store.erasure(&erasure.viewer).await? {
            Some(further) if further.since == erasure.since => erasure = further,
            _ => return Ok(Progress::Conflict),
        }
    }
    Ok(Progress::OutOfTime)
}

async fn delete_ledger<C>(
    ctx: &Context<C>,
    erasure: &Erasure,
    until: Instant,
) -> Result<Progress, StoreError> {
    while Instant::now() < until {
        match ctx.store.erase_ledger(erasure).await? {
            ErasedPart::All => return Ok(Progress::Complete),
            ErasedPart::Stale => return Ok(Progress::Conflict),
            ErasedPart::Part => {}
        }
    }
    Ok(Progress::OutOfTime)
}

/// Checks the leaderboard once more, then deletes the erasure record: the last item that holds the viewer's
/// id.
async fn delete_erasure_record<C: Clock>(ctx: &Context<C>, erasure: &Erasure) -> Result<(), AppError> {
    retry_until_deadline(ctx.deadline, |_| async move {
        if ctx.store.erase_board_entry(&erasure.viewer).await? != Commit::Applied {
            return Ok(None);
        }
        ctx.store.delete_erasure_record(erasure).await.map(Some)
    })
    .await
}
