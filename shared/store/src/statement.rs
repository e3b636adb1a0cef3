//! A viewer's ledger, and their statement: the ledger in pages.

use std::fmt;
use std::str::FromStr;

use ownchatbot_domain::{EventId, LedgerRow, Timestamp, ViewerId};

use crate::error::damaged;
use crate::query::collect;
use crate::{Store, StoreError, keys, rows};

/// One page of a viewer's ledger.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Statement {
    /// The rows, the newest first, without the open row of watching (see [`ownchatbot_domain::OpenRow`]).
    pub rows: Vec<LedgerRow>,
    /// The pagination cursor of the next page; `None` when there are no older rows.
    pub next: Option<LedgerCursor>,
}

/// A pagination cursor in a ledger: the next page begins after it. Its text may be used in a URL
/// (percent-encoded like any other). It does not name the ledger's viewer, and need not be the place of an
/// existing row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LedgerCursor {
    at: Timestamp,
    event: EventId,
}

/// A text that is no ledger cursor.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("this is not a ledger cursor")]
pub struct BadCursor;

/// The number of digits of a time, as [`Timestamp::sortable`] writes it.
const TIME_DIGITS: usize = 13;

impl LedgerCursor {
    /// The cursor of the page after `row`.
    #[must_use]
    pub fn of(row: &LedgerRow) -> Self {
        Self { at: row.at, event: row.event.clone() }
    }

    /// The time of the row at the cursor.
    #[must_use]
    pub const fn at(&self) -> Timestamp {
        self.at
    }

    /// The event of the row at the cursor.
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
    /// A viewer's whole ledger, the oldest row first, without the open row of watching.
    ///
    /// # Errors
    /// [`StoreError`] when the ledger cannot be read.
    pub async fn ledger(&self, viewer: &ViewerId) -> Result<Vec<LedgerRow>, StoreError> {
        let doing = "reading a ledger";
        let rows = self.query(&keys::viewer(viewer), keys::LEDGER, usize::MAX, doing).await?;
        rows.iter().map(|item| rows::ledger::read(item).map_err(damaged(doing))).collect()
    }

    /// A page of at most `limit` rows of a viewer's ledger, the newest or those before the cursor `before`,
    /// in one request.
    ///
    /// # Errors
    /// [`StoreError`] when the page cannot be read.
    pub async fn statement(
        &self,
        viewer: &ViewerId,
        before: Option<&LedgerCursor>,
        limit: usize,
    ) -> Result<Statement, StoreError> {
        let doing = "reading a statement";
        let start = before.map(|cursor| keys::ledger(viewer, cursor.at(), cursor.event()).attributes());
        let request = self.under(&keys::viewer(viewer), keys::LEDGER);
        let request = request.scan_index_forward(false).set_exclusive_start_key(start);
        // One row more than asked for shows whether there is another page.
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
    fn ledger_cursor_parses_back() {
        let event = EventId::new(Source::Payment, "a-b:c/ü").unwrap();
        let cursor = LedgerCursor { at: Timestamp::from_ms(1_790_000_000_000), event };
        assert_eq!(cursor.to_string(), "1790000000000-payment:a-b:c/ü");
        assert_eq!(cursor.to_string().parse(), Ok(cursor));
    }

    #[test]
    fn malformed_cursor_is_rejected() {
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
