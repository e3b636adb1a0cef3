//! Commands that change nothing: help, usage, the rewards and the queue.

use super::CommandContext;
use crate::command::UsageOf;
use crate::text::{self, Text};
use crate::{Category, Config, Person, Redemption, Reward, reward::Kind};

/// The most rewards that are listed in one chat message.
const MAX_REWARDS: usize = 25;

/// The most redemptions of the queue that are listed.
const MAX_WAITING: usize = 5;

pub(super) fn help(context: &CommandContext<'_>) -> Text {
    let points = &context.config.settings.points;
    let (name, prefix) = (context.name(), context.prefix());
    let seconds = points.interval.whole_seconds();
    let interval = match (seconds / 60, seconds % 60) {
        (1, 0) => "minute".to_owned(),
        (minutes, 0) => format!("{minutes} minutes"),
        _ => format!("{seconds} seconds"),
    };
    match context.config.live_rewards().next() {
        Some(example) => text::help(name, points.per_tick, interval, prefix, example.name.as_str()),
        None => text::help_without_rewards(name, points.per_tick, interval, prefix),
    }
}

/// How to write `command`. Commands of moderators are explained to moderators only.
pub(super) fn usage(context: &CommandContext<'_>, command: UsageOf) -> Text {
    let (name, prefix) = (context.name(), context.prefix());
    match command {
        UsageOf::AddPoints => {
            for_moderators(context, "addpoints", |command| text::adjust_howto(prefix, command))
        }
        UsageOf::RemovePoints => {
            for_moderators(context, "removepoints", |command| text::adjust_howto(prefix, command))
        }
        UsageOf::Timer => for_moderators(context, "timer", |_| text::timer_howto(prefix)),
        UsageOf::Top => text::top_howto(prefix),
        UsageOf::Give => text::give_howto(prefix),
        UsageOf::Link => text::link_howto(name, prefix),
    }
}

fn for_moderators(
    context: &CommandContext<'_>,
    command: &'static str,
    usage: impl FnOnce(&'static str) -> Text,
) -> Text {
    if context.asker.moderator {
        usage(command)
    } else {
        text::moderators_command(context.name(), context.prefix(), command)
    }
}

pub(super) fn rewards(config: &Config, category: Option<&str>) -> Text {
    let prefix = config.settings.chat.prefix.as_str();
    let names = |categories: &[Category]| {
        let on = categories.iter().filter(|category| category.on).map(|category| category.name.as_str());
        on.collect::<Vec<_>>().join(", ")
    };
    let Some(wanted) = category else {
        let all: Vec<String> = config.live_rewards().map(priced).collect();
        if all.is_empty() {
            return text::rewards_none();
        }
        let shown = all.get(..MAX_REWARDS).unwrap_or(&all).join(", ");
        return match all.len().saturating_sub(MAX_REWARDS) {
            0 => text::rewards(shown),
            more => text::rewards_more(shown, more, prefix, names(&config.categories)),
        };
    };
    match config.category_named(wanted) {
        Some(found) if found.on => {
            let inside = config.live_rewards().filter(|reward| reward.categories.contains(&found.id));
            let list: Vec<String> = inside.take(MAX_REWARDS).map(priced).collect();
            if list.is_empty() {
                text::rewards_none()
            } else {
                text::rewards_in(&found.name, list.join(", "))
            }
        }
        _ if config.categories.is_empty() => text::rewards_no_categories(prefix),
        _ => text::rewards_unknown_category(wanted, names(&config.categories)),
    }
}

fn priced(reward: &Reward) -> String {
    match &reward.kind {
        Kind::Goal(_) => format!("{} (any amount)", reward.name),
        _ => format!("{} ({})", reward.name, reward.price),
    }
}

pub(super) fn queue(waiting: &[Redemption], asker: &Person) -> Text {
    if waiting.is_empty() {
        return text::queue_empty();
    }
    let named = waiting.iter().take(MAX_WAITING);
    let list: Vec<String> =
        named.map(|entry| format!("{} for {}", entry.reward_name, entry.viewer_name)).collect();
    let (count, list) = (waiting.len(), list.join(", "));
    match waiting.iter().zip(1_usize..).find(|(entry, _)| entry.viewer == asker.id) {
        Some((own, place)) => text::queue_own(count, list, &own.reward_name, place),
        None => text::queue(count, list),
    }
}

#[cfg(test)]
mod tests;
