//! The last steps of a tick, once everybody is paid: the stream's record, the leaderboard, and announcements
//! of long streaks.

use std::collections::BTreeMap;

use ownchatbot_domain::board::refreshed;
use ownchatbot_domain::message::Arg;
use ownchatbot_domain::{Change, Decision, Effect, EventId, StreamChange, message};
use ownchatbot_store::Commit;

use super::{Group, Run, commit};
use crate::context::Context;
use crate::ports::Clock;
use crate::retry::{AppError, retry_until_deadline};
use crate::stream::sum_up;

/// The most viewers that are named in the announcement of a streak; the others are counted.
const MAX_NAMED: usize = 5;

pub(super) async fn finish<C>(
    ctx: &Context<C>,
    run: &Run<'_>,
    present: usize,
    total: &Group,
) -> Result<(), AppError>
where
    C: Clock,
{
    let tick = |peak| {
        Change::Stream(StreamChange::RecordTick {
            stream: run.stream.clone(),
            slot: run.slot,
            present: present.try_into().unwrap_or(u64::MAX),
            paid: total.points,
            peak,
        })
    };
    // The condition of the first change holds only for a new peak of viewers; otherwise the second one is
    // made. For a repeat of the slot neither holds.
    if commit(ctx, tick(true)).await? == Commit::Stale {
        commit(ctx, tick(false)).await?;
    }
    sum_up(ctx, Some(run.stream)).await?;
    keep_board(ctx, run, total).await?;
    announce(ctx, run, total).await
}

async fn keep_board<C>(ctx: &Context<C>, run: &Run<'_>, total: &Group) -> Result<(), AppError>
where
    C: Clock,
{
    if total.entries.is_empty() {
        return Ok(());
    }
    retry_until_deadline(ctx.deadline, |_| async move {
        let before = ctx.store.board().await?;
        // The entries of this tick come last, because they replace older ones of the same viewers and may
        // have a new name.
        let board = refreshed(before.into_iter().chain(total.entries.iter().cloned()));
        ctx.store.save_board(run.slot, &board).await.map(Some)
    })
    .await
}

/// Announces streaks that reached a milestone: one line for each length with all its viewers, because a line
/// for each viewer would flood the chat.
async fn announce<C: Clock>(ctx: &Context<C>, run: &Run<'_>, total: &Group) -> Result<(), AppError> {
    let milestones = &run.config.settings.streaks.milestones;
    let mut reached: BTreeMap<u32, Vec<&str>> = BTreeMap::new();
    for (length, name) in total.streaks.iter().filter(|(length, _)| milestones.contains(length)) {
        reached.entry(*length).or_default().push(name);
    }
    if reached.is_empty() {
        return Ok(());
    }
    let say = |(length, mut names): (u32, Vec<&str>)| {
        names.sort_unstable();
        Effect::Say(message::streak(named(&names), length))
    };
    let decision: &Decision = &Decision::effects(reached.into_iter().rev().map(say).collect());
    let event = &EventId::scheduled("streaks", run.slot.sortable());
    retry_until_deadline(ctx.deadline, |_| async move {
        ctx.commit(Some(event), ctx.clock.now(), decision.clone()).await.map(Some)
    })
    .await
    .map(|_| ())
}

/// The first [`MAX_NAMED`] of `names`, and the number of the others.
fn named(names: &[&str]) -> Arg {
    let shown = names.iter().take(MAX_NAMED).map(|name| (*name).to_owned()).collect();
    Arg::Names(shown, names.len().saturating_sub(MAX_NAMED))
}
