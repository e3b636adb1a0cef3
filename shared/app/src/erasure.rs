//! Forgetting a viewer who asks for it.
//!
//! The first transaction takes profile, name and balance, and puts something in the balance's place that no change comes
//! past: from then on nothing of theirs can be written, and nobody is let in as them. What is left goes part by part, each
//! all or nothing, and the watchdog goes on where something broke off. Only then can the same viewer be met again, as
//! somebody new.
//!
//! What was used of rewards stays counted, as used by nobody in particular ([`ViewerId::erased`]), so that stock, tallies
//! and goals are what they were; a goal that gives back gives nothing for it. What they had redeemed stays in the history,
//! without name and note. What waits in the queue is refunded without a word.
//!
//! Not found by viewer, and left to end by themselves: alerts (10 minutes), sign-ins that were offered (5 minutes), what
//! was said and done for them (the outbox's 2 days, once it is delivered; what was given up stays until the streamer has
//! dealt with it), and sessions (30 days at most, under a hash, with the id alone; they let nobody in). The ledgers of
//! others keep the id where they gave something to each other, or where a moderator put something right. Use of a reward
//! that is in no configuration any more is found where the viewer's ledger or something they redeemed names it.

use ownchatbot_domain::decide::withdraw;
use ownchatbot_domain::{Change, Decision, EventId, RewardId, Span, ViewerChange, ViewerId, text};
use tokio::time::Instant;

use crate::context::Context;
use crate::error_chain::ErrorChain;
use crate::outcome::Outcome;
use crate::ports::Clock;
use crate::retry::{AppError, retry_until_deadline};
use ownchatbot_store::{Commit, ErasedPart, Erasure, StoreError};

/// A run of the watchdog works on it for as long as so many commands may be tried.
const RUN: u32 = 4;
/// As many who are being forgotten are looked at in a run.
const MAX: usize = 100;
/// A tick that was under way may still have put them on the board: so long after everything was gone it is looked at once
/// more. Longer than any function runs.
const STRAGGLERS: Span = Span::minutes(3);

/// Forgets `viewer`; `event` is the one-time key of the form that asked for it. It takes a fraction of a second for most;
/// what does not fit into [`Context::deadline`] is done by [`finish_erasures`]. [`Outcome::Ignored`] when nobody is known
/// by that id.
///
/// # Errors
/// [`AppError`] when the table is in the way. Either nothing is forgotten then, or it has begun and is finished by
/// [`finish_erasures`].
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
        let decision = Decision {
            changes: vec![Change::Viewer(ViewerChange::BeginErasure { profile })],
            effects: Vec::new(),
        };
        Ok(Outcome::of(ctx.store.commit(Some(event), ctx.clock.now(), &decision).await?))
    })
    .await?;
    if outcome != Outcome::Ignored {
        // It has begun, so it will be finished, whatever happens now.
        match finish(ctx, viewer, Instant::now() + ctx.deadline).await {
            Ok(true) => {}
            Ok(false) => tracing::info!("forgetting a viewer takes longer"),
            Err(error) => {
                tracing::warn!(error = %ErrorChain(&error), "forgetting a viewer broke off");
            }
        }
    }
    Ok(outcome)
}

/// Goes on with forgetting those who asked for it, where that broke off. Returns how many are forgotten by it.
///
/// # Errors
/// [`AppError`] when the table is in the way of some of it. The rest is done all the same, and another run goes on.
pub async fn finish_erasures<C>(ctx: &Context<C>) -> Result<usize, AppError>
where
    C: Clock,
{
    let until = Instant::now() + ctx.deadline * RUN;
    let everybody =
        retry_until_deadline(ctx.deadline, |_| async { ctx.store.all_erasures(MAX).await.map(Some) }).await?;
    let (mut erased, mut failed) = (0, None);
    for erasure in &everybody {
        let done = match erasure.gone_at {
            // The next run comes in a minute.
            None if Instant::now() >= until => Ok(0),
            None => finish(ctx, &erasure.viewer, until).await.map(usize::from),
            Some(gone_at) if ctx.clock.now().since(gone_at) < STRAGGLERS => Ok(0),
            Some(_) => delete_erasure_record(ctx, erasure).await.map(|()| 0),
        };
        match done {
            Ok(done) => erased += done,
            // One of them must not keep the others.
            Err(error) => failed = Some(error),
        }
    }
    failed.map_or(Ok(erased), Err)
}

/// How a go at somebody, or at a part of what is kept about them, ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    /// Nothing is left of it.
    Over,
    /// There was no more time.
    Late,
    /// Others were in the way. What is done is done, and the next go finds the rest.
    Crossed,
}

