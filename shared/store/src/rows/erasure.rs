//! Viewers who are being forgotten.

use crate::Erasure;
use ownchatbot_domain::{Span, Timestamp, ViewerId};

use crate::expression::Expression;
use crate::item::{Damaged, Item, n};
use crate::keys;

/// What they redeemed is looked for from so long before they were met until so long after they left: clocks differ, and
/// partitions begin at midnight.
pub(crate) const CLOCKS_DIFFER: Span = Span::days(1);

const KIND: &str = "forgetting";

/// What stands in the place of a balance from then on. It holds nothing that a change of a balance could be based on, so
/// that none comes through.
pub(crate) fn tombstone(viewer: &ViewerId, since: Timestamp) -> Item {
    Item::new(&keys::balance(viewer), KIND).time("since", since)
}

/// Whether what stands in the place of a balance is one.
pub(crate) fn is_balance(item: &Item) -> bool {
    item.get("kind") != Some(KIND)
}

/// The note of a forgetting that begins.
pub(crate) fn row(viewer: &ViewerId, first_seen: Timestamp, since: Timestamp) -> Item {
    Item::new(&keys::erasure(viewer), KIND)
        .time("since", since)
        .text("place", first_seen.saturating_sub(CLOCKS_DIFFER).sortable())
}

pub(crate) fn read(item: &Item) -> Result<Erasure, Damaged> {
    Ok(Erasure {
        viewer: item.sk().parse().map_err(|_| item.damaged("sk"))?,
        since: item.need_time("since")?,
        place: item.get("place").map(str::to_owned),
        gone_at: item.get_time("gone_at")?,
    })
}

/// A change of the note that holds only while the forgetting that began at `since` goes on.
pub(crate) fn still(since: Timestamp) -> Expression {
    let since = n(since.ms());
    Expression::new().set("since", since.clone()).when("since", "=", since).when_missing("gone_at")
}
