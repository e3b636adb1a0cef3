//! Commands that change nothing: help, usage, the rewards and the queue.

use super::CommandContext;
use crate::command::UsageOf;
use crate::message::{self, Arg, Message};
use crate::{Category, Config, Person, Redemption, Reward, reward::Kind};

/// The most rewards that are listed in one chat message.
const MAX_REWARDS: usize = 25;

/// The most redemptions of the queue that are listed.
const MAX_WAITING: usize = 5;

pub(super) fn help(context: &CommandContext<'_>) -> Message {
    let points = &context.config.settings.points;
    let (name, prefix) = (context.name(), context.prefix());
    let interval = Arg::Every(points.interval);
    match context.config.live_rewards().next() {
        Some(example) => message::help(name, points.per_tick, interval, prefix, example.name.as_str()),
        None => message::help_without_rewards(name, points.per_tick, interval, prefix),
    }
}

/// How to write `command`. Commands of moderators are explained to moderators only.
pub(super) fn usage(context: &CommandContext<'_>, command: UsageOf) -> Message {
    let (name, prefix) = (context.name(), context.prefix());
    match command {
        UsageOf::AddPoints => {
            for_moderators(context, "addpoints", |command| message::adjust_howto(prefix, command))
        }
        UsageOf::RemovePoints => {
            for_moderators(context, "removepoints", |command| message::adjust_howto(prefix, command))
        }
        UsageOf::Timer => for_moderators(context, "timer", |_| message::timer_howto(prefix)),
        UsageOf::Top => message::top_howto(prefix),
        UsageOf::Give => message::give_howto(prefix),
        UsageOf::Link => message::link_howto(name, prefix),
    }
}

fn for_moderators(
    context: &CommandContext<'_>,
    command: &'static str,
    usage: impl FnOnce(&'static str) -> Message,
) -> Message {
    if context.asker.moderator {
        usage(command)
    } else {
        message::moderators_command(context.name(), context.prefix(), command)
    }
}

pub(super) fn rewards(config: &Config, category: Option<&str>) -> Message {
    let prefix = config.settings.chat.prefix.as_str();
    let names = |categories: &[Category]| {
        let on = categories.iter().filter(|category| category.on).map(|category| category.name.as_str());
        on.collect::<Vec<_>>().join(", ")
    };
    let Some(wanted) = category else {
        let mut all: Vec<Message> = config.live_rewards().map(priced).collect();
        if all.is_empty() {
            return message::rewards_none();
        }
        let more = all.len().saturating_sub(MAX_REWARDS);
        all.truncate(MAX_REWARDS);
        return match more {
            0 => message::rewards(all),
            more => message::rewards_more(all, more, prefix, names(&config.categories)),
        };
    };
    match config.category_named(wanted) {
        Some(found) if found.on => {
            let inside = config.live_rewards().filter(|reward| reward.categories.contains(&found.id));
            let list: Vec<Message> = inside.take(MAX_REWARDS).map(priced).collect();
            if list.is_empty() { message::rewards_none() } else { message::rewards_in(&found.name, list) }
        }
        _ if config.categories.is_empty() => message::rewards_no_categories(prefix),
        _ => message::rewards_unknown_category(wanted, names(&config.categories)),
    }
}

fn priced(reward: &Reward) -> Message {
    match &reward.kind {
        Kind::Goal(_) => message::any_amount(&reward.name),
        _ => message::priced(&reward.name, reward.price),
    }
}

pub(super) fn queue(waiting: &[Redemption], asker: &Person) -> Message {
    if waiting.is_empty() {
        return message::queue_empty();
    }
    let named = waiting.iter().take(MAX_WAITING);
    let list: Vec<Message> =
        named.map(|entry| message::queued(&entry.reward_name, &entry.viewer_name)).collect();
    let count = waiting.len();
    match waiting.iter().zip(1_usize..).find(|(entry, _)| entry.viewer == asker.id) {
        Some((own, place)) => message::queue_own(count, list, &own.reward_name, place),
        None => message::queue(count, list),
    }
}

#[cfg(test)]
mod tests;
