//! Voting for a reward.

use super::attempt::Attempt;
use crate::message::{self, Message};
use crate::reward::Vote;
use crate::{Cause, Decision, Effect};

/// Decides a vote, at its price.
pub(super) fn decide(attempt: &Attempt<'_>, vote: &Vote) -> Result<Decision, Message> {
    let (context, reward) = (attempt.context, attempt.reward);
    attempt.affords()?;
    let (everybody, mut own) = attempt.guards();
    own.count_below = vote.per_viewer.map(u64::from);
    let changes = attempt.changes(reward.price, Cause::Vote(reward.id.clone()), (everybody, own));
    let mut effects = vec![Effect::Say(message::voted(context.name(), &reward.name))];
    effects.extend(context.confirm(message::you_voted(&reward.name)));
    Ok(Decision { changes, effects })
}
