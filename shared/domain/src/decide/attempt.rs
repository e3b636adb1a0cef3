//! What redeems, votes and contributions have in common.

use super::CommandContext;
use crate::message::{self, Message};
use crate::reward::{Cooldown, Guard, Requester, RewardStatus, Scope, Unavailable};
use crate::{Cause, Change, Delta, LedgerChange, Points, Reward, RewardChange, Usage};

/// A viewer's attempt to use a reward.
#[derive(Debug, Clone, Copy)]
pub(super) struct Attempt<'a> {
    pub(super) context: &'a CommandContext<'a>,
    pub(super) reward: &'a Reward,
    /// How much all viewers have used the reward, as read.
    pub(super) everybody: &'a Usage,
    /// How much this viewer has used it, as read.
    pub(super) own: &'a Usage,
}

impl Attempt<'_> {
    pub(super) fn unavailable(&self) -> Option<Unavailable> {
        let CommandContext { config, stream, now, asker: person, account, follower, .. } = *self.context;
        let status = RewardStatus { categories: &config.categories, stream, everybody: self.everybody, now };
        self.reward.unavailable(&status, Some(&Requester { person, account, follower, own: self.own }))
    }

    /// Refuses if the balance is below the price.
    pub(super) fn affords(&self) -> Result<(), Message> {
        let Self { context, reward, .. } = self;
        match reward.price.checked_sub(context.account.balance).filter(|points| !points.is_zero()) {
            Some(missing) => Err(message::need_more(context.name(), &reward.name, reward.price, missing)),
            None => Ok(()),
        }
    }

    /// The conditions of cooldown, limits and stock for the conditional write: on the use by all viewers and
    /// on the use by this one. [`Reward::unavailable`] has found them met for the usage as read.
    pub(super) fn guards(&self) -> (Guard, Guard) {
        let (limits, stream) = (self.reward.limits, self.context.stream.counting());
        let mut everybody = Guard {
            count_below: limits.stock.map(u64::from),
            in_stream_below: limits.per_stream.map(u64::from),
            same_stream: self.everybody.stream.as_ref() == Some(&stream),
            ..Guard::default()
        };
        let mut own = Guard {
            in_stream_below: limits.per_viewer.map(u64::from),
            same_stream: self.own.stream.as_ref() == Some(&stream),
            ..Guard::default()
        };
        if let Some(Cooldown { length, scope }) = self.reward.cooldown {
            let guard = match scope {
                Scope::Everybody => &mut everybody,
                Scope::EachViewer => &mut own,
            };
            guard.rested_since = Some(self.context.now.saturating_sub(length));
        }
        (everybody, own)
    }

    /// The changes of a use for `points`: the payment, unless it is free, and the use under the given
    /// conditions.
    pub(super) fn changes(
        &self,
        points: Points,
        cause: Cause,
        (everybody, own): (Guard, Guard),
    ) -> Vec<Change> {
        let (viewer, reward) = (self.context.asker.id.clone(), self.reward.id.clone());
        let payment = || {
            Change::Ledger(LedgerChange::Move { viewer: viewer.clone(), delta: Delta::debit(points), cause })
        };
        let mut changes: Vec<Change> = (!points.is_zero()).then(payment).into_iter().collect();
        let stream = self.context.stream.counting();
        changes.push(Change::Reward(RewardChange::Use { reward, viewer, points, stream, everybody, own }));
        changes
    }
}
