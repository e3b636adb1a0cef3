//! Viewers give points to other viewers.

use super::CommandContext;
use super::viewer_match::{ViewerMatch, the_one};
use crate::command::{Gift, ViewerRef};
use crate::message::{self, Message};
use crate::{Change, Decision, Effect, LedgerChange, Points};

pub(super) fn decide(context: &CommandContext<'_>, gift: &Gift, matches: &[ViewerMatch]) -> Decision {
    give(context, gift, matches).unwrap_or_else(|refusal| context.answer(refusal))
}

fn give(context: &CommandContext<'_>, gift: &Gift, matches: &[ViewerMatch]) -> Result<Decision, Message> {
    let (name, balance, settings) = (context.name(), context.account.balance, &context.config.settings.give);
    if !settings.on {
        return Err(message::give_off(name));
    }
    let amount = gift.amount.ok_or_else(|| message::give_amount(name))?;
    let to = receiver(context, &gift.viewer, matches)?;
    if balance.is_zero() {
        return Err(message::goal_broke(name));
    }
    let points = amount.of(balance);
    if points.is_zero() {
        return Err(message::goal_too_little(name));
    }
    if points < settings.min {
        return Err(message::give_least(name, settings.min));
    }
    if points > settings.limit {
        return Err(message::give_most(name, settings.limit));
    }
    if let Some(missing) = points.checked_sub(balance).filter(|missing| !missing.is_zero()) {
        return Err(message::goal_need_more(name, points, missing));
    }
    let day = context.now.day();
    let today = context.account.given.filter(|given| given.day == day);
    // Without a daily limit the sum is still bounded by the largest amount of points.
    let limit = settings.per_day.unwrap_or(Points::MAX);
    let left = limit.saturating_sub(today.map_or(Points::ZERO, |given| given.points));
    if left.is_zero() {
        return Err(message::give_day_over(name, limit));
    }
    if points > left {
        return Err(message::give_day_left(name, left));
    }
    if to.balance.checked_add(points).is_none() {
        return Err(message::viewer_full(&to.name));
    }
    let change = Change::Ledger(LedgerChange::Give {
        from: context.asker.id.clone(),
        to: to.viewer.clone(),
        points,
        day,
        same_day: today.is_some(),
        given_at_most: limit.checked_sub(points),
    });
    // A public message, so that both viewers see it.
    let message = Effect::Say(message::gave(name, &to.name, points));
    Ok(Decision { changes: vec![change], effects: vec![message] })
}

/// The viewer who gets the points. The giver and banned viewers cannot be meant, so they do not make a name
/// ambiguous.
fn receiver<'a>(
    context: &CommandContext<'_>,
    meant: &ViewerRef,
    matches: &'a [ViewerMatch],
) -> Result<&'a ViewerMatch, Message> {
    let own = |viewer_match: &&ViewerMatch| viewer_match.viewer == context.asker.id;
    let possible: Vec<&ViewerMatch> =
        matches.iter().filter(|viewer_match| !own(viewer_match) && !viewer_match.banned).collect();
    if possible.is_empty() && matches.iter().any(|viewer_match| own(&viewer_match)) {
        return Err(message::give_self(context.name()));
    }
    if let ([], [banned, ..]) = (possible.as_slice(), matches) {
        return Err(message::give_banned(context.name(), &banned.name));
    }
    the_one(meant, &possible, context.asker.moderator)
}

#[cfg(test)]
mod tests;
