//! Fulfilling and refunding redemptions.

use ownchatbot_domain::decide::close;
use ownchatbot_domain::{EventId, RedemptionKey, Status};

use crate::context::Context;
use crate::outcome::Outcome;
use crate::ports::Clock;
use crate::retry::{AppError, retry_until_deadline};

/// Fulfils or refunds the redemption `key`, as `to` says. `event` is the idempotency key. Returns
/// [`Outcome::Ignored`] when there is no such redemption, or its status cannot change to `to`.
///
/// # Errors
/// [`AppError`] when the table cannot be read or written. The redemption is unchanged then.
pub async fn on_close<C: Clock>(
    ctx: &Context<C>,
    event: &EventId,
    key: &RedemptionKey,
    to: Status,
) -> Result<Outcome, AppError> {
    retry_until_deadline(ctx.deadline, |_| async move {
        let Some(redemption) = ctx.store.redemption(key).await? else { return Ok(Some(Outcome::Ignored)) };
        let loaded = ctx.store.load(&redemption.viewer, Some(&redemption.reward)).await?;
        let Some(decision) = close(&redemption, to, &loaded.everybody, &loaded.own) else {
            return Ok(Some(Outcome::Ignored));
        };
        Ok(Outcome::of(ctx.commit(Some(event), ctx.clock.now(), decision).await?))
    })
    .await
}
