//! Using a reward.

use super::Scene;
use crate::command::Amount;
use crate::reward::{Access, Cooldown, Goal, Guard, Kind, MAX_NOTE, Milestone, Note, Scope, Special};
use crate::text::{self, Text};
use crate::{
    Action, Alert, Cause, Change, Decision, Delta, Effect, Points, Redemption, Reward, Status, Timestamp,
    Usage,
};

/// Decides a use of `reward`.
pub(super) fn decide(
    scene: &Scene<'_>,
    reward: &Reward,
    argument: &str,
    everybody: &Usage,
    own: &Usage,
) -> Decision {
    let usages = Usages { everybody, own };
    let outcome = may_use(scene, reward).and_then(|()| match &reward.kind {
        Kind::Goal(goal) => contribute(scene, reward, goal, argument, usages),
        _ => buy(scene, reward, argument, usages),
    });
    outcome.unwrap_or_else(|refusal| scene.answer(&refusal))
}

#[derive(Clone, Copy)]
struct Usages<'a> {
    everybody: &'a Usage,
    own: &'a Usage,
}

/// Whether the reward is offered, to this viewer, now.
fn may_use(scene: &Scene<'_>, reward: &Reward) -> Result<(), Text> {
    let (name, asker) = (scene.name(), scene.asker);
    if !reward.is_live(&scene.config.categories) {
        return Err(text::off(name, &reward.name));
    }
    if reward.only_live && !scene.stream.live {
        return Err(text::only_live(name, &reward.name));
    }
    if reward.access.admits(asker, scene.account.is_member(scene.now), scene.follower) {
        return Ok(());
    }
    match reward.access {
        Access::Everybody => Ok(()),
        Access::Authenticated => Err(text::authenticated_only(name, &reward.name)),
        Access::Members => Err(text::members_only(name, &reward.name)),
        Access::Followers => Err(text::followers_only(name, &reward.name)),
        Access::Moderators => Err(text::moderators_only(name, &reward.name)),
    }
}

/// A redeem, a vote or a special: at its price, with a note.
fn buy(scene: &Scene<'_>, reward: &Reward, argument: &str, usages: Usages<'_>) -> Result<Decision, Text> {
    let name = scene.name();
    let (mut everybody, mut own) = guards(scene, reward, usages)?;
    let (cause, note) = match &reward.kind {
        Kind::Vote(vote) => {
            if !vote.open || reward.is_over(scene.now) {
                return Err(text::vote_closed(name, &reward.name));
            }
            own.count_below = vote.per_viewer.map(u64::from);
            if own.count_below.is_some_and(|most| usages.own.count >= most) {
                return Err(text::vote_limit(name, &reward.name));
            }
            (Cause::Vote(reward.id.clone()), None)
        }
        _ => (Cause::Redeem(reward.id.clone()), note(scene, reward, argument)?),
    };
    if let Some(missing) = reward.price.minus(scene.account.balance).filter(|points| !points.is_zero()) {
        return Err(text::need_more(name, &reward.name, reward.price, missing));
    }
    let stream = scene.stream.counting();
    everybody.same_stream = usages.everybody.stream.as_ref() == Some(&stream);
    own.same_stream = usages.own.stream.as_ref() == Some(&stream);
    let mut changes = payment(scene, reward.price, cause);
    changes.push(Change::Use {
        reward: reward.id.clone(),
        viewer: scene.asker.id.clone(),
        points: reward.price,
        stream: stream.clone(),
        everybody,
        own,
    });
    let mut effects = Vec::new();
    if matches!(reward.kind, Kind::Vote(_)) {
        effects.push(Effect::Say(text::voted(name, &reward.name).chat()));
    } else {
        let automatic = match &reward.kind {
            Kind::Redeem(redeem) => redeem.skip_queue,
            _ => true,
        };
        effects.push(Effect::Say(match &note {
            Some(note) => text::redeemed_with_note(name, &reward.name, note).chat(),
            None => text::redeemed(name, &reward.name).chat(),
        }));
        effects.push(shown(scene, reward, note.as_ref()));
        changes.push(Change::Enqueue(Redemption {
            event: scene.event.clone(),
            at: scene.now,
            reward: reward.id.clone(),
            reward_name: reward.name.to_string(),
            viewer: scene.asker.id.clone(),
            viewer_name: name.to_owned(),
            price: reward.price,
            note,
            note_hidden: false,
            stream,
            status: if automatic { Status::Fulfilled } else { Status::Waiting },
            automatic,
        }));
    }
    Ok(Decision { changes, effects })
}

