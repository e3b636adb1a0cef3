//! Reading what commands and events need.

use std::collections::{HashMap, HashSet};

use aws_sdk_dynamodb::operation::query::builders::QueryFluentBuilder;
use aws_sdk_dynamodb::types::KeysAndAttributes;
use ownchatbot_app::ports::{Commit, Configuration, Ledger, LedgerCursor, Loaded, Statement, StoreError};
use ownchatbot_domain::command::ViewerRef;
use ownchatbot_domain::config::Section;
use ownchatbot_domain::decide::ViewerMatch;
use ownchatbot_domain::viewer::fold_name;
use ownchatbot_domain::{
    Account, Config, Decision, Effect, EventId, LedgerRow, Person, Redemption, RedemptionKey, Reply, Reward,
    RewardId, Status, StreamState, Timestamp, Usage, ViewerId,
};

use crate::config::renamed;
use crate::error::{TableError, broken, busy, damaged, sdk};
use crate::item::{Item, s};
use crate::keys::{Key, PK, SK};
use crate::{Store, keys, rows};

/// A batch is asked for its rest this often before it counts as busy.
const BATCH_TRIES: u32 = 4;
/// What DynamoDB reads at once.
const READ: usize = 100;
/// As many viewers of one name are told apart.
const MAX_CANDIDATES: i32 = 10;

impl Store {
    /// Reads items by key, as last written. What is not there is missing from the answer.
    pub(crate) async fn get_all(
        &self,
        keys: impl IntoIterator<Item = Key>,
        doing: &'static str,
    ) -> Result<HashMap<Key, Item>, StoreError> {
        let mut wanted: Vec<_> = keys.into_iter().map(|key| key.attributes()).collect();
        let mut found = HashMap::new();
        for _ in 0..BATCH_TRIES {
            if wanted.is_empty() {
                return Ok(found);
            }
            let asked = KeysAndAttributes::builder().consistent_read(true).set_keys(Some(wanted));
            let asked = asked.build().map_err(|error| broken(doing, error))?;
            let answer = self.client.batch_get_item().request_items(&self.table, asked).send().await;
            let answer = answer.map_err(|error| sdk(doing, error))?;
            for item in answer.responses.unwrap_or_default().into_values().flatten().map(Item) {
                found.insert(Key { pk: item.pk().to_owned(), sk: item.sk().to_owned() }, item);
            }
            let rest = answer.unprocessed_keys.unwrap_or_default().into_values();
            wanted = rest.flat_map(|asked| asked.keys).collect();
        }
        if wanted.is_empty() { Ok(found) } else { Err(busy(doing, TableError::Unprocessed)) }
    }

    /// Reads items by key, however many, as last written. What is not there is missing from the answer.
    pub(crate) async fn get_many(
        &self,
        keys: impl IntoIterator<Item = Key>,
        doing: &'static str,
    ) -> Result<HashMap<Key, Item>, StoreError> {
        // DynamoDB refuses a batch that names a key twice.
        let mut seen = HashSet::new();
        let wanted: Vec<Key> = keys.into_iter().filter(|key| seen.insert(key.clone())).collect();
        let mut found = HashMap::new();
        for chunk in wanted.chunks(READ) {
            found.extend(self.get_all(chunk.iter().cloned(), doing).await?);
        }
        Ok(found)
    }

    /// Reads the items of one partition whose sort keys begin with `prefix`, in order, at most `limit`.
    pub(crate) async fn query(
        &self,
        pk: &str,
        prefix: &str,
        limit: usize,
        doing: &'static str,
    ) -> Result<Vec<Item>, StoreError> {
        collect(self.under(pk, prefix), limit, doing).await
    }

    /// Asks for the items of one partition whose sort keys begin with `prefix`, as last written.
    pub(crate) fn under(&self, pk: &str, prefix: &str) -> QueryFluentBuilder {
        let request = self
            .client
            .query()
            .table_name(&self.table)
            .consistent_read(true)
            .expression_attribute_names("#pk", PK)
            .expression_attribute_values(":pk", s(pk));
        if prefix.is_empty() {
            return request.key_condition_expression("#pk = :pk");
        }
        request
            .key_condition_expression("#pk = :pk AND begins_with(#sk, :prefix)")
            .expression_attribute_names("#sk", SK)
            .expression_attribute_values(":prefix", s(prefix))
    }

    pub(crate) async fn get(&self, key: &Key, doing: &'static str) -> Result<Option<Item>, StoreError> {
        let read = self.client.get_item().table_name(&self.table).consistent_read(true);
        let answer = read.set_key(Some(key.attributes())).send().await.map_err(|error| sdk(doing, error))?;
        Ok(answer.item.map(Item))
    }

    /// A viewer's ledger, the oldest row first, without the open row of watching.
    ///
    /// # Errors
    /// [`StoreError`] when it cannot be read.
    pub async fn ledger(&self, viewer: &ViewerId) -> Result<Vec<LedgerRow>, StoreError> {
        let doing = "reading a ledger";
        let rows = self.query(&keys::viewer(viewer), keys::LEDGER, usize::MAX, doing).await?;
        rows.iter().map(|item| rows::ledger::read(item).map_err(damaged(doing))).collect()
    }
}

