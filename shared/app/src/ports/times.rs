//! The table, as far as what happens by the clock needs it.

use std::collections::{HashMap, HashSet};
use std::future::Future;

use ownchatbot_domain::board::BoardEntry;
use ownchatbot_domain::timer::Timers;
use ownchatbot_domain::{Contribution, EventId, RewardId, StreamRecord, Timestamp, Usage};

use super::StoreError;
use crate::live::Seen;

/// How far the announcements are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Announced {
    /// How many have been said.
    pub said: u64,
    /// When the last one was.
    pub at: Option<Timestamp>,
}

/// How far the watchdog has looked, and how Owncast answers.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Watch {
    /// Messages up to this moment have been looked at; nothing before the first look.
    pub watermark: Option<Timestamp>,
    /// Since when Owncast does not answer; nothing while it does.
    pub away_since: Option<Timestamp>,
    /// How often it has not answered in a row.
    pub failures: u32,
    /// When it is asked again.
    pub next_try: Option<Timestamp>,
    /// Why it does not answer, fit to be shown.
    pub reason: Option<String>,
}

/// What happens by the clock, and what is kept for it.
pub trait Times: Send + Sync {
    /// The timers that run.
    ///
    /// # Errors
    /// [`StoreError`] when they cannot be read.
    fn timers(&self) -> impl Future<Output = Result<Timers, StoreError>> + Send;

    /// Those on the leaderboard as they stand now, in no order: whoever has spent or hidden themselves since the last
    /// tick shows it at once.
    ///
    /// # Errors
    /// [`StoreError`] when it cannot be read.
    fn board(&self) -> impl Future<Output = Result<Vec<BoardEntry>, StoreError>> + Send;

    /// Keeps who is on the leaderboard after the tick at `slot`, unless a later one has.
    ///
    /// # Errors
    /// [`StoreError`] when it is not known to be kept.
    fn save_board(
        &self,
        slot: Timestamp,
        entries: &[BoardEntry],
    ) -> impl Future<Output = Result<(), StoreError>> + Send;

    /// Everybody's use of `rewards`, in one request for each hundred. What was never used is missing.
    ///
    /// # Errors
    /// [`StoreError`] when they cannot be read.
    fn usages(
        &self,
        rewards: &[RewardId],
    ) -> impl Future<Output = Result<HashMap<RewardId, Usage>, StoreError>> + Send;

    /// Viewers who have given to a goal, at most `limit`; those who got everything back are left out, and all who were
    /// forgotten come as one.
    ///
    /// # Errors
    /// [`StoreError`] when they cannot be read.
    fn contributions(
        &self,
        reward: &RewardId,
        limit: usize,
    ) -> impl Future<Output = Result<Vec<Contribution>, StoreError>> + Send;

    /// The newest streams, the newest first, at most `limit`.
    ///
    /// # Errors
    /// [`StoreError`] when they cannot be read.
    fn streams(&self, limit: usize) -> impl Future<Output = Result<Vec<StreamRecord>, StoreError>> + Send;

    /// Those of `events` (at most 100) that have been handled.
    ///
    /// # Errors
    /// [`StoreError`] when it cannot be read.
    fn handled(
        &self,
        events: &[EventId],
    ) -> impl Future<Output = Result<HashSet<EventId>, StoreError>> + Send;

    /// When `event` was handled, if it was.
    ///
    /// # Errors
    /// [`StoreError`] when it cannot be read.
    fn handled_at(
        &self,
        event: &EventId,
    ) -> impl Future<Output = Result<Option<Timestamp>, StoreError>> + Send;

    /// What everybody may see: the use of `rewards`, at most `waiting` of the queue, and the alerts since `since`.
    ///
    /// # Errors
    /// [`StoreError`] when it cannot be read.
    fn seen(
        &self,
        rewards: &[RewardId],
        waiting: usize,
        since: Timestamp,
    ) -> impl Future<Output = Result<Seen, StoreError>> + Send;

    /// How far the announcements are.
    ///
    /// # Errors
    /// [`StoreError`] when it cannot be read.
    fn announced(&self) -> impl Future<Output = Result<Announced, StoreError>> + Send;

    /// How far the watchdog has looked.
    ///
    /// # Errors
    /// [`StoreError`] when it cannot be read.
    fn watch(&self) -> impl Future<Output = Result<Watch, StoreError>> + Send;

    /// Keeps how far the watchdog has looked.
    ///
    /// # Errors
    /// [`StoreError`] when it is not known to be kept.
    fn save_watch(&self, watch: &Watch) -> impl Future<Output = Result<(), StoreError>> + Send;
}
