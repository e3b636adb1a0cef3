//! Viewers who join or leave the chat or change their name.

use ownchatbot_domain::decide::meet;
use ownchatbot_domain::{Change, Decision, EventId, Person, ViewerChange};
use ownchatbot_store::Commit;

use crate::context::Context;
use crate::outcome::Outcome;
use crate::ports::Clock;
use crate::retry::{AppError, retry_until_deadline};

/// Handles somebody who joined the chat: an unknown viewer is added with their welcome points, and a known
/// one's profile and last-seen time are updated.
///
/// # Errors
/// [`AppError`] when the table cannot be read or written.
pub async fn on_joined<C>(ctx: &Context<C>, person: &Person) -> Result<Outcome, AppError>
where
    C: Clock,
{
    encounter(ctx, person, None, true).await
}

/// Handles a viewer who changed their name. `event` is the idempotency key, so that a late repeat of the
/// event does not restore a name that has been changed again.
///
/// # Errors
/// [`AppError`] when the table cannot be read or written.
pub async fn on_renamed<C>(ctx: &Context<C>, event: &EventId, person: &Person) -> Result<Outcome, AppError>
where
    C: Clock,
{
    encounter(ctx, person, Some(event), false).await
}

/// Handles a viewer who left the chat: their last-seen time is updated. An unknown viewer is not added.
///
/// # Errors
/// [`AppError`] when the table cannot be read or written.
pub async fn on_parted<C>(ctx: &Context<C>, person: &Person) -> Result<Outcome, AppError>
where
    C: Clock,
{
    let seen = &Decision::change(ViewerChange::Seen { viewer: person.id.clone() });
    retry_until_deadline(ctx.deadline, |_| async move {
        Ok(Some(match ctx.store.commit(None, ctx.clock.now(), seen).await? {
            Commit::Applied => Outcome::Done,
            Commit::Duplicate | Commit::Stale => Outcome::Ignored,
        }))
    })
    .await
}

/// Adds the writer of a message to the table if they are unknown. Makes no request for a viewer whom this
/// process has cached.
pub(crate) async fn make_known<C>(ctx: &Context<C>, person: &Person) -> Result<(), AppError>
where
    C: Clock,
{
    if !ctx.knows(person) {
        encounter(ctx, person, None, false).await?;
    }
    Ok(())
}

async fn encounter<C>(
    ctx: &Context<C>,
    person: &Person,
    event: Option<&EventId>,
    note_seen: bool,
) -> Result<Outcome, AppError>
where
    C: Clock,
{
    if person.bot {
        return Ok(Outcome::Ignored);
    }
    let config = ctx.settled_config().await?;
    let welcome = config.settings.points.welcome;
    let outcome = retry_until_deadline(ctx.deadline, |_| async move {
        let loaded = ctx.store.load(&person.id, None).await?;
        let change = match meet(loaded.profile.as_ref(), person, welcome) {
            Some(change) => change,
            None if note_seen => Change::Viewer(ViewerChange::Seen { viewer: person.id.clone() }),
            None => return Ok(Some(Outcome::Ignored)),
        };
        let decision = Decision::change(change);
        Ok(Outcome::of(ctx.store.commit(event, ctx.clock.now(), &decision).await?))
    })
    .await?;
    ctx.remember(person);
    Ok(outcome)
}
