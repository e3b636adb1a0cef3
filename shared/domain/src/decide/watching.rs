//! Commands about watching: the uptime of the stream, the time watched, the watch streak and the leaderboard.

use super::CommandContext;
use crate::board::{BoardEntry, Order, top};
use crate::message::{self, Arg, Message};
use crate::{Change, Decision, Span, StreamId, ViewerChange};

/// The most viewers of the leaderboard that are listed.
const MAX_SHOWN: usize = 5;

pub(super) fn uptime(context: &CommandContext<'_>) -> Message {
    match (context.stream.live, context.stream.began) {
        (false, _) => message::uptime_offline(),
        (true, None) => message::uptime_live(),
        (true, Some(began)) => message::uptime(Arg::About(context.now.since(began))),
    }
}

pub(super) fn watchtime(context: &CommandContext<'_>) -> Message {
    match context.account.watched_seconds {
        ..=0 => message::watchtime_none(context.name()),
        seconds => message::watchtime(context.name(), time(seconds)),
    }
}

fn time(seconds: i64) -> Arg {
    Arg::About(Span::from_ms(seconds.saturating_mul(1000)))
}

pub(super) fn streak(context: &CommandContext<'_>) -> Message {
    let (name, settings, streak) =
        (context.name(), &context.config.settings.streaks, &context.account.streak);
    if !settings.on {
        return message::streak_off(name);
    }
    let current: Option<&StreamId> = context.stream.newest.as_ref().filter(|_| context.stream.live);
    let (best, watch) = (streak.best, Arg::About(settings.watch));
    let length = match streak.standing(&context.stream.counted, current, settings.grace) {
        0 if best == 0 => return message::streak_none(name, watch),
        0 => return message::streak_over(name, best, watch),
        length => length,
    };
    let next = length.saturating_add(1);
    let brings = Some(settings.reward(next)).filter(|points| !points.is_zero());
    let later = settings.next(next);
    match (brings, later) {
        (None, None) => message::own_streak(name, length, best),
        (Some(points), None) => message::own_streak_next(name, length, best, points),
        (None, Some(row)) => message::own_streak_from(name, length, best, row.length, row.points),
        (Some(points), Some(row)) => {
            message::own_streak_next_and_from(name, length, best, points, row.length, row.points)
        }
    }
}

pub(super) fn board(context: &CommandContext<'_>, order: Order, entries: &[BoardEntry]) -> Message {
    let line = |(entry, place): (&BoardEntry, usize)| match order {
        Order::Points => message::place_by_points(place, &entry.name, entry.balance),
        Order::Watched => message::place_by_time(place, &entry.name, time(entry.watched_seconds)),
    };
    let list: Vec<Message> = top(entries, order, MAX_SHOWN).into_iter().zip(1..).map(line).collect();
    if list.is_empty() {
        return message::top_empty();
    }
    let prefix = context.prefix();
    match (order, context.account.hidden) {
        (Order::Points, false) => message::top_points(list),
        (Order::Points, true) => message::top_points_without_you(list, prefix),
        (Order::Watched, false) => message::top_watched(list),
        (Order::Watched, true) => message::top_watched_without_you(list, prefix),
    }
}

/// Hides the asker from the leaderboards, or shows them again.
pub(super) fn on_boards(context: &CommandContext<'_>, shown: bool) -> Decision {
    let answer = match shown {
        true => message::boards_on(context.name(), context.prefix()),
        false => message::boards_off(context.name(), context.prefix()),
    };
    let mut decision = context.answer(answer);
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
