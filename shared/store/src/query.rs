//! Reads of items: by key in batches, and by partition in pages. All are strongly consistent unless they say
//! otherwise.

use std::collections::{HashMap, HashSet};

use aws_sdk_dynamodb::operation::query::builders::QueryFluentBuilder;
use aws_sdk_dynamodb::types::KeysAndAttributes;

use crate::error::{TableError, broken, busy, sdk};
use crate::item::{Item, s};
use crate::keys::{Key, PK, SK};
use crate::{Store, StoreError};

/// The most requests for one batch, of which DynamoDB may leave keys unprocessed; after them the table counts
/// as busy.
const BATCH_TRIES: u32 = 4;
/// The most keys that DynamoDB takes in one `BatchGetItem`.
const MAX_BATCH: usize = 100;

impl Store {
    /// Reads at most 100 items by key. Items that do not exist are missing from the map.
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
            let request = KeysAndAttributes::builder().consistent_read(true).set_keys(Some(wanted));
            let request = request.build().map_err(|error| broken(doing, error))?;
            let response = self.client.batch_get_item().request_items(&self.table, request).send().await;
            let response = response.map_err(|error| sdk(doing, error))?;
            for item in response.responses.unwrap_or_default().into_values().flatten().map(Item) {
                found.insert(Key { pk: item.pk().to_owned(), sk: item.sk().to_owned() }, item);
            }
            let rest = response.unprocessed_keys.unwrap_or_default().into_values();
            wanted = rest.flat_map(|request| request.keys).collect();
        }
        if wanted.is_empty() { Ok(found) } else { Err(busy(doing, TableError::Unprocessed)) }
    }

    /// Reads any number of items by key, in one request for each hundred. Items that do not exist are missing
    /// from the map.
    pub(crate) async fn get_many(
        &self,
        keys: impl IntoIterator<Item = Key>,
        doing: &'static str,
    ) -> Result<HashMap<Key, Item>, StoreError> {
        // DynamoDB rejects a batch that names a key twice.
        let mut seen = HashSet::new();
        let wanted: Vec<Key> = keys.into_iter().filter(|key| seen.insert(key.clone())).collect();
        let mut found = HashMap::new();
        for chunk in wanted.chunks(MAX_BATCH) {
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

    /// The request for the items of one partition whose sort keys begin with `prefix`.
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

    /// Reads one item by key; `None` where it does not exist.
    pub(crate) async fn get(&self, key: &Key, doing: &'static str) -> Result<Option<Item>, StoreError> {
        let read = self.client.get_item().table_name(&self.table).consistent_read(true);
        let response =
            read.set_key(Some(key.attributes())).send().await.map_err(|error| sdk(doing, error))?;
        Ok(response.item.map(Item))
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
