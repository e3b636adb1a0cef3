//! What everybody may see at one moment: the ground of overlays and panels.

use std::collections::HashMap;
use std::sync::Arc;

use ownchatbot_domain::board::BoardEntry;
use ownchatbot_domain::timer::Timers;
use ownchatbot_domain::{Alert, Config, Redemption, RewardId, Span, StreamState, Timestamp, Usage};

use crate::context::Context;
use crate::ports::{Clock, Configuration, StoreError, Times};

/// As much of the queue is seen.
pub const MAX_WAITING: usize = 50;
/// As old are the oldest alerts that are seen.
pub const ALERTS_FOR: Span = Span::minutes(1);

/// An alert, with its identity: whoever shows it shows it once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    /// Its identity.
    pub id: String,
    /// When it happened.
    pub at: Timestamp,
    /// What happened.
    pub alert: Alert,
}

/// What the table holds that changes by itself.
#[derive(Debug, Clone, Default)]
pub struct Seen {
    /// The broadcast.
    pub stream: StreamState,
    /// How rewards are used. What was never used is missing.
    pub usages: HashMap<RewardId, Usage>,
    /// The oldest of the queue, at most [`MAX_WAITING`].
    pub waiting: Vec<Redemption>,
    /// The leaderboard, as of the last tick.
    pub board: Vec<BoardEntry>,
    /// The timers that run.
    pub timers: Timers,
    /// The alerts of the last minute, the oldest first.
    pub alerts: Vec<Shown>,
    /// Since when Owncast does not answer; nothing while it does.
    pub away_since: Option<Timestamp>,
}

/// Everything that everybody may see.
#[derive(Debug, Clone)]
pub struct Look {
    /// When.
    pub at: Timestamp,
    /// What the streamer has set up.
    pub config: Arc<Config>,
    /// The broadcast.
    pub stream: StreamState,
    /// How rewards are used. What was never used is missing.
    pub usages: HashMap<RewardId, Usage>,
    /// The oldest of the queue, at most [`MAX_WAITING`].
    pub waiting: Vec<Redemption>,
    /// The leaderboard, as of the last tick.
    pub board: Vec<BoardEntry>,
    /// The timers that run.
    pub timers: Timers,
    /// The alerts of the last minute, the oldest first.
    pub alerts: Vec<Shown>,
    /// Since when Owncast does not answer; nothing while it does.
    pub away_since: Option<Timestamp>,
}

/// Looks at everything, in three requests.
///
/// # Errors
/// [`StoreError`] when it cannot be read.
pub async fn look<S, C>(ctx: &Context<S, C>) -> Result<Look, StoreError>
where
    S: Configuration + Times,
    C: Clock,
{
    let (config, at) = (ctx.config().await?, ctx.clock.now());
    let rewards: Vec<RewardId> = config.live_rewards().map(|reward| reward.id.clone()).collect();
    let seen = ctx.store.seen(&rewards, MAX_WAITING, at.saturating_sub(ALERTS_FOR)).await?;
    let Seen { stream, usages, waiting, board, timers, alerts, away_since } = seen;
    Ok(Look { at, config, stream, usages, waiting, board, timers, alerts, away_since })
}
