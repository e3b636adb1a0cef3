//! Using a reward.

use super::CommandContext;
use crate::command::Amount;
use crate::reward::{
    Access, Cooldown, Goal, Guard, Kind, MAX_NOTE, Milestone, Note, Requester, RewardStatus, Scope, Special,
    Unavailable,
};
use crate::text::{self, Text};
use crate::{
    Action, Alert, Cause, Change, Decision, Delta, Effect, Points, Redemption, Reward, Status, Usage,
};

/// Decides a use of `reward`.
pub(super) fn decide(
    context: &CommandContext<'_>,
    reward: &Reward,
    argument: &str,
    everybody: &Usage,
    own: &Usage,
) -> Decision {
    let usages = Usages { everybody, own };
    let outcome = match unavailable(context, reward, usages) {
        Some(unavailable) => Err(refusal(context, reward, unavailable, everybody.points)),
        None => match &reward.kind {
            Kind::Goal(goal) => contribute(context, reward, goal, argument, usages),
            _ => buy(context, reward, argument, usages),
        },
    };
    outcome.unwrap_or_else(|refusal| context.refuse(&refusal))
}

#[derive(Clone, Copy)]
struct Usages<'a> {
    everybody: &'a Usage,
    own: &'a Usage,
}

fn unavailable(
    context: &CommandContext<'_>,
    reward: &Reward,
    Usages { everybody, own }: Usages<'_>,
) -> Option<Unavailable> {
    let CommandContext { config, stream, now, asker: person, account, follower, .. } = *context;
    let status = RewardStatus { categories: &config.categories, stream, everybody, now };
    reward.unavailable(&status, Some(&Requester { person, account, follower, own }))
}

/// Why `unavailable` keeps the asker from using the reward, to which `progress` points have been given.
fn refusal(
    context: &CommandContext<'_>,
    reward: &Reward,
    unavailable: Unavailable,
    progress: Points,
) -> Text {
    let (name, reward_name) = (context.name(), &reward.name);
    match unavailable {
        Unavailable::Off | Unavailable::For(Access::Everybody) => text::off(name, reward_name),
        Unavailable::OnlyLive => text::only_live(name, reward_name),
        Unavailable::For(Access::Authenticated) => text::authenticated_only(name, reward_name),
        Unavailable::For(Access::Members) => text::members_only(name, reward_name),
        Unavailable::For(Access::Followers) => text::followers_only(name, reward_name),
        Unavailable::For(Access::Moderators) => text::moderators_only(name, reward_name),
        Unavailable::VoteClosed => text::vote_closed(name, reward_name),
        Unavailable::GoalReached => text::goal_done(name, reward_name),
        Unavailable::GoalOver => {
            let target = match &reward.kind {
                Kind::Goal(goal) => goal.target(),
                _ => Points::ZERO,
            };
            text::goal_over(name, reward_name, progress, target)
        }
        Unavailable::OnCooldown { until } => text::cooling_down(name, reward_name, until.since(context.now)),
        Unavailable::SoldOut => text::sold_out(name, reward_name),
        Unavailable::StreamLimit => text::stream_limit(name, reward_name),
        Unavailable::ViewerLimit => text::viewer_limit(name, reward_name),
        Unavailable::VoteLimit => text::vote_limit(name, reward_name),
    }
}

