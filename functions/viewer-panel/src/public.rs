//! What everybody sees, read at most once a second in a process.

use std::sync::Arc;

use ownchatbot_app::live::public_snapshot;
use ownchatbot_app::ports::Clock;
use ownchatbot_domain::reward::Kind;
use ownchatbot_domain::{Redemption, Span};
use ownchatbot_store::PublicSnapshot;
use ownchatbot_store::StoreError;

use crate::Deps;
use crate::emoji::Emojis;

/// The age up to which it is shown to who has not just changed it.
pub(crate) const FRESH: Span = Span::seconds(1);
/// As much of what has left the queue is shown.
const RECENT: usize = 15;

/// What everybody sees.
#[derive(Debug)]
pub(crate) struct Public {
    /// Rewards, queue, boards and stream.
    pub(crate) snapshot: PublicSnapshot,
    /// What has left the queue, the newest first.
    pub(crate) recent: Vec<Redemption>,
    /// Owncast's emoji.
    pub(crate) emojis: Arc<Emojis>,
}

impl Public {
    /// All votes that were given.
    pub(crate) fn votes(&self) -> u64 {
        let votes = self.snapshot.config.live_rewards().filter(|reward| matches!(reward.kind, Kind::Vote(_)));
        votes.filter_map(|reward| self.snapshot.usages.get(&reward.id)).map(|usage| usage.count).sum()
    }
}

impl<C: Clock> Deps<C> {
    /// What everybody sees, at most a second old; read again where somebody has just changed it.
    pub(crate) async fn public(&self, changed: bool) -> Result<Arc<Public>, StoreError> {
        let (context, owncast) = (&self.context, self.owncast().await?);
        let read = async {
            let (snapshot, recent, emojis) = tokio::join!(
                public_snapshot(context),
                context.store.finished(context.clock.now(), RECENT),
                self.emojis.get(&context.clock, &owncast)
            );
            Ok(Public { snapshot: snapshot?, recent: recent?, emojis })
        };
        if changed {
            self.public.renew(&context.clock, read).await
        } else {
            self.public.get_shared(&context.clock, read).await
        }
    }
}
