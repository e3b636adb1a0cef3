//! The invariants, checked on the whole table. For tests and for a streamer in doubt; no request calls it.

use std::collections::BTreeMap;

use crate::StoreError;
use ownchatbot_domain::reward::Kind;
use ownchatbot_domain::{RewardId, Usage, ViewerId};

use crate::error::{damaged, sdk};
use crate::item::Item;
use crate::keys::{LEDGER, REWARD, STATE, USE, VIEWER};
use crate::{Store, rows};

/// What an audit found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Totals {
    /// Viewers counted.
    pub viewers: usize,
    /// All their points together.
    pub points: i64,
    /// What does not add up, a sentence each; empty is good.
    pub violations: Vec<String>,
}

#[derive(Default)]
struct Books {
    balance: i64,
    ledger: i64,
    /// Whether what is left of the ledger is being deleted.
    erasure: bool,
}

#[derive(Default)]
struct Uses {
    everybody: Usage,
    own: Vec<Usage>,
}

const DOING: &str = "auditing the table";

impl Store {
    /// Checks that every balance is the sum of its ledger and never negative (I1), that the uses of rewards by each
    /// viewer add up to everybody's (I3, I5), and that no goal passes its target (I4). Of whoever is just being forgotten,
    /// the ledger is no sum of anything any more.
    ///
    /// # Errors
    /// [`StoreError`] when the table cannot be read.
    pub async fn verify_totals(&self) -> Result<Totals, StoreError> {
        let config = self.config().await?;
        let damaged = damaged(DOING);
        let mut books: BTreeMap<ViewerId, Books> = BTreeMap::new();
        let mut uses: BTreeMap<RewardId, Uses> = BTreeMap::new();
        let mut totals = Totals::default();
        for item in self.everything().await? {
            let (pk, sk) = (item.pk(), item.sk());
            if let Some(viewer) = pk.strip_prefix(VIEWER).and_then(|id| id.parse::<ViewerId>().ok()) {
                let book = books.entry(viewer).or_default();
                if sk == "BALANCE" && !rows::erasure::is_balance(&item) {
                    book.erasure = true;
                } else if sk == "BALANCE" {
                    book.balance = item.need("balance").map_err(&damaged)?;
                    book.ledger += item.parse::<i64>("open_points").map_err(&damaged)?.unwrap_or_default();
                    totals.viewers += 1;
                } else if sk.starts_with(LEDGER) {
                    book.ledger += rows::ledger::read(&item).map_err(&damaged)?.delta.get();
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
        for (viewer, book) in books {
            if book.erasure {
                continue;
            }
            totals.points += book.balance;
            if book.balance != book.ledger {
                totals
                    .violations
                    .push(format!("{viewer} has {} but a ledger of {}", book.balance, book.ledger));
            }
            if book.balance < 0 {
                totals.violations.push(format!("{viewer} has {}", book.balance));
            }
        }
        for (id, Uses { everybody, own }) in uses {
            let count: u64 = own.iter().map(|usage| usage.count).sum();
            let points: i64 = own.iter().map(|usage| usage.points.get()).sum();
            if (count, points) != (everybody.count, everybody.points.get()) {
                let (all, sum) = (everybody.count, everybody.points);
                totals
                    .violations
                    .push(format!("{id} has {all} uses for {sum}, its viewers {count} for {points}"));
            }
            if let Some(Kind::Goal(goal)) = config.reward(&id).map(|reward| &reward.kind)
                && everybody.points > goal.target()
            {
                totals.violations.push(format!("{id} has {} of {}", everybody.points, goal.target()));
            }
        }
        Ok(totals)
    }

    #[expect(clippy::disallowed_methods, reason = "an audit reads everything, and no request calls it")]
    async fn everything(&self) -> Result<Vec<Item>, StoreError> {
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
