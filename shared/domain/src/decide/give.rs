//! Viewers give points to each other.

use super::Scene;
use super::candidate::{Candidate, the_one};
use crate::command::{Present, ViewerRef};
use crate::text::{self, Text};
use crate::{Change, Decision, Effect, Points};

pub(super) fn decide(scene: &Scene<'_>, present: &Present, candidates: &[Candidate]) -> Decision {
    give(scene, present, candidates).unwrap_or_else(|refusal| scene.answer(&refusal))
}

fn give(scene: &Scene<'_>, present: &Present, candidates: &[Candidate]) -> Result<Decision, Text> {
    let (name, balance, settings) = (scene.name(), scene.account.balance, &scene.config.settings.give);
    if !settings.on {
        return Err(text::give_off(name));
    }
    let amount = present.amount.ok_or_else(|| text::give_amount(name))?;
    let to = receiver(scene, &present.viewer, candidates)?;
    if balance.is_zero() {
        return Err(text::goal_broke(name));
    }
    let points = amount.of(balance);
    if points.is_zero() {
        return Err(text::goal_too_little(name));
    }
    if points < settings.least {
        return Err(text::give_least(name, settings.least));
    }
    if points > settings.most {
        return Err(text::give_most(name, settings.most));
    }
    if let Some(missing) = points.minus(balance).filter(|missing| !missing.is_zero()) {
        return Err(text::goal_need_more(name, points, missing));
    }
    let day = scene.now.day();
    let today = scene.account.given.filter(|given| given.day == day);
    // Without a limit the sum must still be one that can be counted.
    let most = settings.per_day.unwrap_or(Points::MAX);
    let left = most.minus_or_zero(today.map_or(Points::ZERO, |given| given.points));
    if left.is_zero() {
        return Err(text::give_day_over(name, most));
    }
    if points > left {
        return Err(text::give_day_left(name, left));
    }
    if to.balance.plus(points).is_none() {
        return Err(text::viewer_full(&to.name));
    }
    let change = Change::Give {
        from: scene.asker.id.clone(),
        to: to.viewer.clone(),
        points,
        day,
        same_day: today.is_some(),
        given_at_most: most.minus(points),
    };
    // Said publicly, so that both are told.
    let said = Effect::Say(text::gave(name, &to.name, points).chat());
    Ok(Decision { changes: vec![change], effects: vec![said] })
}

/// Who gets it. Nobody means themselves or somebody who is banned, so those do not make a name ambiguous.
fn receiver<'a>(
    scene: &Scene<'_>,
    meant: &ViewerRef,
    candidates: &'a [Candidate],
) -> Result<&'a Candidate, Text> {
    let own = |candidate: &&Candidate| candidate.viewer == scene.asker.id;
    let possible: Vec<&Candidate> =
        candidates.iter().filter(|candidate| !own(candidate) && !candidate.banned).collect();
    if possible.is_empty() && candidates.iter().any(|candidate| own(&candidate)) {
        return Err(text::give_self(scene.name()));
    }
    if let ([], [banned, ..]) = (possible.as_slice(), candidates) {
        return Err(text::give_banned(scene.name(), &banned.name));
    }
    the_one(meant, &possible, scene.asker.moderator)
}

#[cfg(test)]
mod tests;
