//! What is kept about a viewer, for the viewer.

use std::collections::{BTreeMap, BTreeSet};

use ownchatbot_domain::{
    Account, Cause, LedgerRow, Profile, Redemption, RedemptionKey, RewardId, Usage, ViewerId,
};

use crate::context::Context;
use crate::ports::Clock;
use ownchatbot_store::{Statement, StoreError};

/// As much of a ledger is told at once; who has more reads on in the statement.
pub const MAX_ROWS: usize = 5000;

/// Everything that is kept about a viewer and can be found by who they are.
///
/// Not among it, since it cannot be found by viewer: sessions, which are kept under hashes for 30 days at most and hold
/// nothing but the viewer's id; what free rewards left in the history once they are over; and what is kept for minutes or
/// days only, such as alerts and lines on their way into chat. What others have given them or got from them stands in the
/// ledgers of both, under the id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnData {
    /// Who they are, as chat has told.
    pub profile: Profile,
    /// What they have. The open row of watching is in here, and no ledger row yet.
    pub account: Account,
    /// Their newest ledger rows, the newest first, at most [`MAX_ROWS`].
    pub rows: Vec<LedgerRow>,
    /// Whether there are older rows.
    pub has_older_rows: bool,
    /// How much they have used each reward.
    pub uses: BTreeMap<RewardId, Usage>,
    /// What they have redeemed, the newest first: everything that waits, and what is over where `rows` tells of its price.
    pub redemptions: Vec<Redemption>,
}

/// Collects what is kept about `viewer`; nothing for whoever is not known.
///
/// # Errors
/// [`StoreError`] when it cannot be read.
pub async fn own_data<C>(ctx: &Context<C>, viewer: &ViewerId) -> Result<Option<OwnData>, StoreError>
where
    C: Clock,
{
    let loaded = ctx.store.load(viewer, None).await?;
    let Some(profile) = loaded.profile else { return Ok(None) };
    // In this order: what leaves the queue meanwhile is found in the history.
    let waiting = ctx.store.waiting_by_viewer(viewer).await?;
    let Statement { rows, next } = ctx.store.statement(viewer, None, MAX_ROWS).await?;
    let paid = rows.iter().filter(|row| matches!(row.cause, Cause::Redeem(_)));
    let paid: Vec<RedemptionKey> =
        paid.map(|row| RedemptionKey { at: row.at, event: row.event.clone() }).collect();
    let finished = ctx.store.finished_by_keys(&paid).await?;
    let redemptions: BTreeMap<_, Redemption> =
        waiting.into_iter().chain(finished).map(|entry| ((entry.at, entry.event.clone()), entry)).collect();
    let config = ctx.config().await?;
    let named = rows.iter().filter_map(|row| row.cause.reward());
    let named = named.chain(redemptions.values().map(|entry| &entry.reward));
    let rewards: BTreeSet<&RewardId> = config.rewards.iter().map(|reward| &reward.id).chain(named).collect();
    let rewards: Vec<RewardId> = rewards.into_iter().cloned().collect();
    let uses = ctx.store.viewer_usages(viewer, &rewards).await?;
    Ok(Some(OwnData {
        profile,
        account: loaded.account,
        rows,
        has_older_rows: next.is_some(),
        uses: uses.into_iter().collect(),
        redemptions: redemptions.into_values().rev().collect(),
    }))
}
