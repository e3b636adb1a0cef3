//! Checks the invariants on the whole table, with a scan. For tests and for a streamer in doubt; no request
//! calls it.

use std::collections::BTreeMap;

use ownchatbot_domain::reward::Kind;
use ownchatbot_domain::{RewardId, Usage, ViewerId};

use crate::error::{damaged, sdk};
use crate::item::Item;
use crate::keys::{LEDGER, REWARD, STATE, USE, VIEWER};
use crate::{Store, StoreError, rows};

/// The sums that [`Store::verify_totals`] found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Totals {
    /// The number of viewers.
    pub viewers: usize,
    /// The sum of their balances.
    pub points: i64,
    /// The violations of an invariant, a sentence each; empty when everything adds up.
    pub violations: Vec<String>,
}

#[derive(Default)]
struct LedgerSum {
    balance: i64,
    ledger: i64,
    /// Whether the viewer is being erased, so that the ledger may be incomplete.
    erasure: bool,
}

#[derive(Default)]
struct Uses {
    everybody: Usage,
    own: Vec<Usage>,
}

const DOING: &str = "verifying the totals";

impl Store {
    /// Checks that every balance is the sum of its ledger and never negative (I1), that the viewers' usage
    /// counts of a reward sum up to the reward's own (I3, I5), and that no goal exceeds its target (I4).
    /// Viewers who are being erased are left out of I1, because their ledger is being deleted.
    ///
    /// # Errors
    /// [`StoreError`] when the table cannot be read.
    pub async fn verify_totals(&self) -> Result<Totals, StoreError> {
        let config = self.config().await?;
        let damaged = damaged(DOING);
        let mut accounts: BTreeMap<ViewerId, LedgerSum> = BTreeMap::new();
        let mut uses: BTreeMap<RewardId, Uses> = BTreeMap::new();
        let mut totals = Totals::default();
        for item in self.scan().await? {
            let (pk, sk) = (item.pk(), item.sk());
            if let Some(viewer) = pk.strip_prefix(VIEWER).and_then(|id| id.parse::<ViewerId>().ok()) {
                let account = accounts.entry(viewer).or_default();
                if sk == "BALANCE" && !rows::erasure::is_balance(&item) {
                    account.erasure = true;
                } else if sk == "BALANCE" {
                    account.balance = item.need("balance").map_err(&damaged)?;
                    account.ledger += item.parse::<i64>("open_points").map_err(&damaged)?.unwrap_or_default();
                    totals.viewers += 1;
                } else if sk.starts_with(LEDGER) {
                    account.ledger += rows::ledger::read(&item).map_err(&damaged)?.delta.get();
                }
            } else if let Some(reward) = pk.strip_prefix(REWARD).and_then(|id| id.parse().ok()) {
                let usage = rows::usage::read(&item).map_err(&damaged)?;
                let uses: &mut Uses = uses.entry(reward).or_default();
                if sk == STATE {
                    uses.everybody = usage;
                } else if sk.starts_with(USE) {
                    uses.own.push(usage);
                }
            }
        }
        for (viewer, account) in accounts {
            if account.erasure {
                continue;
            }
            totals.points += account.balance;
            if account.balance != account.ledger {
                totals.violations.push(format!(
                    "{viewer} has a balance of {} but a ledger sum of {}",
                    account.balance, account.ledger
                ));
            }
            if account.balance < 0 {
                totals.violations.push(format!("{viewer} has a negative balance of {}", account.balance));
            }
        }
        for (id, Uses { everybody, own }) in uses {
            let count: u64 = own.iter().map(|usage| usage.count).sum();
            let points: i64 = own.iter().map(|usage| usage.points.get()).sum();
            if (count, points) != (everybody.count, everybody.points.get()) {
                let (all, sum) = (everybody.count, everybody.points);
                totals.violations.push(format!(
                    "{id} counts {all} uses for {sum} points, its viewers {count} for {points}"
                ));
            }
            if let Some(Kind::Goal(goal)) = config.reward(&id).map(|reward| &reward.kind)
                && everybody.points > goal.target()
            {
                totals.violations.push(format!(
                    "{id} has {} points but a target of {}",
                    everybody.points,
                    goal.target()
                ));
            }
        }
        Ok(totals)
    }

    #[expect(clippy::disallowed_methods, reason = "it checks the whole table, and no request calls it")]
    async fn scan(&self) -> Result<Vec<Item>, StoreError> {
        let mut pages =
            self.client.scan().table_name(&self.table).consistent_read(true).into_paginator().send();
        let mut items = Vec::new();
        while let Some(page) = pages.next().await {
            let page = page.map_err(|error| sdk(DOING, error))?;
            items.extend(page.items.unwrap_or_default().into_iter().map(Item));
        }
        Ok(items)
    }
}
