//! Usage counts of rewards: by all viewers, and by one.

use std::collections::HashMap;

use ownchatbot_domain::{Contribution, RewardId, Usage, ViewerId};

use crate::error::{damaged, sdk};
use crate::item::{Damaged, Item, n};
use crate::keys::{Key, USE};
use crate::{Store, StoreError, keys, rows};

impl Store {
    /// The usage of `rewards` by all viewers, in one request for each hundred. Rewards that were never used
    /// are missing.
    ///
    /// # Errors
    /// [`StoreError`] when the usage cannot be read.
    pub async fn usages(&self, rewards: &[RewardId]) -> Result<HashMap<RewardId, Usage>, StoreError> {
        let doing = "reading the usage of rewards";
        let found = self.get_many(rewards.iter().map(keys::reward_state), doing).await?;
        let used = |reward: &RewardId| {
            let usage = rows::usage::read(found.get(&keys::reward_state(reward))?).map_err(damaged(doing));
            Some(usage.map(|usage| (reward.clone(), usage)))
        };
        rewards.iter().filter_map(used).collect()
    }

    /// The contributions to a goal by viewer, at most `limit`. Viewers who got everything back are left out;
    /// all erased viewers together are one entry.
    ///
    /// # Errors
    /// [`StoreError`] when the contributions cannot be read.
    pub async fn contributions(
        &self,
        reward: &RewardId,
        limit: usize,
    ) -> Result<Vec<Contribution>, StoreError> {
        let doing = "reading the contributions to a goal";
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

    /// The usage of `rewards` by one viewer, in one request for each hundred. Rewards that they never used
    /// are missing.
    ///
    /// # Errors
    /// [`StoreError`] when the usage cannot be read.
    pub async fn viewer_usages(
        &self,
        viewer: &ViewerId,
        rewards: &[RewardId],
    ) -> Result<HashMap<RewardId, Usage>, StoreError> {
        let doing = "reading the usage of one viewer";
        let keys = rewards.iter().map(|reward| keys::own_use(viewer, reward));
        let found = self.get_many(keys, doing).await?;
        viewer_usages_in(&found, viewer, rewards).map_err(damaged(doing))
    }
}

/// How `viewer` has used `rewards`, out of `found`. What they never used is missing.
pub(crate) fn viewer_usages_in(
    found: &HashMap<Key, Item>,
    viewer: &ViewerId,
    rewards: &[RewardId],
) -> Result<HashMap<RewardId, Usage>, Damaged> {
    let used = |reward: &RewardId| {
        let usage = rows::usage::read(found.get(&keys::own_use(viewer, reward))?);
        Some(usage.map(|usage| (reward.clone(), usage)))
    };
    rewards.iter().filter_map(used).collect()
}

fn contribution(item: &Item) -> Result<Contribution, Damaged> {
    let viewer = item.sk().strip_prefix(USE).and_then(|id| id.parse().ok());
    Ok(Contribution {
        viewer: viewer.ok_or_else(|| item.damaged("sk"))?,
        points: item.get_points("points")?,
        count: item.need("count")?,
    })
}
