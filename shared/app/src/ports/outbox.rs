//! What is to be done outside, committed with its cause and carried out afterwards.

use std::future::Future;

use ownchatbot_domain::{Effect, EventId, Timestamp};

use super::StoreError;

/// Effects of one event that must keep their order. Lanes do not wait for each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Lane {
    /// Lines of chat.
    Chat,
    /// Signed webhooks.
    Hook,
    /// Jobs that the streamer's own machine fetches.
    Job,
    /// Schedules put and deleted.
    Schedule,
}

impl Lane {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Chat, Self::Hook, Self::Job, Self::Schedule];

    /// Its name, as it is stored.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Chat => "chat",
            Self::Hook => "hook",
            Self::Job => "job",
            Self::Schedule => "schedule",
        }
    }

    /// The lane of this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|lane| lane.name() == name)
    }
}

/// One lane of one event.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct LaneId {
    /// The event.
    pub event: EventId,
    /// The lane.
    pub lane: Lane,
}

/// Where a row stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RowState {
    /// To be delivered.
    Pending,
    /// Delivered.
    Done,
    /// Given up, where the streamer sees it.
    Parked,
    /// Nobody wants it any more.
    Dropped,
}

/// One effect on its way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutboxRow {
    /// Its lane.
    pub lane: LaneId,
    /// Its place in the lane, from 0.
    pub n: u32,
    /// What is to be done; `None` for a row that is only its event's receipt.
    pub effect: Option<Effect>,
    /// Where it stands.
    pub state: RowState,
    /// How often it was taken up.
    pub tries: u32,
    /// When it was committed.
    pub created_at: Timestamp,
    /// After when nobody wants it any more.
    pub expires_at: Option<Timestamp>,
}

/// What taking a row up led to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Lease {
    /// It is ours until the lease ends.
    Ours(Box<OutboxRow>),
    /// Somebody else has it, or it is to wait, until this time.
    Held(Timestamp),
    /// There is nothing to do.
    Settled,
}

/// How a row ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ending {
    /// Delivered.
    Done,
    /// Nobody wants it any more; why it had not been delivered.
    Dropped(String),
    /// Given up; why.
    Parked(String),
}

/// A lane that is to be taken up again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Due {
    /// When.
    pub at: Timestamp,
    /// Which.
    pub lane: LaneId,
}

/// The rows of the outbox.
pub trait Outbox: Send + Sync {
    /// Takes up row `n` of `lane` until `until`, unless somebody else has it or it is to wait.
    ///
    /// # Errors
    /// [`StoreError`] when it is not known to be taken.
    fn lease(
        &self,
        lane: &LaneId,
        n: u32,
        now: Timestamp,
        until: Timestamp,
    ) -> impl Future<Output = Result<Lease, StoreError>> + Send;

    /// Ends a row that we hold.
    ///
    /// # Errors
    /// [`StoreError`] when it is not known to be ended.
    fn finish(
        &self,
        row: &OutboxRow,
        ending: &Ending,
        now: Timestamp,
    ) -> impl Future<Output = Result<(), StoreError>> + Send;

    /// Gives back a row that we hold, to be taken up at `next_at`, and notes that it is due then.
    ///
    /// # Errors
    /// [`StoreError`] when it is not known to be noted.
    fn postpone(
        &self,
        row: &OutboxRow,
        next_at: Timestamp,
        why: &str,
    ) -> impl Future<Output = Result<(), StoreError>> + Send;

    /// Notes that a lane is to be looked at again.
    ///
    /// # Errors
    /// [`StoreError`] when it is not known to be noted.
    fn remind(&self, due: &Due) -> impl Future<Output = Result<(), StoreError>> + Send;

    /// All rows of a lane, in order.
    ///
    /// # Errors
    /// [`StoreError`] when they cannot be read.
    fn lane(&self, lane: &LaneId) -> impl Future<Output = Result<Vec<OutboxRow>, StoreError>> + Send;

    /// The lanes that are due by `now`, the longest due first, at most `limit`.
    ///
    /// # Errors
    /// [`StoreError`] when they cannot be read.
    fn due(&self, now: Timestamp, limit: usize) -> impl Future<Output = Result<Vec<Due>, StoreError>> + Send;

    /// Forgets that a lane was due.
    ///
    /// # Errors
    /// [`StoreError`] when it is not known to be forgotten.
    fn settle(&self, due: &Due) -> impl Future<Output = Result<(), StoreError>> + Send;
}
