//! Streams that start, stop and change their title, and new followers.

use ownchatbot_domain::decide::{follow, retitle, start_stream, stop_stream};
use ownchatbot_domain::{
    Change, Decision, EventId, Points, RewardId, StreamChange, StreamId, StreamState, Timestamp,
};

use crate::context::Context;
use crate::event::StreamStatus;
use crate::outcome::Outcome;
use crate::ports::Clock;
use crate::retry::{AppError, retry_until_deadline};

/// Handles the start of the stream at `at`, and switches its recurring schedules on. `event` is the
/// idempotency key.
///
/// # Errors
/// [`AppError`] when the table cannot be read or written.
pub async fn on_started<C>(
    ctx: &Context<C>,
    event: &EventId,
    at: Timestamp,
    title: &str,
) -> Result<Outcome, AppError>
where
    C: Clock,
{
    let (config, before) = (ctx.settled_config().await?, state(ctx).await?);
    let now = ctx.clock.now();
    if before.is_news(at) {
        // Points that are spent from now on count for the new stream, so the record of the last one is
        // completed first.
        sum_up(ctx, before.newest.as_ref()).await?;
    }
    decided(ctx, event, at, |state| start_stream(&config.settings, state, at, now, title)).await
}

/// Handles the end of the stream at `at`, and switches its recurring schedules off. `event` is the
/// idempotency key.
///
/// # Errors
/// [`AppError`] when the table cannot be read or written.
pub async fn on_stopped<C>(ctx: &Context<C>, event: &EventId, at: Timestamp) -> Result<Outcome, AppError>
where
    C: Clock,
{
    let (config, now) = (ctx.settled_config().await?, ctx.clock.now());
    let outcome = decided(ctx, event, at, |state| stop_stream(&config.settings, state, at, now)).await?;
    if outcome == Outcome::Done {
        sum_up(ctx, state(ctx).await?.newest.as_ref()).await?;
    }
    Ok(outcome)
}

/// Reads the state of the stream. It is retried while the table is busy, like every step of an event.
async fn state<C: Clock>(ctx: &Context<C>) -> Result<StreamState, AppError> {
    retry_until_deadline(ctx.deadline, |_| async { ctx.store.stream().await.map(Some) }).await
}

/// Writes the points spent and the number of redemptions in a stream so far to its record.
///
/// # Errors
/// [`AppError`] when the table cannot be read or written.
pub(crate) async fn sum_up<C>(ctx: &Context<C>, stream: Option<&StreamId>) -> Result<(), AppError>
where
    C: Clock,
{
    let Some(stream) = stream else { return Ok(()) };
    retry_until_deadline(ctx.deadline, |_| async {
        let config = ctx.config().await?;
        let rewards: Vec<RewardId> = config.rewards.iter().map(|reward| reward.id.clone()).collect();
        let usages = ctx.store.usages(&rewards).await?;
        let redeems = usages.values().map(|usage| usage.count_in(stream)).sum();
        let spent = usages
            .values()
            .fold(Points::ZERO, |sum, usage| sum.checked_add(usage.points_in(stream)).unwrap_or(Points::MAX));
        let change = Change::Stream(StreamChange::SumUp { stream: stream.clone(), spent, redeems });
        let decision = Decision::change(change);
        // Stale means that there is no record, because the start of the stream was never received. There is
        // nothing to update.
        ctx.store.commit(None, ctx.clock.now(), &decision).await?;
        Ok(Some(()))
    })
    .await
}

/// Handles a change of the stream's title at `at`. `event` is the idempotency key.
///
/// # Errors
/// [`AppError`] when the table cannot be read or written.
pub async fn on_title<C: Clock>(
    ctx: &Context<C>,
    event: &EventId,
    at: Timestamp,
    title: &str,
) -> Result<Outcome, AppError> {
    decided(ctx, event, at, |state| retitle(state, at, title)).await
}

/// Handles a new follower on the Fediverse. `handle` has no leading `@`, such as `alice@social.example`.
///
/// # Errors
/// [`AppError`] when the table cannot be read or written.
pub async fn on_followed<C: Clock>(
    ctx: &Context<C>,
    event: &EventId,
    at: Timestamp,
    handle: &str,
    name: &str,
) -> Result<Outcome, AppError> {
    let decision = follow(handle, name);
    decided(ctx, event, at, |_| decision.clone()).await
}

/// Corrects the stored state of the stream by Owncast's own status if a webhook was missed.
///
/// # Errors
/// [`AppError`] when the table cannot be read or written.
pub async fn on_status<C>(ctx: &Context<C>, status: &StreamStatus) -> Result<Outcome, AppError>
where
    C: Clock,
{
    let state = state(ctx).await?;
    let now = ctx.clock.now();
    let (at, name) = match (state.live, status.online) {
        (false, true) => (status.connected_at.unwrap_or(now), "online"),
        (true, false) => (status.disconnected_at.unwrap_or(now), "offline"),
        _ => return Ok(Outcome::Ignored),
    };
    // Owncast's clock may be behind ours, but its current status is newer than the stored state all the same.
    let at = if state.is_news(at) { at } else { now };
    let event = EventId::by_bot("status", format_args!("{name}-{}", at.sortable()));
    if status.online {
        on_started(ctx, &event, at, &status.title).await
    } else {
        on_stopped(ctx, &event, at).await
    }
}

async fn decided<C: Clock>(
    ctx: &Context<C>,
    event: &EventId,
    at: Timestamp,
    decide: impl Fn(&StreamState) -> Decision + Sync + Send,
) -> Result<Outcome, AppError> {
    let decide = &decide;
    retry_until_deadline(ctx.deadline, |_| async move {
        let decision = decide(&ctx.store.stream().await?);
        if decision.is_empty() {
            return Ok(Some(Outcome::Ignored));
        }
        Ok(Outcome::of(ctx.commit(Some(event), at, decision).await?))
    })
    .await
}
