//! Viewers: their profiles, accounts and names.

use std::collections::HashMap;

use ownchatbot_domain::command::ViewerRef;
use ownchatbot_domain::decide::ViewerMatch;
use ownchatbot_domain::viewer::fold_name;
use ownchatbot_domain::{Account, Person, Profile, RewardId, StreamState, Usage, ViewerId};

use crate::error::{TableError, busy, damaged};
use crate::item::Item;
use crate::keys::Key;
use crate::usage::viewer_usages_in;
use crate::{Store, StoreError, keys, rows};

/// The most viewers of one name that are returned.
const MAX_MATCHES: i32 = 10;

/// Everything that a command may need about its viewer and reward, read in one request.
#[derive(Debug, Clone, Default)]
pub struct LoadedViewer {
    /// The viewer's profile; `None` when the viewer is unknown.
    pub profile: Option<Profile>,
    /// The viewer's account; empty when the viewer is unknown.
    pub account: Account,
    /// The state of the stream.
    pub stream: StreamState,
    /// The usage of the reward by all viewers.
    pub everybody: Usage,
    /// The usage of the reward by the viewer.
    pub own: Usage,
}

/// What a viewer's own page shows beside their ledger.
#[derive(Debug, Clone, Default)]
pub struct OwnPage {
    /// Who they are, what they have, and the stream.
    pub loaded: LoadedViewer,
    /// How they have used each reward. What they never used is missing.
    pub uses: HashMap<RewardId, Usage>,
    /// What others are called. Who is not known is missing.
    pub names: HashMap<ViewerId, String>,
}

impl Store {
    /// Reads what a command of `viewer` needs, with the usage of `reward` if it has one, in one consistent
    /// request.
    ///
    /// # Errors
    /// [`StoreError`] when it cannot be read, and [`StoreError::Busy`] while the viewer is being created.
    pub async fn load(
        &self,
        viewer: &ViewerId,
        reward: Option<&RewardId>,
    ) -> Result<LoadedViewer, StoreError> {
        let doing = "reading a viewer";
        let damaged = damaged(doing);
        let uses = reward.map(|reward| (keys::reward_state(reward), keys::own_use(viewer, reward)));
        let mut wanted = keys_of(viewer).to_vec();
        wanted.extend(uses.iter().flat_map(|(everybody, own)| [everybody.clone(), own.clone()]));
        let mut found = self.get_all(wanted, doing).await?;
        let mut loaded = loaded(viewer, &mut found, doing)?;
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

    /// Reads, as last written and in one request for each hundred items, what the page of `viewer` shows: themselves, how
    /// they have used `rewards`, and what `people` are called.
    ///
    /// # Errors
    /// [`StoreError`] when it cannot be read.
    pub async fn own_page(
        &self,
        viewer: &ViewerId,
        rewards: &[RewardId],
        people: &[ViewerId],
    ) -> Result<OwnPage, StoreError> {
        let doing = "reading what a viewer's page shows";
        let viewer_usages = rewards.iter().map(|reward| keys::own_use(viewer, reward));
        let wanted = keys_of(viewer).into_iter().chain(viewer_usages).chain(people.iter().map(keys::profile));
        let mut found = self.get_many(wanted, doing).await?;
        let names = names_in(&found, people);
        let uses = viewer_usages_in(&found, viewer, rewards).map_err(damaged(doing))?;
        Ok(OwnPage { loaded: loaded(viewer, &mut found, doing)?, uses, names })
    }

    /// The viewers that `viewer` may mean, and what they have; at most 10.
    ///
    /// # Errors
    /// [`StoreError`] when the viewers cannot be read.
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

    /// The names of `viewers`, in one request for each hundred. Unknown viewers are missing from the map.
    ///
    /// # Errors
    /// [`StoreError`] when the names cannot be read.
    pub async fn names(&self, viewers: &[ViewerId]) -> Result<HashMap<ViewerId, String>, StoreError> {
        let found = self.get_many(viewers.iter().map(keys::profile), "reading names").await?;
        Ok(names_in(&found, viewers))
    }
}

/// Where a viewer and the stream are found.
fn keys_of(viewer: &ViewerId) -> [Key; 3] {
    [keys::balance(viewer), keys::profile(viewer), keys::stream_state()]
}

/// The viewer and the stream out of `found`.
fn loaded(
    viewer: &ViewerId,
    found: &mut HashMap<Key, Item>,
    doing: &'static str,
) -> Result<LoadedViewer, StoreError> {
    let damaged = damaged(doing);
    let [balance, profile, stream] = keys_of(viewer);
    // A viewer who is being erased counts as unknown.
    found.retain(|key, item| *key != balance || rows::erasure::is_balance(item));
    // A batch may be read while a transaction is being carried out. Half a newcomer is not a newcomer with nothing.
    if found.contains_key(&profile) != found.contains_key(&balance) {
        return Err(busy(doing, TableError::HalfRead));
    }
    let mut loaded = LoadedViewer::default();
    if let Some(item) = found.get(&profile) {
        loaded.profile = Some(rows::viewer::read_profile(viewer, item).map_err(&damaged)?);
    }
    if let Some(item) = found.get(&balance) {
        loaded.account = rows::viewer::read_balance(item).map_err(&damaged)?;
    }
    if let Some(item) = found.get(&stream) {
        loaded.stream = rows::stream::read(item).map_err(&damaged)?;
    }
    Ok(loaded)
}

fn names_in(found: &HashMap<Key, Item>, viewers: &[ViewerId]) -> HashMap<ViewerId, String> {
    let name = |viewer: &ViewerId| found.get(&keys::profile(viewer))?.get("name").map(str::to_owned);
    viewers.iter().filter_map(|viewer| Some((viewer.clone(), name(viewer)?))).collect()
}
