//! Carrying out what the outbox holds.
//!
//! A row is leased before it is carried out, so that a repeated stream record does nothing twice. What fails is
//! given a time for its next try and is found again as due: a failed delivery never holds up another event.

use std::collections::BTreeMap;

use futures_util::{StreamExt, stream};
use ownchatbot_domain::{Effect, Span, Task, Timestamp, Timing};

use crate::context::Context;
use crate::error_chain::ErrorChain;
use crate::ports::{Clock, Owncast, Schedules};
use crate::sign_in;
use ownchatbot_store::{Due, Ending, Lane, LaneId, Lease, OutboxRow, RowState, StoreError};

/// For how long a row is ours: longer than both quick tries together can take (3 s each), and short, since somebody
/// is waiting in chat when whoever held it has died.
const LEASE: Span = Span::seconds(8);
/// As many lanes are delivered at the same time.
const CONCURRENT: usize = 16;
/// What is not delivered after this long is parked.
const GIVE_UP: Span = Span::days(3);
/// As many due lanes are taken up at once.
const MAX_DUE: usize = 200;

/// What a round of deliveries did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Deliveries {
    /// Rows delivered.
    pub done: usize,
    /// Lanes to be taken up again later.
    pub postponed: usize,
    /// Rows that nobody wanted any more.
    pub dropped: usize,
    /// Rows given up.
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

/// Whether rows of this lane are carried out here. The others are fetched, or wait for their own deliverer.
#[must_use]
pub fn delivers(lane: Lane) -> bool {
    matches!(lane, Lane::Chat | Lane::Schedule)
}

/// Where effects go.
#[derive(Debug)]
pub struct DeliveryTargets<'a, O, H> {
    /// The connected Owncast.
    pub owncast: &'a O,
    /// What wakes the bot by the clock.
    pub schedules: &'a H,
}

impl<O, H> Clone for DeliveryTargets<'_, O, H> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<O, H> Copy for DeliveryTargets<'_, O, H> {}

/// Carries out fresh rows: `(lane, n)` in any order. Lanes whose state could not be written come back, to be handed in
/// again.
pub async fn on_rows<C: Clock, O: Owncast, H: Schedules>(
    ctx: &Context<C>,
    outside: DeliveryTargets<'_, O, H>,
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
            let result = fresh_lane(ctx, outside, &lane, &rows).await;
            (lane, result)
        })
        .buffer_unordered(CONCURRENT)
        .collect()
        .await;
    let (mut total, mut failed) = (Deliveries::default(), Vec::new());
    for (lane, result) in results {
        match result {
            Ok(done) => total = total.merged(done),
            // No further try would mend a damaged row, and a batch that fails for ever holds up all others.
            Err(error @ StoreError::Damaged { .. }) => {
                tracing::error!(event.id = %lane.event, lane = lane.lane.name(), error = %ErrorChain(&error), "an outbox row is left out");
            }
            Err(error) => {
                tracing::error!(event.id = %lane.event, lane = lane.lane.name(), error = %ErrorChain(&error), "the outbox cannot be written");
                failed.push(lane);
            }
        }
    }
    (total, failed)
}

/// Takes up what is due. Call it every few seconds, or every minute in the cloud.
///
/// # Errors
/// [`StoreError`] when nobody knows what is due. Lanes that fail stay due.
pub async fn on_due<C: Clock, O: Owncast, H: Schedules>(
    ctx: &Context<C>,
    outside: DeliveryTargets<'_, O, H>,
) -> Result<Deliveries, StoreError> {
    let due = ctx.store.due(ctx.clock.now(), MAX_DUE).await?;
    // What is due in other lanes is left to whoever delivers those.
    let due = due.into_iter().filter(|due| delivers(due.lane.lane));
    let results: Vec<_> = stream::iter(due)
        .map(|due| async move { (due.lane.clone(), due_lane(ctx, outside, &due).await) })
        .buffer_unordered(CONCURRENT)
        .collect()
        .await;
    let mut total = Deliveries::default();
    for (lane, result) in results {
        match result {
            Ok(done) => total = total.merged(done),
            Err(error) => {
                tracing::error!(event.id = %lane.event, lane = lane.lane.name(), error = %ErrorChain(&error), "a due delivery cannot be written");
            }
        }
    }
    Ok(total)
}

/// Rows from the stream. They come in no certain order and in any number of batches, so unless they are the first of
/// their lane without a gap, those that are missing decide whether it is their turn.
async fn fresh_lane<C: Clock, O: Owncast, H: Schedules>(
    ctx: &Context<C>,
    outside: DeliveryTargets<'_, O, H>,
    lane: &LaneId,
    rows: &[u32],
) -> Result<Deliveries, StoreError> {
    if rows.iter().zip(0..).all(|(n, place)| *n == place) {
        deliver(ctx, outside, lane, rows).await
    } else {
        whole_lane(ctx, outside, lane).await
    }
}

