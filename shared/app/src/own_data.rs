//! The data export: everything that is stored about a viewer, for the viewer to read.

use std::collections::{BTreeMap, BTreeSet};

use ownchatbot_domain::{
    Account, Cause, LedgerRow, Profile, Redemption, RedemptionKey, RewardId, Usage, ViewerId,
};
use ownchatbot_store::{Statement, StoreError};

use crate::context::Context;
use crate::ports::Clock;

/// The most ledger rows in one export. Older rows can be read in the panel's statement.
pub const MAX_ROWS: usize = 5000;

/// Everything that is stored about a viewer and can be found by their id.
///
/// Some data is left out because it cannot be found by viewer: sessions, which are stored under hashes for at
/// most 30 days and contain only the viewer's id; finished redemptions of free rewards; and data that is
/// stored for minutes or days only, such as alerts and outbox rows. Gifts between viewers are in the ledgers
/// of both, under the id of the other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnData {
    /// Their profile, as chat has reported it.
    pub profile: Profile,
    /// Their balance and times, with the open row of watching, which becomes a ledger row in the next stream.
    pub account: Account,
    /// Their ledger rows, at most [`MAX_ROWS`], the newest first.
    pub rows: Vec<LedgerRow>,
    /// Whether there are older ledger rows.
    pub has_older_rows: bool,
    /// How often they have used each reward, and for how many points.
    pub uses: BTreeMap<RewardId, Usage>,
    /// Their redemptions, the newest first: all waiting ones, and the finished ones whose price is in `rows`.
    pub redemptions: Vec<Redemption>,
}

/// Collects the data that is stored about `viewer`. Returns `None` when there is no viewer with that id.
///
/// # Errors
/// [`StoreError`] when the table cannot be read.
pub async fn own_data<C>(ctx: &Context<C>, viewer: &ViewerId) -> Result<Option<OwnData>, StoreError>
where
    C: Clock,
{
    let loaded = ctx.store.load(viewer, None).await?;
    let Some(profile) = loaded.profile else { return Ok(None) };
    // The queue is read before the history, so that a redemption that is finished between the two reads is
    // found.
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
