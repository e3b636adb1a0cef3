//! A viewer's statement: the rows of their ledger in pages.

use std::fmt;
use std::str::FromStr;

use ownchatbot_domain::{EventId, LedgerRow, Timestamp, ViewerId};

use crate::error::damaged;
use crate::query::collect;
use crate::{Store, StoreError, keys, rows};

/// A part of a viewer's ledger.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Statement {
    /// The rows, the newest first, without the open row of watching.
    pub rows: Vec<LedgerRow>,
    /// Where the older rows begin; nothing when there are none.
    pub next: Option<LedgerCursor>,
}

/// A place in a viewer's ledger. Its text can stand in an address, once encoded as any other. It says nothing of whose
/// ledger it is, and a place where no row lies is one as well.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LedgerCursor {
    at: Timestamp,
    event: EventId,
}

/// A text that is no place in a ledger.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("this is no place in a ledger")]
pub struct BadCursor;

/// The digits of a time, as [`Timestamp::sortable`] writes it.
const TIME_DIGITS: usize = 13;

impl LedgerCursor {
    /// The place of `row`.
    #[must_use]
    pub fn of(row: &LedgerRow) -> Self {
        Self { at: row.at, event: row.event.clone() }
    }

    /// When the row there was written.
    #[must_use]
    pub const fn at(&self) -> Timestamp {
        self.at
    }

    /// The event of the row there.
    #[must_use]
    pub const fn event(&self) -> &EventId {
        &self.event
    }
}

impl fmt::Display for LedgerCursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.at.sortable(), self.event)
    }
}

impl FromStr for LedgerCursor {
    type Err = BadCursor;

    fn from_str(text: &str) -> Result<Self, BadCursor> {
        let (at, event) = text.split_once('-').ok_or(BadCursor)?;
        if at.len() != TIME_DIGITS || !at.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(BadCursor);
        }
        let at = at.parse().map_err(|_| BadCursor)?;
        let event = EventId::parse(event).map_err(|_| BadCursor)?;
        Ok(Self { at: Timestamp::from_ms(at), event })
    }
}

impl Store {
    /// A viewer's ledger, the oldest row first, without the open row of watching.
    ///
    /// # Errors
    /// [`StoreError`] when it cannot be read.
    pub async fn ledger(&self, viewer: &ViewerId) -> Result<Vec<LedgerRow>, StoreError> {
        let doing = "reading a ledger";
        let rows = self.query(&keys::viewer(viewer), keys::LEDGER, usize::MAX, doing).await?;
        rows.iter().map(|item| rows::ledger::read(item).map_err(damaged(doing))).collect()
    }

    /// A viewer's newest ledger rows, or the newest before `before`, at most `limit`, in one request.
    ///
    /// # Errors
    /// [`StoreError`] when they cannot be read.
    pub async fn statement(
        &self,
        viewer: &ViewerId,
        before: Option<&LedgerCursor>,
        limit: usize,
    ) -> Result<Statement, StoreError> {
        let doing = "reading a statement";
        let start = before.map(|place| keys::ledger(viewer, place.at(), place.event()).attributes());
        let request = self.under(&keys::viewer(viewer), keys::LEDGER);
        let request = request.scan_index_forward(false).set_exclusive_start_key(start);
        // One more than asked for tells whether there are older ones.
        let items = collect(request, limit.saturating_add(1), doing).await?;
        let rows = items.iter().take(limit).map(|item| rows::ledger::read(item).map_err(damaged(doing)));
        let rows = rows.collect::<Result<Vec<LedgerRow>, _>>()?;
        let next = if items.len() > limit { rows.last().map(LedgerCursor::of) } else { None };
        Ok(Statement { rows, next })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ownchatbot_domain::Source;

    #[test]
    fn a_place_in_a_ledger_reads_back() {
        let event = EventId::new(Source::Payment, "a-b:c/ü").unwrap();
        let place = LedgerCursor { at: Timestamp::from_ms(1_790_000_000_000), event };
        assert_eq!(place.to_string(), "1790000000000-payment:a-b:c/ü");
        assert_eq!(place.to_string().parse(), Ok(place));
    }

    #[test]
    fn nonsense_is_no_place_in_a_ledger() {
        for text in [
            "",
            "-",
            "1790000000000",
            "1790000000000-",
            "1790000000000-owncast:",
            "1790000000000-nobody:a",
            "1790000000000-owncast:a#b",
            "179000000000-owncast:a",
            "17900000000000-owncast:a",
            "+179000000000-owncast:a",
            "-179000000000-owncast:a",
            "١٧٩٠٠٠٠٠٠٠٠٠٠-owncast:a",
            "LEDGER#1790000000000#owncast:a",
        ] {
            assert_eq!(text.parse::<LedgerCursor>(), Err(BadCursor), "{text}");
        }
        let long = format!("1790000000000-owncast:{}", "x".repeat(10_000));
        assert_eq!(long.parse::<LedgerCursor>(), Err(BadCursor));
    }
}
