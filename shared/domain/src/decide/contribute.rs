//! Contributing to a goal.

use super::redeem::Attempt;
use crate::command::Amount;
use crate::reward::{Goal, Milestone};
use crate::text::{self, Text};
use crate::{Alert, Cause, Decision, Effect, Points};

/// A contribution to a goal: any amount, but never more than is missing.
pub(super) fn decide(attempt: &Attempt<'_>, goal: &Goal, argument: &str) -> Result<Decision, Text> {
    let Attempt { context, reward, everybody, .. } = *attempt;
    let (name, balance, progress) = (context.name(), context.account.balance, everybody.points);
    // Not zero, or the goal would be held as reached.
    let open = goal.target().checked_sub(progress).unwrap_or(Points::ZERO);
    let word = argument.split(' ').next().unwrap_or_default();
    let Ok(amount) = Amount::parse(word) else {
        return Err(text::goal_howto(name, &reward.name, progress, goal.target(), context.prefix()));
    };
    if balance.is_zero() {
        return Err(text::goal_broke(name));
    }
    let wanted = amount.of(balance);
    if wanted.is_zero() {
        return Err(text::goal_too_little(name));
    }
    let given = wanted.min(open);
    if let Some(missing) = given.checked_sub(balance).filter(|points| !points.is_zero()) {
        return Err(text::goal_need_more(name, given, missing));
    }
    let (mut guard, own) = attempt.guards();
    // A step must be announced by exactly the contribution that passes it, and a line should not show a progress
    // that never was. Only when many give at once and none passes a step, any order will do.
    let calm = goal.range_without_milestone(progress, given).filter(|_| context.contended);
    guard.points_between = Some(calm.unwrap_or((progress, progress)));
    let after = progress.checked_add(given).unwrap_or(Points::MAX);

    let changes = attempt.changes(given, Cause::Contribution(reward.id.clone()), (guard, own));
    let line = match calm {
        Some(_) => text::contributed_in_a_crowd(name, given, &reward.name),
        None => text::contributed(name, given, &reward.name, after, goal.target()),
    };
    let mut effects = vec![Effect::Say(line.chat())];
    effects.extend(context.confirm(&text::you_gave(given, &reward.name)));
    let milestones: Vec<&Milestone> = goal.reached(progress, after).collect();
    effects
        .extend(milestones.iter().map(|m| Effect::Say(text::milestone(&reward.name, m.at, &m.text).chat())));
    // One alert for all that are passed at once, for the furthest: chat names each.
    effects.extend(milestones.last().map(|m| {
        let (reward, text) = (reward.name.to_string(), m.text.clone());
        Effect::Show(Alert::Milestone { reward, at: m.at, text })
    }));
    if after == goal.target() {
        effects.push(Effect::Say(text::goal_reached(&reward.name, goal.target()).chat()));
        effects.push(Effect::Show(Alert::Goal { reward: reward.name.to_string(), target: goal.target() }));
    }
    Ok(Decision { changes, effects })
}
