//! The table, as far as commands and events need it.

use std::collections::HashMap;
use std::error::Error;
use std::fmt;
use std::future::Future;
use std::str::FromStr;

use ownchatbot_domain::command::ViewerRef;
use ownchatbot_domain::config::Section;
use ownchatbot_domain::decide::ViewerMatch;
use ownchatbot_domain::{
    Account, Config, Decision, Effect, EventId, LedgerRow, Profile, Redemption, RedemptionKey, Reply, Reward,
    RewardId, StreamState, Timestamp, Usage, ViewerId,
};

/// Why the table did not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Others were in the way, it was throttled, or it did not answer in time: worth another try. Whether anything
    /// was written is not known, which is what receipts are for.
    #[error("the table is busy while {doing}")]
    Busy {
        /// What was being done.
        doing: &'static str,
        /// What the table said.
        source: Box<dyn Error + Send + Sync>,
    },
    /// An item does not hold what its kind should. Another try would find it the same.
    #[error("an item is damaged, found while {doing}")]
    Damaged {
        /// What was being done.
        doing: &'static str,
        /// Which item, and what is wrong with it.
        source: Box<dyn Error + Send + Sync>,
    },
    /// Another try would fail as well.
    #[error("the table failed while {doing}")]
    Broken {
        /// What was being done.
        doing: &'static str,
        /// What the table said.
        source: Box<dyn Error + Send + Sync>,
    },
}

/// What became of a decision.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Commit {
    /// It is written, all of it.
    Applied,
    /// The event had been written before; nothing changed.
    Duplicate,
    /// The world has moved on since it was read; nothing changed, decide again.
    Stale,
}

/// Everything a command may need to know about its viewer and reward.
#[derive(Debug, Clone, Default)]
pub struct Loaded {
    /// Who they are; `None` when never met.
    pub profile: Option<Profile>,
    /// What they have.
    pub account: Account,
    /// The broadcast.
    pub stream: StreamState,
    /// How much everybody has used the reward.
    pub everybody: Usage,
    /// How much they have.
    pub own: Usage,
}

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

/// Viewers, points, rewards in use, queue and stream.
pub trait Ledger: Send + Sync {
    /// Reads, in one request and as last written, what a command of `viewer` needs, with `reward` if it has one.
    ///
    /// # Errors
    /// [`StoreError`] when it cannot be read.
    fn load(
        &self,
        viewer: &ViewerId,
        reward: Option<&RewardId>,
    ) -> impl Future<Output = Result<Loaded, StoreError>> + Send;

    /// The viewers that `viewer` may mean, and what they have; at most 10.
    ///
    /// # Errors
    /// [`StoreError`] when they cannot be read.
    fn matching_viewers(
        &self,
        viewer: &ViewerRef,
    ) -> impl Future<Output = Result<Vec<ViewerMatch>, StoreError>> + Send;

    /// What waits in the queue, the oldest first, at most `limit`.
    ///
    /// # Errors
    /// [`StoreError`] when it cannot be read.
    fn waiting(&self, limit: usize) -> impl Future<Output = Result<Vec<Redemption>, StoreError>> + Send;

    /// What `viewer` has in the queue, the oldest first. The whole queue is looked through.
    ///
    /// # Errors
    /// [`StoreError`] when it cannot be read.
    fn waiting_of(
        &self,
        viewer: &ViewerId,
    ) -> impl Future<Output = Result<Vec<Redemption>, StoreError>> + Send;

    /// Those of `keys` that are over, in no order, in one request for each hundred.
    ///
    /// # Errors
    /// [`StoreError`] when they cannot be read.
    fn finished_of(
        &self,
        keys: &[RedemptionKey],
    ) -> impl Future<Output = Result<Vec<Redemption>, StoreError>> + Send;

    /// One redemption, wherever it stands.
    ///
    /// # Errors
    /// [`StoreError`] when it cannot be read.
    fn redemption(
        &self,
        key: &RedemptionKey,
    ) -> impl Future<Output = Result<Option<Redemption>, StoreError>> + Send;

