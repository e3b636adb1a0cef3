//! Viewers: who they are and what they have.

use std::collections::HashMap;

use ownchatbot_domain::command::ViewerRef;
use ownchatbot_domain::decide::ViewerMatch;
use ownchatbot_domain::viewer::fold_name;
use ownchatbot_domain::{Account, Person, Profile, RewardId, StreamState, Usage, ViewerId};

use crate::error::{TableError, busy, damaged};
use crate::{Store, StoreError, keys, rows};

/// The most viewers of one name that are told apart.
const MAX_MATCHES: i32 = 10;

/// Everything a command may need to know about its viewer and reward.
#[derive(Debug, Clone, Default)]
pub struct Loaded {
    /// Who they are; `None` when never met.
    pub profile: Option<Profile>,
    /// What they have.
    pub account: Account,
    /// The broadcast.
    pub stream: StreamState,
    /// How much everybody has used the reward.
    pub everybody: Usage,
    /// How much they have.
    pub own: Usage,
}

impl Store {
    /// Reads, in one request and as last written, what a command of `viewer` needs, with `reward` if it has one.
    ///
    /// # Errors
    /// [`StoreError`] when it cannot be read.
    pub async fn load(&self, viewer: &ViewerId, reward: Option<&RewardId>) -> Result<Loaded, StoreError> {
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

    /// The viewers that `viewer` may mean, and what they have; at most 10.
    ///
    /// # Errors
    /// [`StoreError`] when they cannot be read.
    pub async fn matching_viewers(&self, viewer: &ViewerRef) -> Result<Vec<ViewerMatch>, StoreError> {
        let doing = "looking a viewer up";
        let damaged = damaged(doing);
        let ids: Vec<ViewerId> = match viewer {
            ViewerRef::Id(id) => vec![id.clone()],
            ViewerRef::Name(name) if fold_name(name).is_empty() => return Ok(Vec::new()),
            ViewerRef::Name(name) => {
                let limit = usize::try_from(MAX_MATCHES).unwrap_or_default();
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

    /// What `viewers` are called, in one request for each hundred. Whoever is not known is missing.
    ///
    /// # Errors
    /// [`StoreError`] when they cannot be read.
    pub async fn names(&self, viewers: &[ViewerId]) -> Result<HashMap<ViewerId, String>, StoreError> {
        let found = self.get_many(viewers.iter().map(keys::profile), "reading names").await?;
        let name = |viewer: &ViewerId| found.get(&keys::profile(viewer))?.get("name").map(str::to_owned);
        Ok(viewers.iter().filter_map(|viewer| Some((viewer.clone(), name(viewer)?))).collect())
    }
}
