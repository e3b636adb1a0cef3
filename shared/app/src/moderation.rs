//! Moderators hide messages, and with them what they brought into the queue.

use std::collections::BTreeSet;

use ownchatbot_domain::{Change, Decision, EventId, QueueChange, RedemptionKey, Source, Span, Timestamp};

use crate::context::Context;
use crate::outcome::Outcome;
use crate::ports::Clock;
use crate::retry::{AppError, retry_until_deadline};
use ownchatbot_store::{Store, StoreError};

/// As many messages of one event are looked at: one transaction must be able to change them all.
const MAX_MESSAGES: usize = 45;
/// A message that is hidden later than this was moderated for what came after it.
const HIDDEN_WITHIN: Span = Span::minutes(1);

/// Messages were hidden at `at`, or shown again. The notes of redeems go with them: hidden where the redeem is not older
/// than a minute, shown again whenever the message is.
///
/// # Errors
/// [`AppError`] when the table is in the way. Nothing is half done then.
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
    // What is no id was never handled either. A set, since the same message may be named twice.
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
        let decision = Decision { changes, effects: Vec::new() };
        Ok(Outcome::of(ctx.store.commit(Some(event), now, &decision).await?))
    })
    .await
}

/// What happens to the notes that came with `ids`: hidden where they came within a minute of `hidden_at`, shown where
/// there is no such time.
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
