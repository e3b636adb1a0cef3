//! Points that move.

use crate::{Cause, Delta, Points, ViewerId};

/// A movement of points, with its rows in the ledger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LedgerChange {
    /// Points come to a viewer, or go. Holds only if the balance stays between 0 and [`Points::MAX`].
    Move {
        /// The viewer.
        viewer: ViewerId,
        /// How many points, and in which direction.
        delta: Delta,
        /// What the ledger gives as the reason.
        cause: Cause,
    },
    /// A viewer gives points to another. Holds only if the giver has them and stays within the day's limit.
    Give {
        /// The viewer who gives.
        from: ViewerId,
        /// The viewer who gets them.
        to: ViewerId,
        /// How many points.
        points: Points,
        /// The day, counted from 1970 in UTC.
        day: i64,
        /// Whether the giver had given something on this day already, as read.
        same_day: bool,
        /// The most that may have been given on this day before; `None` for no limit.
        given_at_most: Option<Points>,
    },
}
