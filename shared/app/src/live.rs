//! What everybody may see at one moment: what overlays and panels are drawn from.

use ownchatbot_store::{PublicSnapshot, StoreError};

use crate::context::Context;
use crate::ports::Clock;

/// Reads everything that everybody may see, in three requests; the configuration may be the remembered one.
///
/// # Errors
/// [`StoreError`] when it cannot be read.
pub async fn public_snapshot<C: Clock>(ctx: &Context<C>) -> Result<PublicSnapshot, StoreError> {
    let (config, at) = (ctx.config().await?, ctx.clock.now());
    ctx.store.public_snapshot(config, at).await
}

/// The same without alerts, which only overlays show, in two requests.
///
/// # Errors
/// [`StoreError`] when it cannot be read.
pub async fn snapshot_without_alerts<C: Clock>(ctx: &Context<C>) -> Result<PublicSnapshot, StoreError> {
    let (config, at) = (ctx.config().await?, ctx.clock.now());
    ctx.store.snapshot_without_alerts(config, at).await
}
