//! The cache of the document: it is built at most once a second in a process.

use std::sync::Arc;
use std::time::Duration;

use ownchatbot_app::live::public_snapshot;
use ownchatbot_app::ports::Clock;
use ownchatbot_app::{Cached, Context, ErrorChain, SigningKey};
use ownchatbot_domain::{Span, Timestamp};
use ownchatbot_store::PublicSnapshot;
use ownchatbot_texts::Texts;
use ownchatbot_web::{ETag, Packed};
use tokio::time::timeout;

use crate::document::Document;
use crate::pace::has_moved;

/// The cache TTL of a document, and the pause after a failure. The age counts from when the document was
/// ready; its content may be older by the time that the table took.
const FRESH: Span = Span::seconds(1);
/// The maximum age of a document that is sent while the table fails.
const STALE: Span = Span::minutes(1);
/// How long the table may take, which is less than the function's own timeout: an older document is better
/// than a late one.
const PATIENCE: Duration = Duration::from_secs(4);

/// A document, serialized and compressed.
#[derive(Debug)]
pub(crate) struct Built {
    document: Document,
    /// When this process last saw votes, goals or the queue change.
    moved: Option<Timestamp>,
    pub(crate) etag: ETag,
    pub(crate) packed: Packed,
}

/// The newest document. Requests that arrive while it is being built wait for it.
#[derive(Debug)]
pub(crate) struct Live(Cached<Built>);

impl Default for Live {
    /// No document yet.
    fn default() -> Self {
        Self(Cached::new(FRESH).with_fallback(STALE, FRESH))
    }
}

impl Live {
    /// The document, at most a second old, or at most a minute old while the table fails. `None` when it
    /// cannot be built and there is none of the last minute.
    pub(crate) async fn document<C: Clock>(
        &self,
        context: &Context<C>,
        key: &SigningKey,
    ) -> Option<Arc<Built>> {
        let read = async {
            match timeout(PATIENCE, public_snapshot(context)).await {
                Ok(Ok(snapshot)) => build(&snapshot, key, context.texts, self.0.newest().as_deref()),
                Ok(Err(error)) => {
                    tracing::error!(error = %ErrorChain(&error), "could not read the public snapshot for live.json");
                    None
                }
                Err(_) => {
                    tracing::error!("reading the public snapshot for live.json timed out");
                    None
                }
            }
        };
        self.0.get_or_stale(&context.clock, read).await
    }
}

fn build(
    snapshot: &PublicSnapshot,
    key: &SigningKey,
    texts: &'static Texts,
    before: Option<&Built>,
) -> Option<Built> {
    let words = texts.overlay_words(&snapshot.config.settings.points.name);
    let known = before.and_then(|before| before.moved);
    let mut document = Document::of(snapshot, key, known, &words);
    let mut moved = known;
    if before.is_some_and(|before| has_moved(&before.document, &document)) {
        moved = Some(snapshot.at);
        document = Document::of(snapshot, key, moved, &words);
    }
    let timeless = serde_json::to_vec(&Document { at: 0, ..document.clone() });
    let (Ok(timeless), Ok(whole)) = (timeless, serde_json::to_vec(&document)) else {
        tracing::error!("could not serialize live.json");
        return None;
    };
    let (etag, packed) = (ETag::of(&timeless), Packed::new("application/json", whole));
    Some(Built { document, moved, etag, packed })
}
