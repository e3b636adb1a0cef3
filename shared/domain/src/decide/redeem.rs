//! Using a reward: what all kinds have in common, and redeems and specials. Votes are in `vote.rs`, goals in
//! `contribute.rs`.

use super::attempt::Attempt;
use super::{CommandContext, contribute, vote};
use crate::message::{self, Arg, Message};
use crate::reward::{Access, BadNote, Kind, MAX_NOTE, Special, Unavailable};
use crate::{
    Action, Alert, Cause, Change, Decision, Effect, Points, QueueChange, Redemption, Reward, Status, Usage,
};

/// Decides a use of `reward`.
pub(super) fn decide(
    context: &CommandContext<'_>,
    reward: &Reward,
    argument: &str,
    everybody: &Usage,
    own: &Usage,
) -> Decision {
    let attempt = Attempt { context, reward, everybody, own };
    let outcome = match attempt.unavailable() {
        Some(unavailable) => Err(refusal(context, reward, unavailable, everybody.points)),
        None => match &reward.kind {
            Kind::Goal(goal) => contribute::decide(&attempt, goal, argument),
            Kind::Vote(vote) => vote::decide(&attempt, vote),
            Kind::Redeem(redeem) => redeem_at_price(&attempt, argument, redeem.skip_queue),
            Kind::Special(_) => redeem_at_price(&attempt, argument, true),
        },
    };
    outcome.unwrap_or_else(|refusal| context.refuse(refusal))
}

/// The text that refuses a use of the reward because of `unavailable`. `progress` is the points given to a
/// goal so far.
fn refusal(
    context: &CommandContext<'_>,
    reward: &Reward,
    unavailable: Unavailable,
    progress: Points,
) -> Message {
    let (name, reward_name) = (context.name(), &reward.name);
    match unavailable {
        Unavailable::Off | Unavailable::For(Access::Everybody) => message::off(name, reward_name),
        Unavailable::OnlyLive => message::only_live(name, reward_name),
        Unavailable::For(Access::Authenticated) => message::authenticated_only(name, reward_name),
        Unavailable::For(Access::Members) => message::members_only(name, reward_name),
        Unavailable::For(Access::Followers) => message::followers_only(name, reward_name),
        Unavailable::For(Access::Moderators) => message::moderators_only(name, reward_name),
        Unavailable::VoteClosed => message::vote_closed(name, reward_name),
        Unavailable::GoalReached => message::goal_done(name, reward_name),
        Unavailable::GoalOver => {
            let target = match &reward.kind {
                Kind::Goal(goal) => goal.target(),
                _ => Points::ZERO,
            };
            message::goal_over(name, reward_name, progress, target)
        }
        Unavailable::OnCooldown { until } => {
            message::cooling_down(name, reward_name, Arg::Countdown(until.since(context.now)))
        }
        Unavailable::SoldOut => message::sold_out(name, reward_name),
        Unavailable::StreamLimit => message::stream_limit(name, reward_name),
        Unavailable::ViewerLimit => message::viewer_limit(name, reward_name),
        Unavailable::VoteLimit => message::vote_limit(name, reward_name),
    }
}

/// A redeem or a special, at its price and with its note. It waits in the queue unless it skips it.
fn redeem_at_price(attempt: &Attempt<'_>, argument: &str, skip_queue: bool) -> Result<Decision, Message> {
    let Attempt { context, reward, .. } = *attempt;
    let name = context.name();
    let note = note(context, reward, argument)?;
    attempt.affords()?;
    let mut changes = attempt.changes(reward.price, Cause::Redeem(reward.id.clone()), attempt.guards());
    let mut effects = vec![Effect::Say(match &note {
        Some(note) => message::redeemed_with_note(name, &reward.name, note),
        None => message::redeemed(name, &reward.name),
    })];
    let confirmation =
        if skip_queue { message::you_used(&reward.name) } else { message::you_redeemed(&reward.name) };
    effects.extend(context.confirm(confirmation));
    effects.push(alert_or_action(context, reward, note.as_ref()));
    changes.push(Change::Queue(QueueChange::Enqueue(Redemption {
        event: context.event.clone(),
        at: context.now,
        reward: reward.id.clone(),
        reward_name: reward.name.to_string(),
        viewer: context.asker.id.clone(),
        viewer_name: name.to_owned(),
        price: reward.price,
        note,
        note_hidden: false,
        stream: context.stream.counting(),
        status: if skip_queue { Status::Fulfilled } else { Status::Waiting },
        automatic: skip_queue,
    })));
    Ok(Decision { changes, effects })
}

fn note(context: &CommandContext<'_>, reward: &Reward, argument: &str) -> Result<Option<String>, Message> {
    reward.note.check(argument).map_err(|error| match error {
        BadNote::Missing => message::note_missing(context.name(), context.prefix(), &reward.name),
        BadNote::TooLong { length } => message::note_too_long(context.name(), length, MAX_NOTE),
    })
}

/// The effect of a redeem or a special beside the chat message: an alert, or the special's action.
fn alert_or_action(context: &CommandContext<'_>, reward: &Reward, note: Option<&String>) -> Effect {
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

#[cfg(test)]
mod tests;
