//! Delivery of the outbox, at least once.
//!
//! A row is leased before it is delivered, so that a repeated stream record does not deliver it twice. A
//! failed delivery is retried with exponential backoff: its lane gets a due time, and [`on_due`] finds it
//! then. What keeps failing is parked for the streamer, as a dead letter. A failed delivery never holds up
//! another event.

use std::collections::BTreeMap;

use futures_util::{StreamExt, stream};
use ownchatbot_domain::{Effect, Span, Task, Timestamp, Timing};
use ownchatbot_store::{Due, Ending, Lane, LaneId, Lease, OutboxRow, RowState, StoreError};

use crate::context::Context;
use crate::error_chain::ErrorChain;
use crate::ports::{Clock, Owncast, Schedules};
use crate::sign_in;

/// How long the lease of a row lasts. It is longer than both immediate attempts together can take (3 s each),
/// and otherwise short: if the process that holds it dies, a viewer is waiting in chat until it ends.
const LEASE: Span = Span::seconds(8);
/// The most lanes that are delivered at the same time.
const CONCURRENT: usize = 16;
/// The age at which a row that still fails is parked.
const GIVE_UP: Span = Span::days(3);
/// The most due lanes that one call of [`on_due`] handles.
const MAX_DUE: usize = 200;

/// What a round of deliveries did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Deliveries {
    /// Rows that were delivered.
    pub done: usize,
    /// Lanes that will be retried later.
    pub postponed: usize,
    /// Rows that had expired, or that may be tried only once and failed.
    pub dropped: usize,
    /// Rows that failed for three days and are kept for the streamer to retry.
    pub parked: usize,
}

impl Deliveries {
    fn merged(self, other: Self) -> Self {
        Self {
            done: self.done + other.done,
            postponed: self.postponed + other.postponed,
            dropped: self.dropped + other.dropped,
            parked: self.parked + other.parked,
        }
    }
}

/// Whether rows of this lane are delivered by this module. Rows of other lanes are fetched, or have a
/// deliverer of their own.
#[must_use]
pub fn delivers(lane: Lane) -> bool {
    matches!(lane, Lane::Chat | Lane::Schedule)
}

/// The systems that effects are delivered to.
#[derive(Debug)]
pub struct DeliveryTargets<'a, O, H> {
    /// The connected Owncast.
    pub owncast: &'a O,
    /// The scheduler that starts the bot's timed functions.
    pub schedules: &'a H,
}

impl<O, H> Clone for DeliveryTargets<'_, O, H> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<O, H> Copy for DeliveryTargets<'_, O, H> {}

/// Delivers new rows, given as `(lane, n)` in any order. Returns what was done, and the lanes whose state
/// could not be read or written: the caller has to pass these again.
pub async fn on_rows<C: Clock, O: Owncast, H: Schedules>(
    ctx: &Context<C>,
    targets: DeliveryTargets<'_, O, H>,
    rows: impl IntoIterator<Item = (LaneId, u32)>,
) -> (Deliveries, Vec<LaneId>) {
    let mut lanes: BTreeMap<LaneId, Vec<u32>> = BTreeMap::new();
    for (lane, n) in rows.into_iter().filter(|(lane, _)| delivers(lane.lane)) {
        lanes.entry(lane).or_default().push(n);
    }
    let results: Vec<_> = stream::iter(lanes)
        .map(|(lane, mut rows)| async move {
            rows.sort_unstable();
            rows.dedup();
            let result = deliver_new(ctx, targets, &lane, &rows).await;
            (lane, result)
        })
        .buffer_unordered(CONCURRENT)
        .collect()
        .await;
    let (mut total, mut failed) = (Deliveries::default(), Vec::new());
    for (lane, result) in results {
        match result {
            Ok(done) => total = total.merged(done),
            // A retry would find the damaged row as it is, and a batch that keeps failing blocks all later
            // ones.
            Err(error @ StoreError::Damaged { .. }) => {
                tracing::error!(event.id = %lane.event, lane = lane.lane.name(), error = %ErrorChain(&error), "a damaged outbox row was skipped");
            }
            Err(error) => {
                tracing::error!(event.id = %lane.event, lane = lane.lane.name(), error = %ErrorChain(&error), "could not deliver new rows of the outbox");
                failed.push(lane);
            }
        }
    }
    (total, failed)
}