/// Runs a query over all its pages, up to `limit` items.
pub(crate) async fn collect(
    request: QueryFluentBuilder,
    limit: usize,
    doing: &'static str,
) -> Result<Vec<Item>, StoreError> {
    let page = i32::try_from(limit).ok();
    let mut pages = request.set_limit(page).into_paginator().send();
    let mut found = Vec::new();
    while let Some(page) = pages.next().await {
        let page = page.map_err(|error| sdk(doing, error))?;
        found.extend(page.items.unwrap_or_default().into_iter().map(Item));
        if found.len() >= limit {
            found.truncate(limit);
            break;
        }
    }
    Ok(found)
}

impl Ledger for Store {
    async fn load(&self, viewer: &ViewerId, reward: Option<&RewardId>) -> Result<Loaded, StoreError> {
        let doing = "reading a viewer";
        let damaged = damaged(doing);
        let (balance, profile, stream) = (keys::balance(viewer), keys::profile(viewer), keys::stream_state());
        let uses = reward.map(|reward| (keys::reward_state(reward), keys::own_use(viewer, reward)));
        let mut wanted = vec![balance.clone(), profile.clone(), stream.clone()];
        wanted.extend(uses.iter().flat_map(|(everybody, own)| [everybody.clone(), own.clone()]));
        let mut found = self.get_all(wanted, doing).await?;
        // Whoever is being forgotten is not known any more.
        found.retain(|key, item| *key != balance || rows::erasure::is_balance(item));
        // A batch may be read while a transaction is being carried out. Half a newcomer is not a newcomer with nothing.
        if found.contains_key(&profile) != found.contains_key(&balance) {
            return Err(busy(doing, TableError::HalfRead));
        }
        let mut loaded = Loaded::default();
        if let Some(item) = found.get(&profile) {
            loaded.profile = Some(rows::viewer::read_profile(viewer, item).map_err(&damaged)?);
        }
        if let Some(item) = found.get(&balance) {
            loaded.account = rows::viewer::read_balance(item).map_err(&damaged)?;
        }
        if let Some(item) = found.get(&stream) {
            loaded.stream = rows::stream::read(item).map_err(&damaged)?;
        }
        if let Some((everybody, own)) = uses {
            if let Some(item) = found.get(&everybody) {
                loaded.everybody = rows::usage::read(item).map_err(&damaged)?;
            }
            if let Some(item) = found.get(&own) {
                loaded.own = rows::usage::read(item).map_err(&damaged)?;
            }
        }
        Ok(loaded)
    }

    async fn matching_viewers(&self, viewer: &ViewerRef) -> Result<Vec<ViewerMatch>, StoreError> {
        let doing = "looking a viewer up";
        let damaged = damaged(doing);
        let ids: Vec<ViewerId> = match viewer {
            ViewerRef::Id(id) => vec![id.clone()],
            ViewerRef::Name(name) if fold_name(name).is_empty() => return Ok(Vec::new()),
            ViewerRef::Name(name) => {
                let limit = usize::try_from(MAX_CANDIDATES).unwrap_or_default();
                let pointers = self.query(&keys::name(name), keys::VIEWER, limit, doing).await?;
                let ids = pointers.iter().map(|item| item.need("viewer").map_err(&damaged));
                ids.collect::<Result<_, _>>()?
            }
        };
        let wanted = ids.iter().flat_map(|id| [keys::balance(id), keys::profile(id)]);
        let found = self.get_all(wanted, doing).await?;
        let mut matches = Vec::new();
        for id in ids {
            let balance = found.get(&keys::balance(&id)).filter(|item| rows::erasure::is_balance(item));
            if let (Some(balance), Some(profile)) = (balance, found.get(&keys::profile(&id))) {
                let Account { balance, hidden, .. } =
                    rows::viewer::read_balance(balance).map_err(&damaged)?;
                let Person { name, banned, .. } =
                    rows::viewer::read_profile(&id, profile).map_err(&damaged)?.person;
                matches.push(ViewerMatch { viewer: id, name, balance, banned, hidden });
            }
        }
        Ok(matches)
    }

    async fn waiting(&self, limit: usize) -> Result<Vec<Redemption>, StoreError> {
        let doing = "reading the queue";
        let rows = self.query(keys::QUEUE_OPEN, "", limit, doing).await?;
        rows.iter().map(|item| rows::queue::read(item).map_err(damaged(doing))).collect()
    }

    async fn waiting_of(&self, viewer: &ViewerId) -> Result<Vec<Redemption>, StoreError> {
        let doing = "reading what a viewer has in the queue";
        let request = self
            .under(keys::QUEUE_OPEN, "")
            .filter_expression("#viewer = :viewer")
            .expression_attribute_names("#viewer", "viewer")
            .expression_attribute_values(":viewer", s(viewer));
        let items = collect(request, usize::MAX, doing).await?;
        items.iter().map(|item| rows::queue::read(item).map_err(damaged(doing))).collect()
    }