impl End {
    const fn of(commit: Commit) -> Self {
        match commit {
            Commit::Applied | Commit::Duplicate => Self::Over,
            Commit::Stale => Self::Crossed,
        }
    }
}

/// Goes on with forgetting `viewer` until then; returns whether nothing is left.
async fn finish<C>(ctx: &Context<C>, viewer: &ViewerId, until: Instant) -> Result<bool, AppError>
where
    C: Clock,
{
    let time = until.saturating_duration_since(Instant::now());
    let end = retry_until_deadline(time, |_| async move {
        let end = match ctx.store.erasure(viewer).await?.filter(|erasure| erasure.gone_at.is_none()) {
            Some(erasure) => go(ctx, erasure, until).await?,
            // Somebody else has finished.
            None => End::Over,
        };
        Ok((end != End::Crossed).then_some(end))
    })
    .await?;
    Ok(end == End::Over)
}

/// One go at all that is left.
async fn go<C>(ctx: &Context<C>, erasure: Erasure, until: Instant) -> Result<End, StoreError>
where
    C: Clock,
{
    // What waits goes first: once it is refunded it has to be in the history when that is looked through, and its use must
    // still be counted as theirs to be taken back.
    let mut end = take_out_of_queue(ctx, &erasure, until).await?;
    if end == End::Over {
        // Fresh, or what they have used last might be missing.
        let rewards = ctx.store.config().await?.rewards;
        let rewards: Vec<RewardId> = rewards.into_iter().map(|reward| reward.id).collect();
        end = End::of(ctx.store.erase_uses(&erasure, &rewards).await?);
    }
    if end == End::Over {
        end = End::of(ctx.store.erase_board_entry(&erasure.viewer).await?);
    }
    if end == End::Over {
        end = take_out_of_history(ctx, &erasure, until).await?;
    }
    if end == End::Over {
        end = delete_ledger(ctx, &erasure, until).await?;
    }
    if end == End::Over {
        end = End::of(ctx.store.end_erasure(&erasure, ctx.clock.now()).await?);
    }
    Ok(end)
}

async fn take_out_of_queue<C>(ctx: &Context<C>, erasure: &Erasure, until: Instant) -> Result<End, StoreError>
where
    C: Clock,
{
    for redemption in ctx.store.waiting_by_viewer(&erasure.viewer).await? {
        if Instant::now() >= until {
            return Ok(End::Late);
        }
        let reward = std::slice::from_ref(&redemption.reward);
        let everybody = ctx.store.usages(reward).await?.remove(&redemption.reward).unwrap_or_default();
        let own = ctx.store.viewer_usages(&erasure.viewer, reward).await?.remove(&redemption.reward);
        let decision = withdraw(&redemption, erasure.since, &everybody, &own.unwrap_or_default());
        let Some(decision) = decision else { continue };
        if ctx.store.commit(None, ctx.clock.now(), &decision).await? != Commit::Applied {
            return Ok(End::Crossed);
        }
    }
    Ok(End::Over)
}

async fn take_out_of_history<C>(
    ctx: &Context<C>,
    erasure: &Erasure,
    until: Instant,
) -> Result<End, StoreError> {
    let nobody = text::erased_viewer().plain();
    let mut erasure = erasure.clone();
    while Instant::now() < until {
        match ctx.store.erase_finished(&erasure, &nobody).await? {
            ErasedPart::All => return Ok(End::Over),
            ErasedPart::Stale => return Ok(End::Crossed),
            ErasedPart::Part => {}
        }
        match ctx.store.erasure(&erasure.viewer).await? {
            Some(further) if further.since == erasure.since => erasure = further,
            _ => return Ok(End::Crossed),
        }
    }
    Ok(End::Late)
}

async fn delete_ledger<C>(ctx: &Context<C>, erasure: &Erasure, until: Instant) -> Result<End, StoreError> {
    while Instant::now() < until {
        match ctx.store.erase_ledger(erasure).await? {
            ErasedPart::All => return Ok(End::Over),
            ErasedPart::Stale => return Ok(End::Crossed),
            ErasedPart::Part => {}
        }
    }
    Ok(End::Late)
}

/// Looks for stragglers, and deletes the last that tells of somebody.
async fn delete_erasure_record<C: Clock>(ctx: &Context<C>, erasure: &Erasure) -> Result<(), AppError> {
    retry_until_deadline(ctx.deadline, |_| async move {
        if ctx.store.erase_board_entry(&erasure.viewer).await? != Commit::Applied {
            return Ok(None);
        }
        ctx.store.delete_erasure_record(erasure).await.map(Some)
    })
    .await
}
