//! The leaderboard of the last tick, one small item.

use std::collections::{HashMap, HashSet};

use aws_sdk_dynamodb::types::AttributeValue;
use ownchatbot_domain::board::BoardEntry;
use ownchatbot_domain::{Points, Timestamp, ViewerId};

use crate::expression::Expression;
use crate::item::{Damaged, Item, n, s};
use crate::keys;

/// The set of the viewers who have hidden themselves from the leaderboards since the last tick.
pub(crate) const LEFT: &str = "left";
/// The list of the entries.
const VIEWERS: &str = "viewers";

pub(crate) fn row(slot: Timestamp, entries: &[BoardEntry]) -> Item {
    let entry = |entry: &BoardEntry| {
        AttributeValue::M(HashMap::from([
            ("viewer".to_owned(), s(&entry.viewer)),
            ("name".to_owned(), s(&entry.name)),
            ("balance".to_owned(), n(entry.balance)),
            ("watched".to_owned(), n(entry.watched_seconds)),
        ]))
    };
    Item::new(&keys::board(), "board").time("slot", slot).list(VIEWERS, entries.iter().map(entry))
}

/// The index of a viewer's entry in the list.
pub(crate) fn place(item: &Item, viewer: &ViewerId) -> Option<usize> {
    let is = |entry: &AttributeValue| {
        let id = entry.as_m().ok().and_then(|entry| entry.get("viewer")?.as_s().ok());
        id.is_some_and(|id| id == viewer.as_str())
    };
    item.get_list(VIEWERS).iter().position(is)
}

/// Removes the entry at `place`, on condition that it is that of `viewer`.
pub(crate) fn without(place: usize, viewer: &ViewerId) -> Expression {
    Expression::new().remove_entry(VIEWERS, place, "viewer", s(viewer))
}

/// Whether a viewer has hidden themselves since the last tick.
pub(crate) fn has_left(item: &Item, viewer: &ViewerId) -> bool {
    matches!(item.0.get(LEFT), Some(AttributeValue::Ss(ids)) if ids.iter().any(|id| id == viewer.as_str()))
}

/// The entries as of the last tick; those who have hidden themselves since are marked as hidden.
pub(crate) fn read(item: &Item) -> Result<Vec<BoardEntry>, Damaged> {
    let left: HashSet<&str> = match item.0.get(LEFT) {
        Some(AttributeValue::Ss(ids)) => ids.iter().map(String::as_str).collect(),
        _ => HashSet::new(),
    };
    let entry = |value: &AttributeValue| {
        let map = value.as_m().ok()?;
        let number = |name| map.get(name)?.as_n().ok()?.parse::<i64>().ok();
        let viewer: ViewerId = map.get("viewer")?.as_s().ok()?.parse().ok()?;
        Some(BoardEntry {
            name: map.get("name")?.as_s().ok()?.clone(),
            balance: Points::new(number("balance")?)?,
            watched_seconds: number("watched")?,
            hidden: left.contains(viewer.as_str()),
            viewer,
        })
    };
    let entries: Option<Vec<BoardEntry>> = item.get_list(VIEWERS).iter().map(entry).collect();
    entries.ok_or_else(|| item.damaged(VIEWERS))
}