    async fn finished_of(&self, keys: &[RedemptionKey]) -> Result<Vec<Redemption>, StoreError> {
        let doing = "reading what is over";
        let keys = keys.iter().map(|key| keys::queue_entry(key, Status::Fulfilled));
        let found = self.get_many(keys, doing).await?;
        found.values().map(|item| rows::queue::read(item).map_err(damaged(doing))).collect()
    }

    async fn redemption(&self, key: &RedemptionKey) -> Result<Option<Redemption>, StoreError> {
        let doing = "reading a redemption";
        for status in [Status::Waiting, Status::Fulfilled] {
            if let Some(item) = self.get(&keys::queue_entry(key, status), doing).await? {
                return rows::queue::read(&item).map(Some).map_err(damaged(doing));
            }
        }
        Ok(None)
    }

    async fn statement(
        &self,
        viewer: &ViewerId,
        before: Option<&LedgerCursor>,
        limit: usize,
    ) -> Result<Statement, StoreError> {
        let doing = "reading a statement";
        let start = before.map(|place| keys::ledger(viewer, place.at(), place.event()).attributes());
        let request = self.under(&keys::viewer(viewer), keys::LEDGER);
        let request = request.scan_index_forward(false).set_exclusive_start_key(start);
        // One more than asked for tells whether there are older ones.
        let items = collect(request, limit.saturating_add(1), doing).await?;
        let rows = items.iter().take(limit).map(|item| rows::ledger::read(item).map_err(damaged(doing)));
        let rows = rows.collect::<Result<Vec<LedgerRow>, _>>()?;
        let next = if items.len() > limit { rows.last().map(LedgerCursor::of) } else { None };
        Ok(Statement { rows, next })
    }

    async fn names(&self, viewers: &[ViewerId]) -> Result<HashMap<ViewerId, String>, StoreError> {
        let found = self.get_many(viewers.iter().map(keys::profile), "reading names").await?;
        let name = |viewer: &ViewerId| found.get(&keys::profile(viewer))?.get("name").map(str::to_owned);
        Ok(viewers.iter().filter_map(|viewer| Some((viewer.clone(), name(viewer)?))).collect())
    }

    async fn own_uses(
        &self,
        viewer: &ViewerId,
        rewards: &[RewardId],
    ) -> Result<HashMap<RewardId, Usage>, StoreError> {
        let doing = "reading what a viewer has used";
        let key = |reward: &RewardId| keys::own_use(viewer, reward);
        let found = self.get_many(rewards.iter().map(key), doing).await?;
        let used = |reward: &RewardId| {
            let usage = rows::usage::read(found.get(&key(reward))?).map_err(damaged(doing));
            Some(usage.map(|usage| (reward.clone(), usage)))
        };
        rewards.iter().filter_map(used).collect()
    }

    async fn finished(&self, now: Timestamp, limit: usize) -> Result<Vec<Redemption>, StoreError> {
        let doing = "reading what is over";
        let mut found = Vec::new();
        for month in [keys::queue_done(now), keys::queue_done_before(now)] {
            let left = limit.saturating_sub(found.len());
            if left == 0 {
                break;
            }
            let request = self
                .client
                .query()
                .table_name(&self.table)
                .scan_index_forward(false)
                .key_condition_expression("#pk = :pk")
                .expression_attribute_names("#pk", PK)
                .expression_attribute_values(":pk", s(month));
            for item in collect(request, left, doing).await? {
                found.push(rows::queue::read(&item).map_err(damaged(doing))?);
            }
        }
        Ok(found)
    }

    async fn stream(&self) -> Result<StreamState, StoreError> {
        let doing = "reading the stream's state";
        match self.get(&keys::stream_state(), doing).await? {
            Some(item) => rows::stream::read(&item).map_err(damaged(doing)),
            None => Ok(StreamState::default()),
        }
    }

    async fn reply(&self, event: &EventId) -> Result<Option<Reply>, StoreError> {
        let item = self.get(&keys::receipt(event), "looking for an answer").await?;
        Ok(item.as_ref().and_then(rows::outbox::reply))
    }

    async fn commit(
        &self,
        event: Option<&EventId>,
        at: Timestamp,
        decision: &Decision,
    ) -> Result<Commit, StoreError> {
        self.write_decision(event, at, decision).await
    }
}

impl Configuration for Store {
    async fn config(&self) -> Result<Config, StoreError> {
        self.read_config().await
    }

    async fn commit_section(
        &self,
        event: &EventId,
        at: Timestamp,
        section: &Section,
        seen: u64,
        effects: &[Effect],
    ) -> Result<Commit, StoreError> {
        self.save_for((event, at), rows::settings::section(section), seen, Vec::new(), effects).await
    }

    async fn commit_reward(
        &self,
        event: &EventId,
        at: Timestamp,
        reward: &Reward,
        before: Option<(&Reward, u64)>,
        effects: &[Effect],
    ) -> Result<Commit, StoreError> {
        let seen = before.map_or(0, |(_, seen)| seen);
        self.save_for((event, at), rows::config::reward(reward), seen, renamed(reward, before), effects).await
    }
}
