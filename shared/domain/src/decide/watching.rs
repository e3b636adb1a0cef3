//! What watching has brought: how long the stream is live, how long somebody has watched, streams in a row, the board.

use super::Scene;
use crate::board::{Order, Standing, top};
use crate::placeholders::spoken;
use crate::text::{self, Text};
use crate::{Change, Decision, Span, StreamId};

/// As many of the board are named.
const MOST_SHOWN: usize = 5;

pub(super) fn uptime(scene: &Scene<'_>) -> Text {
    match (scene.stream.live, scene.stream.began) {
        (false, _) => text::uptime_offline(),
        (true, None) => text::uptime_live(),
        (true, Some(began)) => text::uptime(spoken(scene.now.since(began))),
    }
}

pub(super) fn watchtime(scene: &Scene<'_>) -> Text {
    match scene.account.watched_seconds {
        ..=0 => text::watchtime_none(scene.name()),
        seconds => text::watchtime(scene.name(), time(seconds)),
    }
}

fn time(seconds: i64) -> String {
    spoken(Span::from_ms(seconds.saturating_mul(1000)))
}

pub(super) fn streak(scene: &Scene<'_>) -> Text {
    let (name, settings, streak) = (scene.name(), &scene.config.settings.streaks, &scene.account.streak);
    if !settings.on {
        return text::streak_off(name);
    }
    let current: Option<&StreamId> = scene.stream.newest.as_ref().filter(|_| scene.stream.live);
    let (best, watch) = (streak.best, spoken(settings.watch));
    let length = match streak.standing(&scene.stream.counted, current, settings.grace) {
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

pub(super) fn board(scene: &Scene<'_>, order: Order, standings: &[Standing]) -> Text {
    let line = |(standing, place): (&Standing, usize)| match order {
        Order::Points => format!("{place}. {} {}", standing.name, standing.balance),
        Order::Watched => format!("{place}. {} {}", standing.name, time(standing.watched_seconds)),
    };
    let list: Vec<String> = top(standings, order, MOST_SHOWN).into_iter().zip(1..).map(line).collect();
    if list.is_empty() {
        return text::top_empty();
    }
    let (list, prefix) = (list.join(", "), scene.prefix());
    match (order, scene.account.hidden) {
        (Order::Points, false) => text::top_points(list),
        (Order::Points, true) => text::top_points_without_you(list, prefix),
        (Order::Watched, false) => text::top_watched(list),
        (Order::Watched, true) => text::top_watched_without_you(list, prefix),
    }
}

/// The asker leaves the boards, or comes back.
pub(super) fn on_boards(scene: &Scene<'_>, shown: bool) -> Decision {
    let answer = match shown {
        true => text::boards_on(scene.name(), scene.prefix()),
        false => text::boards_off(scene.name(), scene.prefix()),
    };
    let mut decision = scene.answer(&answer);
    if scene.account.hidden == shown {
        decision.changes.push(Change::HideFromBoards { viewer: scene.asker.id.clone(), hidden: !shown });
    }
    decision
}

#[cfg(test)]
mod tests;
