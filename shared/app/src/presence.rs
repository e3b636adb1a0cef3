//! Viewers who come, go and change their names.

use ownchatbot_domain::decide::meet;
use ownchatbot_domain::{Change, Decision, EventId, Person, ViewerChange};

use crate::context::Context;
use crate::outcome::Outcome;
use crate::ports::Clock;
use crate::retry::{AppError, retry_until_deadline};
use ownchatbot_store::Commit;

/// Somebody came: they are met, or noted as seen.
///
/// # Errors
/// [`AppError`] when the table is in the way.
pub async fn on_joined<C>(ctx: &Context<C>, person: &Person) -> Result<Outcome, AppError>
where
    C: Clock,
{
    encounter(ctx, person, None, true).await
}

/// Somebody has another name. A late copy of the event must not bring that name back when it is past.
///
/// # Errors
/// [`AppError`] when the table is in the way.
pub async fn on_renamed<C>(ctx: &Context<C>, event: &EventId, person: &Person) -> Result<Outcome, AppError>
where
    C: Clock,
{
    encounter(ctx, person, Some(event), false).await
}

/// Somebody left. Whoever was never met stays unknown.
///
/// # Errors
/// [`AppError`] when the table is in the way.
pub async fn on_parted<C>(ctx: &Context<C>, person: &Person) -> Result<Outcome, AppError>
where
    C: Clock,
{
    let seen = &Decision {
        changes: vec![Change::Viewer(ViewerChange::Seen { viewer: person.id.clone() })],
        effects: Vec::new(),
    };
    retry_until_deadline(ctx.deadline, |_| async move {
        Ok(Some(match ctx.store.commit(None, ctx.clock.now(), seen).await? {
            Commit::Applied => Outcome::Done,
            Commit::Duplicate | Commit::Stale => Outcome::Ignored,
        }))
    })
    .await
}

/// Makes sure that somebody who wrote is known. Costs nothing for whom this process has met.
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
        let decision = Decision { changes: vec![change], effects: Vec::new() };
        Ok(Outcome::of(ctx.store.commit(event, ctx.clock.now(), &decision).await?))
    })
    .await?;
    ctx.remember(person);
    Ok(outcome)
}
