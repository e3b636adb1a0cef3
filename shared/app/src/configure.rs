//! Changes of the configuration: rewards, categories and settings. Each is committed in one transaction with
//! its receipt, the schedules that depend on it (as outbox rows) and a row in the audit log.

use ownchatbot_domain::{Configure, EventId, decide};

use crate::context::Context;
use crate::outcome::Outcome;
use crate::ports::Clock;
use crate::retry::{AppError, retry_until_deadline};

/// Saves `change` as a whole or not at all. `event` is the one-time key of the form that was sent, and the
/// idempotency key. Returns [`Outcome::Ignored`] when another change was saved first (optimistic
/// concurrency): an item no longer has the version that was read, or the command belongs to another reward.
///
/// # Errors
/// [`AppError`] when the table cannot be read or written, or it is unknown whether the change was saved.
pub async fn configure<C: Clock>(
    ctx: &Context<C>,
    event: &EventId,
    change: &Configure,
) -> Result<Outcome, AppError> {
    retry_until_deadline(ctx.deadline, |_| async move {
        let settings = ctx.store.config().await?.settings;
        let (live, now) = (ctx.store.stream().await?.live, ctx.clock.now());
        let decision = decide::configure(&settings, live, now, change.clone());
        let saved = ctx.commit(Some(event), now, decision).await?;
        Ok(Some(Outcome::of(saved).unwrap_or(Outcome::Ignored)))
    })
    .await
}
