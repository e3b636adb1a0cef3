//! The document as it was last built, and whether that will do.

use std::sync::Arc;
use std::time::Duration;

use ownchatbot_app::live::public_snapshot;
use ownchatbot_app::ports::Clock;
use ownchatbot_app::{Context, ErrorChain, SigningKey};
use ownchatbot_domain::{Span, Timestamp};
use ownchatbot_store::PublicSnapshot;
use ownchatbot_web::{ETag, Packed};
use tokio::sync::Mutex;
use tokio::time::timeout;

use crate::document::Document;
use crate::pace::has_moved;

/// For so long a document will do, and for so long nothing is tried again after a failure.
const FRESH: Span = Span::seconds(1);
/// For so long a document will do when there is no newer one.
const STALE: Span = Span::minutes(1);
/// How long the table may take, below the function's own time: what is a little older is better than what comes late.
const PATIENCE: Duration = Duration::from_secs(4);

/// A document, ready to be sent.
#[derive(Debug)]
pub(crate) struct Built {
    document: Document,
    /// When it was ready. Its content may be older by as long as the table took.
    ready: Timestamp,
    /// When votes, goals or the queue were last seen to change.
    moved: Option<Timestamp>,
    pub(crate) etag: ETag,
    pub(crate) packed: Packed,
}

/// There is no document that is young enough, and none can be built.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Nothing;

/// What a process remembers.
#[derive(Debug, Default)]
struct Memory {
    built: Option<Arc<Built>>,
    /// When a try failed, unless a later one did not.
    failed: Option<Timestamp>,
}

/// The newest document. Whoever comes while it is being built waits for it.
#[derive(Debug, Default)]
pub(crate) struct Live(Mutex<Memory>);

impl Live {
    /// The document, not older than a second; than a minute when the table fails.
    pub(crate) async fn document<C: Clock>(
        &self,
        context: &Context<C>,
        key: &SigningKey,
    ) -> Result<Arc<Built>, Nothing> {
        let mut memory = self.0.lock().await;
        // Read only now: this request may have waited for another one.
        let now = context.clock.now();
        if let Some(built) = memory.built.as_ref().filter(|built| is_within(FRESH, built.ready, now)) {
            return Ok(built.clone());
        }
        if !memory.failed.is_some_and(|failed| is_within(FRESH, failed, now)) {
            let looked = timeout(PATIENCE, public_snapshot(context)).await;
            let now = context.clock.now();
            let built = match looked {
                Ok(Ok(snapshot)) => build(&snapshot, key, memory.built.as_deref(), now),
                Ok(Err(error)) => {
                    tracing::error!(error = %ErrorChain(&error), "cannot see what there is to show");
                    None
                }
                Err(_) => {
                    tracing::error!("the table takes too long to say what there is to show");
                    None
                }
            };
            match built {
                Some(built) => *memory = Memory { built: Some(Arc::new(built)), failed: None },
                None => memory.failed = Some(now),
            }
        }
        let now = context.clock.now();
        memory.built.clone().filter(|built| is_within(STALE, built.ready, now)).ok_or(Nothing)
    }
}

fn build(
    snapshot: &PublicSnapshot,
    key: &SigningKey,
    before: Option<&Built>,
    ready: Timestamp,
) -> Option<Built> {
    let known = before.and_then(|before| before.moved);
    let mut document = Document::of(snapshot, key, known);
    let mut moved = known;
    if before.is_some_and(|before| has_moved(&before.document, &document)) {
        moved = Some(snapshot.at);
        document = Document::of(snapshot, key, moved);
    }
    let timeless = serde_json::to_vec(&Document { at: 0, ..document.clone() });
    let (Ok(timeless), Ok(whole)) = (timeless, serde_json::to_vec(&document)) else {
        tracing::error!("a document could not be written");
        return None;
    };
    let (etag, packed) = (ETag::of(&timeless), Packed::new("application/json", whole));
    Some(Built { document, ready, moved, etag, packed })
}

/// Whether `at` is not longer ago than `span`. A clock that was set back must not keep anything alive.
fn is_within(span: Span, at: Timestamp, now: Timestamp) -> bool {
    at <= now && now.since(at) < span
}
