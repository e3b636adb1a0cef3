//! The public part of the page, read at most once a second in a process.

use std::sync::Arc;

use ownchatbot_app::live::snapshot_without_alerts;
use ownchatbot_app::ports::Clock;
use ownchatbot_domain::reward::Kind;
use ownchatbot_domain::{Redemption, Span};
use ownchatbot_store::{PublicSnapshot, StoreError};
use ownchatbot_texts::Words;

use crate::Deps;
use crate::emoji::Emojis;

/// The cache TTL for viewers who did not just change something.
pub(crate) const FRESH: Span = Span::seconds(1);
/// The most finished redemptions in the history.
const MAX_RECENT: usize = 15;

/// The public part of the page.
#[derive(Debug)]
pub(crate) struct Public {
    /// Rewards, queue, boards and stream, without alerts.
    pub(crate) snapshot: PublicSnapshot,
    /// Owncast's emoji.
    pub(crate) emojis: Arc<Emojis>,
    /// The words of the page.
    pub(crate) words: Words,
}

impl Public {
    /// The number of all votes that were cast.
    pub(crate) fn votes(&self) -> u64 {
        let votes = self.snapshot.config.live_rewards().filter(|reward| matches!(reward.kind, Kind::Vote(_)));
        votes.filter_map(|reward| self.snapshot.usages.get(&reward.id)).map(|usage| usage.count).sum()
    }
}

impl<C: Clock> Deps<C> {
    /// The words of the page.
    pub(crate) async fn words(&self) -> Result<Words, StoreError> {
        Ok(self.context.texts.panel_words(&self.context.config().await?.settings.points.name))
    }

    /// The public part, at most a second old; read again where the viewer has `changed` something.
    pub(crate) async fn public(&self, changed: bool) -> Result<Arc<Public>, StoreError> {
        let (context, owncast) = (&self.context, self.owncast().await?);
        let read = async {
            let (snapshot, emojis) =
                tokio::join!(snapshot_without_alerts(context), self.emojis.get(&context.clock, &owncast));
            let snapshot = snapshot?;
            let words = context.texts.panel_words(&snapshot.config.settings.points.name);
            Ok(Public { snapshot, emojis, words })
        };
        if changed {
            self.public.renew(&context.clock, read).await
        } else {
            self.public.get_shared(&context.clock, read).await
        }
    }

    /// Finished redemptions, the newest first, with the same maximum age as [`Self::public`].
    pub(crate) async fn recent(&self, changed: bool) -> Result<Arc<Vec<Redemption>>, StoreError> {
        let clock = &self.context.clock;
        let read = self.context.store.finished(clock.now(), MAX_RECENT);
        if changed { self.recent.renew(clock, read).await } else { self.recent.get_shared(clock, read).await }
    }
}
