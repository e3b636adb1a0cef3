//! The public snapshot: all public state at one moment, from which overlays and panels are drawn.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock};

use ownchatbot_domain::board::BoardEntry;
use ownchatbot_domain::reward::RewardStatus;
use ownchatbot_domain::timer::Timers;
use ownchatbot_domain::{Alert, Config, Redemption, RewardId, Span, StreamState, Timestamp, Usage};

use crate::error::damaged;
use crate::item::s;
use crate::keys::{PK, SK};
use crate::query::collect;
use crate::{Store, StoreError, keys, rows};

/// The most waiting redemptions in a snapshot.
pub const MAX_WAITING: usize = 50;
/// The age up to which an alert is still shown.
pub const ALERTS_FOR: Span = Span::minutes(1);
/// The most alerts of a minute that are read.
const MAX_ALERTS: usize = 50;

/// An alert, with an id by which an overlay shows it only once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ActiveAlert {
    /// Unique among all alerts, and the same each time it is read.
    pub id: String,
    /// The moment of the event that raised it.
    pub at: Timestamp,
    /// What it shows.
    pub alert: Alert,
}

/// The usage of a reward that was never used.
static UNUSED: LazyLock<Usage> = LazyLock::new(Usage::default);

/// All public state at one moment.
#[derive(Debug, Clone)]
pub struct PublicSnapshot {
    /// The moment of the snapshot.
    pub at: Timestamp,
    /// Settings, categories and rewards.
    pub config: Arc<Config>,
    /// Whether the stream is live, and which one.
    pub stream: StreamState,
    /// The usage of each live reward by all viewers. A reward that was never used is missing.
    pub usages: HashMap<RewardId, Usage>,
    /// The oldest of the queue, at most [`MAX_WAITING`].
    pub waiting: Vec<Redemption>,
    /// The leaderboard, as of the last tick.
    pub board: Vec<BoardEntry>,
    /// The running timers.
    pub timers: Timers,
    /// The alerts that are not older than [`ALERTS_FOR`], the oldest first.
    pub alerts: Vec<ActiveAlert>,
    /// Since when Owncast has not responded; `None` while it does.
    pub away_since: Option<Timestamp>,
}

impl PublicSnapshot {
    /// A snapshot of a table that holds nothing but `config`.
    #[must_use]
    pub fn empty(at: Timestamp, config: Arc<Config>) -> Self {
        Self {
            at,
            config,
            stream: StreamState::default(),
            usages: HashMap::new(),
            waiting: Vec::new(),
            board: Vec::new(),
            timers: Timers::default(),
            alerts: Vec::new(),
            away_since: None,
        }
    }

    /// How much all viewers have used `reward`.
    #[must_use]
    pub fn usage(&self, reward: &RewardId) -> &Usage {
        self.usages.get(reward).unwrap_or(&UNUSED)
    }

    /// What is known of `reward` at the moment of the snapshot.
    #[must_use]
    pub fn status(&self, reward: &RewardId) -> RewardStatus<'_> {
        RewardStatus {
            categories: &self.config.categories,
            stream: &self.stream,
            everybody: self.usage(reward),
            now: self.at,
        }
    }
}

impl Store {
    /// Reads the public snapshot at `at` in three requests. `config` is the configuration that was read
    /// before.
    ///
    /// # Errors
    /// [`StoreError`] when the snapshot cannot be read.
    pub async fn public_snapshot(
        &self,
        config: Arc<Config>,
        at: Timestamp,
    ) -> Result<PublicSnapshot, StoreError> {
        let snapshot = self.snapshot_without_alerts(config, at).await?;
        let alerts = self.alerts(at.saturating_sub(ALERTS_FOR), "reading alerts").await?;
        Ok(PublicSnapshot { alerts, ..snapshot })
    }

    /// The same without alerts, which only overlays show, in two requests.
    ///
    /// # Errors
    /// [`StoreError`] when it cannot be read.
    pub async fn snapshot_without_alerts(
        &self,
        config: Arc<Config>,
        at: Timestamp,
    ) -> Result<PublicSnapshot, StoreError> {
        let doing = "reading the public snapshot";
        let damaged = damaged(doing);
        let rewards: Vec<RewardId> = config.live_rewards().map(|reward| reward.id.clone()).collect();
        let (stream, timers, board) = (keys::stream_state(), keys::timers(), keys::board());
        let watchdog = keys::watchdog();
        let fixed = [stream.clone(), timers.clone(), board.clone(), watchdog.clone()];
        let found =
            self.get_many(fixed.into_iter().chain(rewards.iter().map(keys::reward_state)), doing).await?;
        let mut snapshot = PublicSnapshot {
            waiting: self.waiting(MAX_WAITING).await?,
            ..PublicSnapshot::empty(at, config.clone())
        };
        if let Some(item) = found.get(&stream) {
            snapshot.stream = rows::stream::read(item).map_err(&damaged)?;
        }
        if let Some(item) = found.get(&timers) {
            snapshot.timers = rows::timers::read(item).map_err(&damaged)?;
        }
        if let Some(item) = found.get(&board) {
            snapshot.board = rows::board::read(item).map_err(&damaged)?;
        }
        if let Some(item) = found.get(&watchdog) {
            snapshot.away_since = rows::watch::read(item).map_err(&damaged)?.away_since;
        }
        for reward in &rewards {
            if let Some(item) = found.get(&keys::reward_state(reward)) {
                snapshot.usages.insert(reward.clone(), rows::usage::read(item).map_err(&damaged)?);
            }
        }
        Ok(snapshot)
    }

    async fn alerts(&self, since: Timestamp, doing: &'static str) -> Result<Vec<ActiveAlert>, StoreError> {
        let request = self
            .client
            .query()
            .table_name(&self.table)
            .key_condition_expression("#pk = :pk AND #sk >= :since")
            .expression_attribute_names("#pk", PK)
            .expression_attribute_names("#sk", SK)
            .expression_attribute_values(":pk", s(keys::ALERTS))
            .expression_attribute_values(":since", s(since.sortable()));
        let items = collect(request, MAX_ALERTS, doing).await?;
        items.iter().map(|item| rows::alert::read(item).map_err(damaged(doing))).collect()
    }
}
