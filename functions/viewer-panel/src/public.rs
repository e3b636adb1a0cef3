//! What everybody sees, read at most once a second in a process.

use std::sync::Arc;

use ownchatbot_app::Context;
use ownchatbot_app::live::public_snapshot;
use ownchatbot_app::ports::Clock;
use ownchatbot_domain::reward::Kind;
use ownchatbot_domain::{Redemption, Span, Timestamp};
use ownchatbot_owncast::BaseUrl;
use ownchatbot_store::PublicSnapshot;
use ownchatbot_store::StoreError;
use tokio::sync::Mutex;

use crate::emoji::{EmojiList, Emojis};

/// For so long it will do for whoever has not just changed it.
const FRESH: Span = Span::seconds(1);
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

/// What everybody sees, as it was last read.
#[derive(Debug, Default)]
pub(crate) struct Eyes(Mutex<Option<(Timestamp, Arc<Public>)>>);

impl Eyes {
    /// What everybody sees, at most a second old; read anew when it has to be `newest`.
    pub(crate) async fn see<C: Clock>(
        &self,
        context: &Context<C>,
        emojis: &EmojiList,
        owncast: &BaseUrl,
        newest: bool,
    ) -> Result<Arc<Public>, StoreError> {
        let mut seen = self.0.lock().await;
        // Read only now: this request may have waited for another one.
        let now = context.clock.now();
        let young = |at: Timestamp| at <= now && now.since(at) < FRESH;
        if let Some((_, public)) = seen.as_ref().filter(|(at, _)| !newest && young(*at)) {
            return Ok(public.clone());
        }
        let (snapshot, recent, emojis) = tokio::join!(
            public_snapshot(context),
            context.store.finished(now, RECENT),
            emojis.get(&context.clock, owncast)
        );
        let public = Arc::new(Public { snapshot: snapshot?, recent: recent?, emojis });
        *seen = Some((context.clock.now(), public.clone()));
        Ok(public)
    }
}
