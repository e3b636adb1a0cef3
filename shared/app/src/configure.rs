//! Saving what the streamer has set up, with what that does to the schedules and a row in the audit log.

use ownchatbot_domain::{Configure, EventId, decide};

use crate::context::Context;
use crate::outcome::Outcome;
use crate::ports::Clock;
use crate::retry::{AppError, retry_until_deadline};

/// Saves `change`, all of it or nothing. `event` is the click that asked for it. [`Outcome::Ignored`] when another change
/// came first: a part no longer has the version that was read, or a command belongs to another reward.
///
/// # Errors
/// [`AppError`] when it is not known to be saved.
pub async fn configure<C: Clock>(
    ctx: &Context<C>,
    event: &EventId,
    change: &Configure,
) -> Result<Outcome, AppError> {
    retry_until_deadline(ctx.deadline, |_| async move {
        let settings = ctx.store.config().await?.settings;
        let (live, now) = (ctx.store.stream().await?.live, ctx.clock.now());
        let decision = decide::configure(&settings, live, now, change.clone());
        let saved = ctx.store.commit(Some(event), now, &decision).await?;
        Ok(Some(Outcome::of(saved).unwrap_or(Outcome::Ignored)))
    })
    .await
}