/// Retries the deliveries that are due. Call it every few seconds, or every minute in the cloud.
///
/// # Errors
/// [`StoreError`] when the list of due lanes cannot be read. A lane that fails stays due.
pub async fn on_due<C: Clock, O: Owncast, H: Schedules>(
    ctx: &Context<C>,
    targets: DeliveryTargets<'_, O, H>,
) -> Result<Deliveries, StoreError> {
    let due = ctx.store.due(ctx.clock.now(), MAX_DUE).await?;
    // Due lanes of other kinds are left to their own deliverers.
    let due = due.into_iter().filter(|due| delivers(due.lane.lane));
    let results: Vec<_> = stream::iter(due)
        .map(|due| async move { (due.lane.clone(), deliver_due(ctx, targets, &due).await) })
        .buffer_unordered(CONCURRENT)
        .collect()
        .await;
    let mut total = Deliveries::default();
    for (lane, result) in results {
        match result {
            Ok(done) => total = total.merged(done),
            Err(error) => {
                tracing::error!(event.id = %lane.event, lane = lane.lane.name(), error = %ErrorChain(&error), "could not retry a due delivery");
            }
        }
    }
    Ok(total)
}

/// Delivers rows from the table's stream. They arrive in any order and in any number of batches, so unless
/// they are the first of their lane without a gap, the whole lane is read to deliver in order.
async fn deliver_new<C: Clock, O: Owncast, H: Schedules>(
    ctx: &Context<C>,
    targets: DeliveryTargets<'_, O, H>,
    lane: &LaneId,
    rows: &[u32],
) -> Result<Deliveries, StoreError> {
    if rows.iter().zip(0..).all(|(n, place)| *n == place) {
        deliver(ctx, targets, lane, rows).await
    } else {
        deliver_lane(ctx, targets, lane).await
    }
}

async fn deliver_due<C: Clock, O: Owncast, H: Schedules>(
    ctx: &Context<C>,
    targets: DeliveryTargets<'_, O, H>,
    due: &Due,
) -> Result<Deliveries, StoreError> {
    let done = match deliver_lane(ctx, targets, &due.lane).await {
        // A retry would find it as it is, so the lane is no longer due. The row stays, to be repaired by
        // hand.
        Err(error @ StoreError::Damaged { .. }) => {
            tracing::error!(event.id = %due.lane.event, lane = due.lane.lane.name(), error = %ErrorChain(&error), "a damaged due lane was skipped");
            Deliveries::default()
        }
        done => done?,
    };
    // A row that has to wait again has added a due time of its own.
    ctx.store.clear_due(due).await?;
    Ok(done)
}

async fn deliver_lane<C: Clock, O: Owncast, H: Schedules>(
    ctx: &Context<C>,
    targets: DeliveryTargets<'_, O, H>,
    lane: &LaneId,
) -> Result<Deliveries, StoreError> {
    let rows = ctx.store.lane(lane).await?;
    let pending = rows.iter().filter(|row| row.state == RowState::Pending).map(|row| row.n);
    deliver(ctx, targets, lane, &pending.collect::<Vec<_>>()).await
}

/// Delivers rows of one lane in order, up to the first that has to wait.
async fn deliver<C: Clock, O: Owncast, H: Schedules>(
    ctx: &Context<C>,
    targets: DeliveryTargets<'_, O, H>,
    lane: &LaneId,
    rows: &[u32],
) -> Result<Deliveries, StoreError> {
    let mut total = Deliveries::default();
    for n in rows {
        let now = ctx.clock.now();
        let row = match ctx.store.lease(lane, *n, now, now.saturating_add(LEASE)).await? {
            Lease::Ours(row) => row,
            Lease::Settled => continue,
            Lease::Held(until) => {
                // The process that holds the lease may have died, so the lane becomes due when the lease
                // ends.
                ctx.store.mark_due(&Due { at: until, lane: lane.clone() }).await?;
                total.postponed += 1;
                return Ok(total);
            }
        };
        match deliver_row(ctx, targets, &row).await? {
            Some(Ending::Done) => total.done += 1,
            Some(Ending::Dropped(_)) => total.dropped += 1,
            Some(Ending::Parked(_)) => total.parked += 1,
            None => {
                total.postponed += 1;
                return Ok(total);
            }
        }
    }
    Ok(total)
}

