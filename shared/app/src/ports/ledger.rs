//! The table, as far as commands and events need it.

use std::error::Error;
use std::future::Future;

use ownchatbot_domain::command::ViewerRef;
use ownchatbot_domain::config::Section;
use ownchatbot_domain::decide::Candidate;
use ownchatbot_domain::{
    Account, Config, Decision, Effect, EventId, Profile, Redemption, RedemptionKey, Reply, Reward, RewardId,
    StreamState, Timestamp, Usage, ViewerId,
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
    fn candidates(
        &self,
        viewer: &ViewerRef,
    ) -> impl Future<Output = Result<Vec<Candidate>, StoreError>> + Send;

    /// What waits in the queue, the oldest first, at most `most`.
    ///
    /// # Errors
    /// [`StoreError`] when it cannot be read.
    fn waiting(&self, most: usize) -> impl Future<Output = Result<Vec<Redemption>, StoreError>> + Send;

    /// One redemption, wherever it stands.
    ///
    /// # Errors
    /// [`StoreError`] when it cannot be read.
    fn redemption(
        &self,
        key: &RedemptionKey,
    ) -> impl Future<Output = Result<Option<Redemption>, StoreError>> + Send;

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