    /// A viewer's newest ledger rows, or the newest before `before`, at most `limit`, in one request.
    ///
    /// # Errors
    /// [`StoreError`] when they cannot be read.
    fn statement(
        &self,
        viewer: &ViewerId,
        before: Option<&LedgerCursor>,
        limit: usize,
    ) -> impl Future<Output = Result<Statement, StoreError>> + Send;

    /// What `viewers` are called, in one request for each hundred. Whoever is not known is missing.
    ///
    /// # Errors
    /// [`StoreError`] when they cannot be read.
    fn names(
        &self,
        viewers: &[ViewerId],
    ) -> impl Future<Output = Result<HashMap<ViewerId, String>, StoreError>> + Send;

    /// How much `viewer` has used `rewards`, in one request for each hundred. What they never used is missing.
    ///
    /// # Errors
    /// [`StoreError`] when it cannot be read.
    fn own_uses(
        &self,
        viewer: &ViewerId,
        rewards: &[RewardId],
    ) -> impl Future<Output = Result<HashMap<RewardId, Usage>, StoreError>> + Send;

    /// What was paid for in this month and is over, the newest first, at most `limit`; with the month before where this one
    /// has fewer. The last second may be missing.
    ///
    /// # Errors
    /// [`StoreError`] when it cannot be read.
    fn finished(
        &self,
        now: Timestamp,
        limit: usize,
    ) -> impl Future<Output = Result<Vec<Redemption>, StoreError>> + Send;

    /// The broadcast.
    ///
    /// # Errors
    /// [`StoreError`] when it cannot be read.
    fn stream(&self) -> impl Future<Output = Result<StreamState, StoreError>> + Send;

    /// What whoever asked by `event` on a page was told; nothing when the event was never handled, or was no click.
    ///
    /// # Errors
    /// [`StoreError`] when it cannot be read.
    fn reply(&self, event: &EventId) -> impl Future<Output = Result<Option<Reply>, StoreError>> + Send;

    /// Writes a decision, its effects and the receipt of `event`, all or nothing. Without an event nothing guards
    /// against repeats but the conditions of the changes themselves.
    ///
    /// # Errors
    /// [`StoreError`] when it is not known to be written.
    fn commit(
        &self,
        event: Option<&EventId>,
        at: Timestamp,
        decision: &Decision,
    ) -> impl Future<Output = Result<Commit, StoreError>> + Send;
}

/// What the streamer has set up.
pub trait Configuration: Send + Sync {
    /// Settings, categories and rewards, in one query.
    ///
    /// # Errors
    /// [`StoreError`] when they cannot be read.
    fn config(&self) -> impl Future<Output = Result<Config, StoreError>> + Send;

    /// Saves a section of the settings with the effects and the receipt of `event`. `seen` is the version that was read, 0
    /// for none; [`Commit::Stale`] when it is another by now.
    ///
    /// # Errors
    /// [`StoreError`] when it is not known to be saved.
    fn commit_section(
        &self,
        event: &EventId,
        at: Timestamp,
        section: &Section,
        seen: u64,
        effects: &[Effect],
    ) -> impl Future<Output = Result<Commit, StoreError>> + Send;

    /// Saves a reward with the effects and the receipt of `event`. `before` is what was read, with its version; nothing for
    /// a new one. [`Commit::Stale`] when it is another by now, or its command belongs to another reward.
    ///
    /// # Errors
    /// [`StoreError`] when it is not known to be saved.
    fn commit_reward(
        &self,
        event: &EventId,
        at: Timestamp,
        reward: &Reward,
        before: Option<(&Reward, u64)>,
        effects: &[Effect],
    ) -> impl Future<Output = Result<Commit, StoreError>> + Send;
}

#[cfg(test)]
mod tests {
    use super::*;
    use ownchatbot_domain::Source;

    #[test]
    fn a_place_in_a_ledger_reads_back() {
        let event = EventId::new(Source::PaymentStep, "a-b:c/ü").unwrap();
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
