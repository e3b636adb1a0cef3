//! Contributing points to a goal.

use super::attempt::Attempt;
use crate::command::Amount;
use crate::message::{self, Message};
use crate::reward::{Goal, Milestone};
use crate::{Alert, Cause, Decision, Effect, Points};

/// Decides a contribution to a goal: any amount, but never more than the goal still needs.
pub(super) fn decide(attempt: &Attempt<'_>, goal: &Goal, argument: &str) -> Result<Decision, Message> {
    let Attempt { context, reward, everybody, .. } = *attempt;
    let (name, balance, progress) = (context.name(), context.account.balance, everybody.points);
    // Not zero: a goal that is reached was refused as unavailable.
    let remaining = goal.target().checked_sub(progress).unwrap_or(Points::ZERO);
    let Ok(amount) = Amount::of_argument(argument) else {
        return Err(message::goal_howto(name, &reward.name, progress, goal.target(), context.prefix()));
    };
    if balance.is_zero() {
        return Err(message::goal_broke(name));
    }
    let wanted = amount.of(balance);
    if wanted.is_zero() {
        return Err(message::goal_too_little(name));
    }
    let given = wanted.min(remaining);
    if let Some(missing) = given.checked_sub(balance).filter(|points| !points.is_zero()) {
        return Err(message::goal_need_more(name, given, missing));
    }
    let (mut guard, own) = attempt.guards();
    // Exactly one contribution must announce each milestone, and no message should show a progress that never
    // existed, so the write holds only for the progress that was read. Under contention, a contribution that
    // passes no milestone holds for a range of progress, and its message does not mention the progress.
    let range = goal.range_without_milestone(progress, given).filter(|_| context.contended);
    guard.points_between = Some(range.unwrap_or((progress, progress)));
    let after = progress.checked_add(given).unwrap_or(Points::MAX);

    let changes = attempt.changes(given, Cause::Contribution(reward.id.clone()), (guard, own));
    let line = match range {
        Some(_) => message::contributed_in_a_crowd(name, given, &reward.name),
        None => message::contributed(name, given, &reward.name, after, goal.target()),
    };
    let mut effects = vec![Effect::Say(line)];
    effects.extend(context.confirm(message::you_gave(given, &reward.name)));
    let milestones: Vec<&Milestone> = goal.reached(progress, after).collect();
    effects.extend(milestones.iter().map(|m| Effect::Say(message::milestone(&reward.name, m.at, &m.text))));
    // Only the furthest milestone gets an alert; chat names each of them.
    effects.extend(milestones.last().map(|m| {
        let (reward, text) = (reward.name.to_string(), m.text.clone());
        Effect::Show(Alert::Milestone { reward, at: m.at, text })
    }));
    if after == goal.target() {
        effects.push(Effect::Say(message::goal_reached(&reward.name, goal.target())));
        effects.push(Effect::Show(Alert::Goal { reward: reward.name.to_string(), target: goal.target() }));
    }
    Ok(Decision { changes, effects })
}
