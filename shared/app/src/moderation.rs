//! Messages that moderators hide: the notes of the redemptions that these messages made are hidden with them.

use std::collections::BTreeSet;

use ownchatbot_domain::{Change, Decision, EventId, QueueChange, RedemptionKey, Source, Span, Timestamp};
use ownchatbot_store::{Store, StoreError};

use crate::context::Context;
use crate::outcome::Outcome;
use crate::ports::Clock;
use crate::retry::{AppError, retry_until_deadline};

/// The most messages of one event that are handled: one transaction must be able to change them all.
const MAX_MESSAGES: usize = 45;
/// The age up to which a hidden message hides its note. An older one was probably hidden for what its writer
/// did later.
const HIDDEN_WITHIN: Span = Span::minutes(1);

/// Handles messages that were hidden at `at`, or shown again. The notes of the redemptions that they made are
/// hidden if they are at most a minute old, and shown again at any age.
///
/// # Errors
/// [`AppError`] when the table cannot be read or written. No note is changed then.
pub async fn on_visibility<C>(
    ctx: &Context<C>,
    event: &EventId,
    messages: &[String],
    visible: bool,
    at: Timestamp,
) -> Result<Outcome, AppError>
where
    C: Clock,
{
    // An invalid id cannot have a receipt. A set, because an event may list a message twice.
    let ids = messages.iter().filter_map(|id| EventId::new(Source::Owncast, id).ok());
    let ids: BTreeSet<EventId> = ids.take(MAX_MESSAGES).collect();
    let ids: &Vec<EventId> = &ids.into_iter().collect();
    if ids.is_empty() {
        return Ok(Outcome::Ignored);
    }
    retry_until_deadline(ctx.deadline, |_| async move {
        let now = ctx.clock.now();
        // Owncast's clock may be ahead of ours.
        let latest = if visible { None } else { Some(at.min(now)) };
        let changes = changes(&ctx.store, ids, latest).await?;
        if changes.is_empty() {
            return Ok(Some(Outcome::Ignored));
        }
        let decision = Decision::changes(changes);
        Ok(Outcome::of(ctx.store.commit(Some(event), now, &decision).await?))
    })
    .await
}

/// The changes for the notes that the messages `ids` made: those not older than [`HIDDEN_WITHIN`] at
/// `hidden_at` are hidden; without that time, all are shown.
async fn changes(
    store: &Store,
    ids: &[EventId],
    hidden_at: Option<Timestamp>,
) -> Result<Vec<Change>, StoreError> {
    let (handled, hidden) = (store.handled(ids).await?, hidden_at.is_some());
    let mut changes = Vec::new();
    for event in ids.iter().filter(|id| handled.contains(*id)) {
        let Some(at) = store.handled_at(event).await? else { continue };
        if hidden_at.is_some_and(|hidden_at| hidden_at.since(at) > HIDDEN_WITHIN) {
            continue;
        }
        let redemption = store.redemption(&RedemptionKey { at, event: event.clone() }).await?;
        let noted = redemption.filter(|entry| entry.note.is_some() && entry.note_hidden != hidden);
        changes.extend(noted.map(|redemption| Change::Queue(QueueChange::HideNote { redemption, hidden })));
    }
    Ok(changes)
}
