//! Commands about watching: the uptime of the stream, the time watched, the watch streak and the leaderboard.

use super::CommandContext;
use crate::board::{BoardEntry, Order, top};
use crate::fill::spoken;
use crate::text::{self, Text};
use crate::{Change, Decision, Span, StreamId, ViewerChange};

/// The most viewers of the leaderboard that are listed.
const MAX_SHOWN: usize = 5;

pub(super) fn uptime(context: &CommandContext<'_>) -> Text {
    match (context.stream.live, context.stream.began) {
        (false, _) => text::uptime_offline(),
        (true, None) => text::uptime_live(),
        (true, Some(began)) => text::uptime(spoken(context.now.since(began))),
    }
}

pub(super) fn watchtime(context: &CommandContext<'_>) -> Text {
    match context.account.watched_seconds {
        ..=0 => text::watchtime_none(context.name()),
        seconds => text::watchtime(context.name(), time(seconds)),
    }
}

fn time(seconds: i64) -> String {
    spoken(Span::from_ms(seconds.saturating_mul(1000)))
}

pub(super) fn streak(context: &CommandContext<'_>) -> Text {
    let (name, settings, streak) =
        (context.name(), &context.config.settings.streaks, &context.account.streak);
    if !settings.on {
        return text::streak_off(name);
    }
    let current: Option<&StreamId> = context.stream.newest.as_ref().filter(|_| context.stream.live);
    let (best, watch) = (streak.best, spoken(settings.watch));
    let length = match streak.standing(&context.stream.counted, current, settings.grace) {
        0 if best == 0 => return text::streak_none(name, watch),
        0 => return text::streak_over(name, best, watch),
        length => length,
    };
    let next = length.saturating_add(1);
    let brings = Some(settings.reward(next)).filter(|points| !points.is_zero());
    let later = settings.next(next);
    match (brings, later) {
        (None, None) => text::own_streak(name, length, best),
        (Some(points), None) => text::own_streak_next(name, length, best, points),
        (None, Some(row)) => text::own_streak_from(name, length, best, row.length, row.points),
        (Some(points), Some(row)) => {
            text::own_streak_next_and_from(name, length, best, points, row.length, row.points)
        }
    }
}

pub(super) fn board(context: &CommandContext<'_>, order: Order, entries: &[BoardEntry]) -> Text {
    let line = |(entry, place): (&BoardEntry, usize)| match order {
        Order::Points => format!("{place}. {} {}", entry.name, entry.balance),
        Order::Watched => format!("{place}. {} {}", entry.name, time(entry.watched_seconds)),
    };
    let list: Vec<String> = top(entries, order, MAX_SHOWN).into_iter().zip(1..).map(line).collect();
    if list.is_empty() {
        return text::top_empty();
    }
    let (list, prefix) = (list.join(", "), context.prefix());
    match (order, context.account.hidden) {
        (Order::Points, false) => text::top_points(list),
        (Order::Points, true) => text::top_points_without_you(list, prefix),
        (Order::Watched, false) => text::top_watched(list),
        (Order::Watched, true) => text::top_watched_without_you(list, prefix),
    }
}

/// Hides the asker from the leaderboards, or shows them again.
pub(super) fn on_boards(context: &CommandContext<'_>, shown: bool) -> Decision {
    let answer = match shown {
        true => text::boards_on(context.name(), context.prefix()),
        false => text::boards_off(context.name(), context.prefix()),
    };
    let mut decision = context.answer(&answer);
    if context.account.hidden == shown {
        decision.changes.push(Change::Viewer(ViewerChange::HideFromBoards {
            viewer: context.asker.id.clone(),
            hidden: !shown,
        }));
    }
    decision
}

#[cfg(test)]
mod tests;