/// A redeem, a vote or a special: at its price, with a note.
fn buy(
    context: &CommandContext<'_>,
    reward: &Reward,
    argument: &str,
    usages: Usages<'_>,
) -> Result<Decision, Text> {
    let name = context.name();
    let (mut everybody, mut own) = guards(context, reward);
    let (cause, note) = match &reward.kind {
        Kind::Vote(vote) => {
            own.count_below = vote.per_viewer.map(u64::from);
            (Cause::Vote(reward.id.clone()), None)
        }
        _ => (Cause::Redeem(reward.id.clone()), note(context, reward, argument)?),
    };
    if let Some(missing) =
        reward.price.checked_sub(context.account.balance).filter(|points| !points.is_zero())
    {
        return Err(text::need_more(name, &reward.name, reward.price, missing));
    }
    let stream = context.stream.counting();
    everybody.same_stream = usages.everybody.stream.as_ref() == Some(&stream);
    own.same_stream = usages.own.stream.as_ref() == Some(&stream);
    let mut changes = payment(context, reward.price, cause);
    changes.push(Change::Use {
        reward: reward.id.clone(),
        viewer: context.asker.id.clone(),
        points: reward.price,
        stream: stream.clone(),
        everybody,
        own,
    });
    let mut effects = Vec::new();
    if matches!(reward.kind, Kind::Vote(_)) {
        effects.push(Effect::Say(text::voted(name, &reward.name).chat()));
        effects.extend(context.confirm(&text::you_voted(&reward.name)));
    } else {
        let automatic = match &reward.kind {
            Kind::Redeem(redeem) => redeem.skip_queue,
            _ => true,
        };
        effects.push(Effect::Say(match &note {
            Some(note) => text::redeemed_with_note(name, &reward.name, note).chat(),
            None => text::redeemed(name, &reward.name).chat(),
        }));
        let yours = if automatic { text::you_used(&reward.name) } else { text::you_redeemed(&reward.name) };
        effects.extend(context.confirm(&yours));
        effects.push(shown(context, reward, note.as_ref()));
        changes.push(Change::Enqueue(Redemption {
            event: context.event.clone(),
            at: context.now,
            reward: reward.id.clone(),
            reward_name: reward.name.to_string(),
            viewer: context.asker.id.clone(),
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

/// The conditions of cooldown, limits and stock, as [`Reward::unavailable`] has found them met.
fn guards(context: &CommandContext<'_>, reward: &Reward) -> (Guard, Guard) {
    let limits = reward.limits;
    let mut everybody = Guard {
        count_below: limits.stock.map(u64::from),
        in_stream_below: limits.per_stream.map(u64::from),
        ..Guard::default()
    };
    let mut own = Guard { in_stream_below: limits.per_viewer.map(u64::from), ..Guard::default() };
    if let Some(Cooldown { length, scope }) = reward.cooldown {
        let guard = match scope {
            Scope::Everybody => &mut everybody,
            Scope::EachViewer => &mut own,
        };
        guard.rested_since = Some(context.now.saturating_sub(length));
    }
    (everybody, own)
}

fn note(context: &CommandContext<'_>, reward: &Reward, argument: &str) -> Result<Option<String>, Text> {
    let length = argument.chars().count();
    match reward.note {
        Note::None => Ok(None),
        Note::Required if length == 0 => {
            Err(text::note_missing(context.name(), context.prefix(), &reward.name))
        }
        Note::Optional if length == 0 => Ok(None),
        _ if length > MAX_NOTE => Err(text::note_too_long(context.name(), length, MAX_NOTE)),
        _ => Ok(Some(argument.to_owned())),
    }
}

/// A contribution to a goal: any amount, but never more than is missing.
fn contribute(
    context: &CommandContext<'_>,
    reward: &Reward,
    goal: &Goal,
    argument: &str,
    usages: Usages<'_>,
) -> Result<Decision, Text> {
    let (name, balance, progress) = (context.name(), context.account.balance, usages.everybody.points);
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
    let (mut everybody, mut own) = guards(context, reward);
    let stream = context.stream.counting();
    everybody.same_stream = usages.everybody.stream.as_ref() == Some(&stream);
    own.same_stream = usages.own.stream.as_ref() == Some(&stream);
    // A step must be announced by exactly the contribution that passes it, and a line should not show a progress
    // that never was. Only when many give at once and none passes a step, any order will do.
    let calm = goal.range_without_milestone(progress, given).filter(|_| context.contended);
    everybody.points_between = Some(calm.unwrap_or((progress, progress)));
    let after = progress.checked_add(given).unwrap_or(Points::MAX);

    let mut changes = payment(context, given, Cause::Contribution(reward.id.clone()));
    let (id, viewer) = (reward.id.clone(), context.asker.id.clone());
    changes.push(Change::Use { reward: id, viewer, points: given, stream, everybody, own });
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

/// What everybody sees of a redeem or a special: an alert, or what its action makes of it.
fn shown(context: &CommandContext<'_>, reward: &Reward, note: Option<&String>) -> Effect {
    let (viewer, name, note) = (context.name().to_owned(), reward.name.to_string(), note.cloned());
    match &reward.kind {
        Kind::Special(Special { action: Action::Alert(alert) }) => {
            Effect::Show(Alert::Special { name: alert.clone(), viewer, reward: name, note })
        }
        Kind::Special(special) => {
            let (action, event) = (special.action.clone(), context.event.clone());
            Effect::Act { action, event, reward: name, viewer, note }
        }
        _ => Effect::Show(Alert::Redeem { viewer, reward: name, note }),
    }
}

/// The movement that pays `price`; what is free moves nothing.
fn payment(context: &CommandContext<'_>, price: Points, cause: Cause) -> Vec<Change> {
    if price.is_zero() {
        return Vec::new();
    }
    vec![Change::Move { viewer: context.asker.id.clone(), delta: Delta::debit(price), cause }]
}

#[cfg(test)]
mod tests;