/// Delivers a row whose lease this process holds. Returns `None` when the row has to wait for a retry.
async fn deliver_row<C: Clock, O: Owncast, H: Schedules>(
    ctx: &Context<C>,
    targets: DeliveryTargets<'_, O, H>,
    row: &OutboxRow,
) -> Result<Option<Ending>, StoreError> {
    let expired = |now: Timestamp| row.expires_at.is_some_and(|end| end <= now);
    let failure = if expired(ctx.clock.now()) {
        "it could not be delivered in time".to_owned()
    } else {
        match attempt_twice(ctx, targets, row).await {
            Ok(()) => return end(ctx, row, Ending::Done).await,
            Err(reason) => reason,
        }
    };
    let now = ctx.clock.now();
    if expired(now) || is_tried_once(row) {
        return end(ctx, row, Ending::Dropped(failure)).await;
    }
    if now.since(row.created_at) >= GIVE_UP {
        return end(ctx, row, Ending::Parked(failure)).await;
    }
    // No later than the row's expiry, so that a row that expires is counted as dropped without delay.
    let next = now.saturating_add(backoff(row.tries, now.since(row.created_at)));
    let next = row.expires_at.map_or(next, |end| next.min(end));
    tracing::warn!(event.id = %row.lane.event, lane = row.lane.lane.name(), tries = row.tries, reason = failure, "a delivery failed and will be tried again");
    ctx.store.postpone(row, next, &failure).await?;
    Ok(None)
}

/// A sign-in secret is sent at once or not at all: the viewer can ask again, and the connection may be closed
/// by the time of a retry.
const fn is_tried_once(row: &OutboxRow) -> bool {
    matches!(row.effect, Some(Effect::SignIn { .. }))
}

async fn end<C: Clock>(
    ctx: &Context<C>,
    row: &OutboxRow,
    ending: Ending,
) -> Result<Option<Ending>, StoreError> {
    if let Ending::Dropped(why) | Ending::Parked(why) = &ending {
        tracing::warn!(event.id = %row.lane.event, lane = row.lane.lane.name(), reason = why, "a delivery was given up");
    }
    ctx.store.finish(row, &ending, ctx.clock.now()).await?;
    Ok(Some(ending))
}

/// Delivers a row; if that fails, once more after a short delay, because most failures of Owncast are brief.
async fn attempt_twice<C: Clock, O: Owncast, H: Schedules>(
    ctx: &Context<C>,
    targets: DeliveryTargets<'_, O, H>,
    row: &OutboxRow,
) -> Result<(), String> {
    match attempt(ctx, targets, row).await {
        Ok(()) => Ok(()),
        Err(reason) if is_tried_once(row) => Err(reason),
        Err(_) => {
            tokio::time::sleep(ctx.retry_delay).await;
            attempt(ctx, targets, row).await
        }
    }
}

async fn attempt<C: Clock, O: Owncast, H: Schedules>(
    ctx: &Context<C>,
    DeliveryTargets { owncast, schedules }: DeliveryTargets<'_, O, H>,
    row: &OutboxRow,
) -> Result<(), String> {
    match &row.effect {
        Some(Effect::Say(line)) => owncast.say(line).await.map_err(|error| error.to_string()),
        Some(Effect::Whisper { client, line }) => {
            owncast.whisper(*client, line).await.map_err(|error| error.to_string())
        }
        Some(Effect::Schedule(schedule)) => {
            // A schedule that a stream switched on or off can arrive late, when the stream has ended or the
            // next one has begun. The settings can switch announcements off during a stream too, so a late
            // "off" for them is applied; if that was wrong, the watchdog corrects it.
            if let Timing::Every { on, .. } = schedule.timing {
                let state = ctx.store.stream().await.map_err(|error| ErrorChain(&error).to_string())?;
                if (on && !state.live) || (!on && state.live && schedule.task == Task::PointsTick) {
                    return Ok(());
                }
            }
            schedules.put(schedule).await.map_err(|error| error.to_string())
        }
        Some(Effect::SignIn { client, viewer, .. }) => {
            sign_in::invite(ctx, owncast, &row.lane.event, *client, viewer).await
        }
        Some(Effect::Unschedule(task)) => schedules.delete(task).await.map_err(|error| error.to_string()),
        // These effects are not in the lanes that this module delivers.
        Some(Effect::Act { .. } | Effect::Show(_) | Effect::Reply(_)) | None => Ok(()),
    }
}

/// The exponential backoff after `tries` failed rounds of a row of this age: 5 s, 10 s, 20 s, 40 s, then a
/// minute, and five minutes once an hour has passed.
fn backoff(tries: u32, age: Span) -> Span {
    if age >= Span::minutes(60) {
        return Span::minutes(5);
    }
    Span::seconds(5_u32.saturating_mul(1 << tries.saturating_sub(1).min(4))).min(Span::minutes(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn backoff_grows_to_a_minute_and_to_five_after_an_hour() {
        let seconds: Vec<i64> = (1..=6).map(|tries| backoff(tries, Span::ZERO).whole_seconds()).collect();
        assert_eq!(seconds, [5, 10, 20, 40, 60, 60]);
        assert_eq!(backoff(100, Span::minutes(59)), Span::minutes(1));
        assert_eq!(backoff(100, Span::minutes(61)), Span::minutes(5));
    }
}
