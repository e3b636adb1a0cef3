//! The end of votes and goals: the result is announced, and a goal that was missed returns its contributions.

use ownchatbot_domain::decide::{MAX_GIVERS, end_reward, give_back};
use ownchatbot_domain::reward::Kind;
use ownchatbot_domain::{EventId, Reward, RewardId, Timestamp, Usage};
use ownchatbot_store::{Commit, StoreError};

use crate::context::Context;
use crate::ports::Clock;
use crate::retry::{AppError, retry_until_deadline};
use crate::run::RunError;

/// What a run for the end of a vote or goal did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DeadlineOutcome {
    /// The reward is closed, and its result is announced.
    Over {
        /// How many viewers this run has returned their contributions to.
        given_back: usize,
    },
    /// There is no such reward, it has no end, or its end is in the future.
    NotOver,
}

/// Closes a vote or goal whose end has passed: commits the announcement of its result, and returns the
/// contributions to a goal that is set up to do so and was missed. It is idempotent: each of these happens
/// once, however often it runs.
///
/// # Errors
/// [`RunError`] when the table cannot be read or written. Another run does what is left.
pub async fn on_deadline<C>(ctx: &Context<C>, reward: &RewardId) -> Result<DeadlineOutcome, RunError>
where
    C: Clock,
{
    // Not from the cache: the end may have been changed since the configuration was cached.
    let config = ctx.store.config().await?;
    match config.reward(reward) {
        Some(reward) => Ok(close(ctx, reward).await?),
        None => Ok(DeadlineOutcome::NotOver),
    }
}

/// Closes those of `rewards` whose end lies between `since` and now and was not handled, or only in part.
pub(crate) async fn close_overdue<C>(
    ctx: &Context<C>,
    rewards: &[Reward],
    since: Timestamp,
) -> Result<usize, AppError>
where
    C: Clock,
{
    let now = ctx.clock.now();
    let ended: Vec<&Reward> =
        rewards.iter().filter(|reward| reward.end().is_some_and(|end| since <= end && end <= now)).collect();
    if ended.is_empty() {
        return Ok(0);
    }
    let ids: Vec<RewardId> = ended.iter().map(|reward| reward.id.clone()).collect();
    let usages = ctx.store.usages(&ids).await?;
    let mut closed = 0;
    for reward in ended {
        let usage = usages.get(&reward.id);
        let unannounced = usage.is_none_or(|usage| usage.ended_for != reward.end());
        if unannounced || owes(reward, usage) {
            close(ctx, reward).await?;
            closed += 1;
        }
    }
    Ok(closed)
}

/// Whether contributions are still to be returned.
fn owes(reward: &Reward, usage: Option<&Usage>) -> bool {
    let Kind::Goal(goal) = &reward.kind else { return false };
    let missed = |usage: &Usage| !usage.points.is_zero() && usage.points < goal.target();
    goal.gives_back() && usage.is_some_and(missed)
}

async fn close<C>(ctx: &Context<C>, reward: &Reward) -> Result<DeadlineOutcome, AppError>
where
    C: Clock,
{
    let Some(ends) = reward.end().filter(|end| *end <= ctx.clock.now()) else {
        return Ok(DeadlineOutcome::NotOver);
    };
    retry_until_deadline(ctx.deadline, |_| async move {
        let usage = read(ctx, reward).await?;
        let Some(decision) = end_reward(reward, &usage) else { return Ok(Some(())) };
        let event = EventId::scheduled("end", format_args!("{}-{}", reward.id, ends.sortable()));
        let commit = ctx.commit(Some(&event), ctx.clock.now(), decision).await?;
        Ok((commit != Commit::Stale).then_some(()))
    })
    .await?;
    let mut given_back = 0;
    while owes(reward, Some(&read(ctx, reward).await?)) {
        match give_some_back(ctx, reward).await? {
            0 => break,
            some => given_back += some,
        }
    }
    Ok(DeadlineOutcome::Over { given_back })
}

/// Returns the contributions of as many viewers as fit into one transaction, and how many viewers that were.
/// Contributions of erased viewers are cleared but not counted.
async fn give_some_back<C>(ctx: &Context<C>, reward: &Reward) -> Result<usize, AppError>
where
    C: Clock,
{
    retry_until_deadline(ctx.deadline, |_| async move {
        let givers = ctx.store.contributions(&reward.id, MAX_GIVERS).await?;
        let now = ctx.clock.now();
        // Conditional writes make this idempotent: each row changes only while it holds what was read. The
        // event has a random id, since it only names the cause in the ledger.
        if givers.is_empty() {
            return Ok(Some(0));
        }
        let event = EventId::scheduled("back", format_args!("{}-{}", reward.id, fastrand::u64(..)));
        let decision = give_back(reward, &givers);
        Ok(match ctx.commit(Some(&event), now, decision).await? {
            Commit::Applied => Some(givers.iter().filter(|giver| !giver.viewer.is_erased()).count()),
            Commit::Duplicate | Commit::Stale => None,
        })
    })
    .await
}

async fn read<C>(ctx: &Context<C>, reward: &Reward) -> Result<Usage, StoreError> {
    let mut usages = ctx.store.usages(std::slice::from_ref(&reward.id)).await?;
    Ok(usages.remove(&reward.id).unwrap_or_default())
}
