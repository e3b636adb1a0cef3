//! The leaderboard: who has most, and who has watched longest.

use std::collections::BTreeMap;

use crate::{Account, Points, ViewerId};

/// As many viewers are kept for each order, more than are shown, so that somebody follows whoever spends.
pub const KEPT: usize = 50;

/// A viewer on the board.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BoardEntry {
    /// Who.
    pub viewer: ViewerId,
    /// Their name.
    pub name: String,
    /// What they have.
    pub balance: Points,
    /// Whole time watched, in seconds.
    pub watched_seconds: i64,
    /// Whether they do not want to be shown.
    pub hidden: bool,
}

impl BoardEntry {
    /// Where `account` stands.
    #[must_use]
    pub fn of(viewer: ViewerId, name: String, account: &Account) -> Self {
        let Account { balance, watched_seconds, hidden, .. } = *account;
        Self { viewer, name, balance, watched_seconds, hidden }
    }
}

/// What the board is ordered by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// Points.
    Points,
    /// Time watched.
    Watched,
}

/// The `limit` that are first in `order`, without those who do not want to be shown or have nothing.
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

/// The board after a tick: those who were on it and those who were there, as they stand now, cut to [`KEPT`] of each
/// order.
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
    fn the_first_of_each_order_are_shown() {
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
    fn a_board_keeps_the_first_of_both_orders() {
        let many = (0..200).map(|n| entry(&format!("v{n:03}"), n, 200 - n));
        let kept = refreshed(many);
        assert_eq!(kept.len(), 2 * KEPT);
        let again = refreshed(kept.iter().cloned().chain([entry("v199", 0, 0)]));
        assert!(!again.iter().any(|entry| entry.viewer.as_str() == "v199"), "as they stand now");
    }
}
