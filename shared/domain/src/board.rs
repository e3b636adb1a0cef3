//! The leaderboards: the viewers with the most points, and those who have watched the longest.

use std::collections::BTreeMap;

use crate::{Account, Points, ViewerId};

/// The number of viewers that are kept for each order. It is more than are shown, so that others can move up
/// when somebody spends their points.
pub const KEPT: usize = 50;

/// A viewer on the leaderboard.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BoardEntry {
    /// The viewer.
    pub viewer: ViewerId,
    /// Their name.
    pub name: String,
    /// Their points.
    pub balance: Points,
    /// The whole time they have watched, in seconds.
    pub watched_seconds: i64,
    /// Whether they have chosen not to be shown.
    pub hidden: bool,
}

impl BoardEntry {
    /// The entry of a viewer with this `account`.
    #[must_use]
    pub fn of(viewer: ViewerId, name: String, account: &Account) -> Self {
        let Account { balance, watched_seconds, hidden, .. } = *account;
        Self { viewer, name, balance, watched_seconds, hidden }
    }
}

/// What the board is ordered by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// By points.
    Points,
    /// By time watched.
    Watched,
}

/// The first `limit` entries in `order`, without those that are hidden or have nothing.
#[must_use]
pub fn top(entries: &[BoardEntry], order: Order, limit: usize) -> Vec<&BoardEntry> {
    let value = |entry: &BoardEntry| match order {
        Order::Points => entry.balance.get(),
        Order::Watched => entry.watched_seconds,
    };
    let mut shown: Vec<&BoardEntry> =
        entries.iter().filter(|entry| !entry.hidden && value(entry) > 0).collect();
    shown.sort_by(|a, b| value(b).cmp(&value(a)).then_with(|| a.viewer.cmp(&b.viewer)));
    shown.truncate(limit);
    shown
}

/// The leaderboard after a tick: the first [`KEPT`] of each order among `entries`. Of two entries for one
/// viewer the later one counts.
#[must_use]
pub fn refreshed(entries: impl IntoIterator<Item = BoardEntry>) -> Vec<BoardEntry> {
    let all: BTreeMap<ViewerId, BoardEntry> =
        entries.into_iter().map(|entry| (entry.viewer.clone(), entry)).collect();
    let all: Vec<BoardEntry> = all.into_values().collect();
    let first = [Order::Points, Order::Watched].map(|order| top(&all, order, KEPT));
    let mut kept: Vec<BoardEntry> = first.into_iter().flatten().cloned().collect();
    kept.sort_by(|a, b| a.viewer.cmp(&b.viewer));
    kept.dedup_by(|a, b| a.viewer == b.viewer);
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(id: &str, balance: i64, watched_seconds: i64) -> BoardEntry {
        BoardEntry {
            viewer: ViewerId::new(id).unwrap(),
            name: id.to_uppercase(),
            balance: Points::new(balance).unwrap(),
            watched_seconds,
            hidden: false,
        }
    }

    #[test]
    fn top_returns_the_first_of_each_order() {
        let mut all = vec![entry("a", 5, 900), entry("b", 50, 0), entry("c", 5, 60)];
        let names = |all: &[BoardEntry], order| {
            top(all, order, 2).iter().map(|entry| entry.name.clone()).collect::<Vec<_>>()
        };
        assert_eq!(names(&all, Order::Points), ["B", "A"]);
        assert_eq!(names(&all, Order::Watched), ["A", "C"]);
        all[1].hidden = true;
        assert_eq!(names(&all, Order::Points), ["A", "C"]);
    }

    #[test]
    fn refreshed_keeps_the_first_of_both_orders() {
        let many = (0..200).map(|n| entry(&format!("v{n:03}"), n, 200 - n));
        let kept = refreshed(many);
        assert_eq!(kept.len(), 2 * KEPT);
        let again = refreshed(kept.iter().cloned().chain([entry("v199", 0, 0)]));
        assert!(!again.iter().any(|entry| entry.viewer.as_str() == "v199"), "the later entry counts");
    }
}