/// The conditions of cooldown, limits and stock, and the refusal where they already fail.
fn guards(scene: &Scene<'_>, reward: &Reward, usages: Usages<'_>) -> Result<(Guard, Guard), Text> {
    let (name, limits) = (scene.name(), reward.limits);
    let (mut everybody, mut own) = (Guard::default(), Guard::default());
    if let Some(Cooldown { length, scope }) = reward.cooldown {
        let (guard, usage) = match scope {
            Scope::Everybody => (&mut everybody, usages.everybody),
            Scope::EachViewer => (&mut own, usages.own),
        };
        guard.rested_since = Some(scene.now.minus(length));
        let again = usage.last.as_ref().map(|last| last.at.plus(length));
        if let Some(again) = again.filter(|again: &Timestamp| *again > scene.now) {
            return Err(text::cooling_down(name, &reward.name, again.since(scene.now)));
        }
    }
    everybody.count_below = limits.stock.map(u64::from);
    if everybody.count_below.is_some_and(|most| usages.everybody.count >= most) {
        return Err(text::sold_out(name, &reward.name));
    }
    let stream = scene.stream.counting();
    everybody.in_stream_below = limits.per_stream.map(u64::from);
    if everybody.in_stream_below.is_some_and(|most| usages.everybody.count_in(&stream) >= most) {
        return Err(text::stream_limit(name, &reward.name));
    }
    own.in_stream_below = limits.per_viewer.map(u64::from);
    if own.in_stream_below.is_some_and(|most| usages.own.count_in(&stream) >= most) {
        return Err(text::viewer_limit(name, &reward.name));
    }
    Ok((everybody, own))
}

fn note(scene: &Scene<'_>, reward: &Reward, argument: &str) -> Result<Option<String>, Text> {
    let length = argument.chars().count();
    match reward.note {
        Note::None => Ok(None),
        Note::Required if length == 0 => Err(text::note_missing(scene.name(), scene.prefix(), &reward.name)),
        Note::Optional if length == 0 => Ok(None),
        _ if length > MAX_NOTE => Err(text::note_too_long(scene.name(), length, MAX_NOTE)),
        _ => Ok(Some(argument.to_owned())),
    }
}

/// A contribution to a goal: any amount, but never more than is missing.
fn contribute(
    scene: &Scene<'_>,
    reward: &Reward,
    goal: &Goal,
    argument: &str,
    usages: Usages<'_>,
) -> Result<Decision, Text> {
    let (name, balance, progress) = (scene.name(), scene.account.balance, usages.everybody.points);
    let Some(open) = goal.target().minus(progress).filter(|open| !open.is_zero()) else {
        return Err(text::goal_done(name, &reward.name));
    };
    if reward.is_over(scene.now) {
        return Err(text::goal_over(name, &reward.name, progress, goal.target()));
    }
    let word = argument.split(' ').next().unwrap_or_default();
    let Ok(amount) = Amount::parse(word) else {
        return Err(text::goal_howto(name, &reward.name, progress, goal.target(), scene.prefix()));
    };
    if balance.is_zero() {
        return Err(text::goal_broke(name));
    }
    let wanted = amount.of(balance);
    if wanted.is_zero() {
        return Err(text::goal_too_little(name));
    }
    let given = wanted.min(open);
    if let Some(missing) = given.minus(balance).filter(|points| !points.is_zero()) {
        return Err(text::goal_need_more(name, given, missing));
    }
    let (mut everybody, mut own) = guards(scene, reward, usages)?;
    let stream = scene.stream.counting();
    everybody.same_stream = usages.everybody.stream.as_ref() == Some(&stream);
    own.same_stream = usages.own.stream.as_ref() == Some(&stream);
    // A step must be announced by exactly the contribution that passes it, and a line should not show a progress
    // that never was. Only when many give at once and none passes a step, any order will do.
    let calm = goal.calm_waters(progress, given).filter(|_| scene.crowded);
    everybody.points_between = Some(calm.unwrap_or((progress, progress)));
    let after = progress.plus(given).unwrap_or(Points::MAX);

    let mut changes = payment(scene, given, Cause::Contribution(reward.id.clone()));
    let (id, viewer) = (reward.id.clone(), scene.asker.id.clone());
    changes.push(Change::Use { reward: id, viewer, points: given, stream, everybody, own });
    let line = match calm {
        Some(_) => text::contributed_in_a_crowd(name, given, &reward.name),
        None => text::contributed(name, given, &reward.name, after, goal.target()),
    };
    let mut effects = vec![Effect::Say(line.chat())];
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

/// What everybody sees of a redeem or a special: an alert, or what its action makes of it.
fn shown(scene: &Scene<'_>, reward: &Reward, note: Option<&String>) -> Effect {
    let (viewer, name, note) = (scene.name().to_owned(), reward.name.to_string(), note.cloned());
    match &reward.kind {
        Kind::Special(Special { action: Action::Alert(alert) }) => {
            Effect::Show(Alert::Special { name: alert.clone(), viewer, reward: name, note })
        }
        Kind::Special(special) => {
            let (action, event) = (special.action.clone(), scene.event.clone());
            Effect::Act { action, event, reward: name, viewer, note }
        }
        _ => Effect::Show(Alert::Redeem { viewer, reward: name, note }),
    }
}

/// The movement that pays `price`; what is free moves nothing.
fn payment(scene: &Scene<'_>, price: Points, cause: Cause) -> Vec<Change> {
    if price.is_zero() {
        return Vec::new();
    }
    vec![Change::Move { viewer: scene.asker.id.clone(), delta: Delta::debit(price), cause }]
}

#[cfg(test)]
mod tests;
