//! What happens by the clock, and what is kept for it.

use std::collections::{HashMap, HashSet};

use ownchatbot_app::live::{Seen, Shown};
use ownchatbot_app::ports::{Announced, Ledger, StoreError, Times, Watch};
use ownchatbot_domain::board::BoardEntry;
use ownchatbot_domain::timer::Timers;
use ownchatbot_domain::{Contribution, EventId, RewardId, StreamRecord, Timestamp, Usage};

use crate::error::{damaged, sdk};
use crate::expression::{Expression, Write};
use crate::item::{Damaged, Item, n, s};
use crate::keys::{PK, SK, USE};
use crate::read::collect;
use crate::rows::stream::RECORD;
use crate::{Store, keys, rows};

/// More alerts of a minute than anybody could be shown.
const MAX_ALERTS: usize = 50;

impl Times for Store {
    async fn timers(&self) -> Result<Timers, StoreError> {
        let doing = "reading the timers";
        match self.get(&keys::timers(), doing).await? {
            Some(item) => rows::timers::read(&item).map_err(damaged(doing)),
            None => Ok(Timers::default()),
        }
    }

    async fn board(&self) -> Result<Vec<BoardEntry>, StoreError> {
        let doing = "reading the leaderboard";
        let Some(item) = self.get(&keys::board(), doing).await? else { return Ok(Vec::new()) };
        let kept = rows::board::read(&item).map_err(damaged(doing))?;
        let found = self.get_many(kept.iter().map(|entry| keys::balance(&entry.viewer)), doing).await?;
        let entry = |BoardEntry { viewer, name, .. }: BoardEntry| {
            let item = found.get(&keys::balance(&viewer)).filter(|item| rows::erasure::is_balance(item))?;
            let account = rows::viewer::read_balance(item).map_err(damaged(doing));
            Some(account.map(|account| BoardEntry::of(viewer, name, &account)))
        };
        kept.into_iter().filter_map(entry).collect()
    }

    async fn save_board(&self, slot: Timestamp, entries: &[BoardEntry]) -> Result<(), StoreError> {
        let item = rows::board::row(slot, entries);
        let newer = Expression::new().when_missing_or("slot", "<=", n(slot.ms()));
        self.write_all(&[Write::Put(item, newer)], false).await.map(|_| ())
    }

    async fn usages(&self, rewards: &[RewardId]) -> Result<HashMap<RewardId, Usage>, StoreError> {
        let doing = "reading how rewards are used";
        let found = self.get_many(rewards.iter().map(keys::reward_state), doing).await?;
        let used = |reward: &RewardId| {
            let usage = rows::usage::read(found.get(&keys::reward_state(reward))?).map_err(damaged(doing));
            Some(usage.map(|usage| (reward.clone(), usage)))
        };
        rewards.iter().filter_map(used).collect()
    }

    async fn contributions(&self, reward: &RewardId, limit: usize) -> Result<Vec<Contribution>, StoreError> {
        let doing = "reading who gave to a goal";
        let mut pages = self
            .under(&keys::uses(reward), USE)
            .filter_expression("#count > :none")
            .expression_attribute_names("#count", "count")
            .expression_attribute_values(":none", n(0))
            .into_paginator()
            .send();
        let mut found = Vec::new();
        while found.len() < limit
            && let Some(page) = pages.next().await
        {
            for item in page.map_err(|error| sdk(doing, error))?.items.unwrap_or_default() {
                found.push(contribution(&Item(item)).map_err(damaged(doing))?);
            }
        }
        found.truncate(limit);
        Ok(found)
    }

    async fn streams(&self, limit: usize) -> Result<Vec<StreamRecord>, StoreError> {
        let doing = "reading the streams";
        let request = self.under(keys::STREAM, RECORD).scan_index_forward(false);
        let items = collect(request, limit, doing).await?;
        items.iter().map(|item| rows::stream::read_record(item).map_err(damaged(doing))).collect()
    }

    async fn handled(&self, events: &[EventId]) -> Result<HashSet<EventId>, StoreError> {
        let found = self.get_all(events.iter().map(keys::receipt), "looking for receipts").await?;
        Ok(events.iter().filter(|event| found.contains_key(&keys::receipt(event))).cloned().collect())
    }

    async fn handled_at(&self, event: &EventId) -> Result<Option<Timestamp>, StoreError> {
        let doing = "looking for a receipt";
        let item = self.get(&keys::receipt(event), doing).await?;
        item.map(|item| item.need_time("created_at").map_err(damaged(doing))).transpose()
    }

    async fn seen(&self, rewards: &[RewardId], waiting: usize, since: Timestamp) -> Result<Seen, StoreError> {
        let doing = "looking at everything";
        let damaged = damaged(doing);
        let (stream, timers, board) = (keys::stream_state(), keys::timers(), keys::board());
        let watchdog = keys::watchdog();
        let fixed = [stream.clone(), timers.clone(), board.clone(), watchdog.clone()];
        let found =
            self.get_many(fixed.into_iter().chain(rewards.iter().map(keys::reward_state)), doing).await?;
        let mut seen = Seen {
            waiting: self.waiting(waiting).await?,
            alerts: self.alerts(since, doing).await?,
            ..Seen::default()
        };
        if let Some(item) = found.get(&stream) {
            seen.stream = rows::stream::read(item).map_err(&damaged)?;
        }
        if let Some(item) = found.get(&timers) {
            seen.timers = rows::timers::read(item).map_err(&damaged)?;
        }
        if let Some(item) = found.get(&board) {
            seen.board = rows::board::read(item).map_err(&damaged)?;
        }
        if let Some(item) = found.get(&watchdog) {
            seen.away_since = rows::watch::read(item).map_err(&damaged)?.away_since;
        }
        for reward in rewards {
            if let Some(item) = found.get(&keys::reward_state(reward)) {
                seen.usages.insert(reward.clone(), rows::usage::read(item).map_err(&damaged)?);
            }
        }
        Ok(seen)
    }

    async fn announced(&self) -> Result<Announced, StoreError> {
        let doing = "reading how far the announcements are";
        let Some(item) = self.get(&keys::announcements(), doing).await? else {
            return Ok(Announced::default());
        };
        let read = || Ok(Announced { said: item.need("said")?, at: item.get_time("at")? });
        read().map_err(damaged(doing))
    }

    async fn watch(&self) -> Result<Watch, StoreError> {
        let doing = "reading how far the watchdog has looked";
        match self.get(&keys::watchdog(), doing).await? {
            Some(item) => rows::watch::read(&item).map_err(damaged(doing)),
            None => Ok(Watch::default()),
        }
    }

    async fn save_watch(&self, watch: &Watch) -> Result<(), StoreError> {
        self.write_all(&[Write::put(rows::watch::row(watch))], false).await.map(|_| ())
    }
}

impl Store {
    async fn alerts(&self, since: Timestamp, doing: &'static str) -> Result<Vec<Shown>, StoreError> {
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

fn contribution(item: &Item) -> Result<Contribution, Damaged> {
    let viewer = item.sk().strip_prefix(USE).and_then(|id| id.parse().ok());
    Ok(Contribution {
        viewer: viewer.ok_or_else(|| item.damaged("sk"))?,
        points: item.get_points("points")?,
        count: item.need("count")?,
    })
}
