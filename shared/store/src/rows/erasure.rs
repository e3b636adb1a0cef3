//! Erasure records, and the tombstones that replace balances.

use ownchatbot_domain::{Span, Timestamp, ViewerId};

use crate::Erasure;
use crate::expression::Expression;
use crate::item::{Damaged, Item, n};
use crate::keys;

/// The most by which the clocks of two processes are assumed to differ. A viewer's redemptions are searched
/// from this long before the viewer was first seen until this long after the erasure began.
pub(crate) const MAX_CLOCK_SKEW: Span = Span::days(1);

const KIND: &str = "forgetting";

/// The item that replaces the viewer's balance. It has none of the attributes that changes of a balance are
/// conditional on, so that all of them fail.
pub(crate) fn tombstone(viewer: &ViewerId, since: Timestamp) -> Item {
    Item::new(&keys::balance(viewer), KIND).time("since", since)
}

/// Whether the item with a balance's key is a balance, and not a tombstone.
pub(crate) fn is_balance(item: &Item) -> bool {
    item.get("kind") != Some(KIND)
}

/// The record of an erasure that begins. The cursor starts before the viewer was first seen.
pub(crate) fn row(viewer: &ViewerId, first_seen: Timestamp, since: Timestamp) -> Item {
    Item::new(&keys::erasure(viewer), KIND)
        .time("since", since)
        .text("place", first_seen.saturating_sub(MAX_CLOCK_SKEW).sortable())
}

pub(crate) fn read(item: &Item) -> Result<Erasure, Damaged> {
    Ok(Erasure {
        viewer: item.sk().parse().map_err(|_| item.damaged("sk"))?,
        since: item.need_time("since")?,
        place: item.get("place").map(str::to_owned),
        gone_at: item.get_time("gone_at")?,
    })
}

/// An update of the record that succeeds only while the erasure that began at `since` is in progress.
pub(crate) fn in_progress(since: Timestamp) -> Expression {
    let since = n(since.ms());
    Expression::new().set("since", since.clone()).when("since", "=", since).when_missing("gone_at")
}