async fn due_lane<C: Clock, O: Owncast, H: Schedules>(
    ctx: &Context<C>,
    outside: DeliveryTargets<'_, O, H>,
    due: &Due,
) -> Result<Deliveries, StoreError> {
    let done = match whole_lane(ctx, outside, &due.lane).await {
        // No further look would mend it; the row stays for whoever looks after the table.
        Err(error @ StoreError::Damaged { .. }) => {
            tracing::error!(event.id = %due.lane.event, lane = due.lane.lane.name(), error = %ErrorChain(&error), "a due lane is left out");
            Deliveries::default()
        }
        done => done?,
    };
    // What has to wait again has noted a time of its own.
    ctx.store.clear_due(due).await?;
    Ok(done)
}

async fn whole_lane<C: Clock, O: Owncast, H: Schedules>(
    ctx: &Context<C>,
    outside: DeliveryTargets<'_, O, H>,
    lane: &LaneId,
) -> Result<Deliveries, StoreError> {
    let rows = ctx.store.lane(lane).await?;
    let pending = rows.iter().filter(|row| row.state == RowState::Pending).map(|row| row.n);
    deliver(ctx, outside, lane, &pending.collect::<Vec<_>>()).await
}

/// Carries out rows of one lane in order, up to the first that has to wait.
async fn deliver<C: Clock, O: Owncast, H: Schedules>(
    ctx: &Context<C>,
    outside: DeliveryTargets<'_, O, H>,
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
                // Whoever holds it may have died with it: somebody looks again when the lease has ended.
                ctx.store.mark_due(&Due { at: until, lane: lane.clone() }).await?;
                total.postponed += 1;
                return Ok(total);
            }
        };
        match carry_out(ctx, outside, &row).await? {
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

/// Carries out a row that we hold. `None` when it has to wait.
async fn carry_out<C: Clock, O: Owncast, H: Schedules>(
    ctx: &Context<C>,
    outside: DeliveryTargets<'_, O, H>,
    row: &OutboxRow,
) -> Result<Option<Ending>, StoreError> {
    let expired = |now: Timestamp| row.expires_at.is_some_and(|end| end <= now);
    let failure = if expired(ctx.clock.now()) {
        "it could not be delivered in time".to_owned()
    } else {
        match twice(ctx, outside, row).await {
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
    // Never after the row's end, so that what is dropped is counted soon.
    let next = now.saturating_add(pause(row.tries, now.since(row.created_at)));
    let next = row.expires_at.map_or(next, |end| next.min(end));
    tracing::warn!(event.id = %row.lane.event, lane = row.lane.lane.name(), tries = row.tries, reason = failure, "a delivery failed and will be tried again");
    ctx.store.postpone(row, next, &failure).await?;
    Ok(None)
}

/// A secret is sent at once or never: whoever asked can ask again, and what is known of the connection grows old.
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

async fn twice<C: Clock, O: Owncast, H: Schedules>(
    ctx: &Context<C>,
    outside: DeliveryTargets<'_, O, H>,
    row: &OutboxRow,
) -> Result<(), String> {
    match attempt(ctx, outside, row).await {
        Ok(()) => Ok(()),
        Err(reason) if is_tried_once(row) => Err(reason),
        Err(_) => {
            tokio::time::sleep(ctx.retry_delay).await;
            attempt(ctx, outside, row).await
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
            // What a stream switches on or off may come late, when it is over or the next one has begun. Announcements
            // can also be off while the stream is live, by the settings; what that does too much, the watchdog mends.
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
        // Not in the lanes that are carried out here.
        Some(Effect::Act { .. } | Effect::Show(_) | Effect::Reply(_)) | None => Ok(()),
    }
}

/// How long to wait after `tries` rounds of failure: 5 s, 10 s, 20 s, 40 s, then a minute, and five minutes once
/// an hour has passed.
fn pause(tries: u32, age: Span) -> Span {
    if age >= Span::minutes(60) {
        return Span::minutes(5);
    }
    Span::seconds(5_u32.saturating_mul(1 << tries.saturating_sub(1).min(4))).min(Span::minutes(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_hour_has_a_try_each_minute() {
        let seconds: Vec<i64> = (1..=6).map(|tries| pause(tries, Span::ZERO).whole_seconds()).collect();
        assert_eq!(seconds, [5, 10, 20, 40, 60, 60]);
        assert_eq!(pause(100, Span::minutes(59)), Span::minutes(1));
        assert_eq!(pause(100, Span::minutes(61)), Span::minutes(5));
    }
}
