#![doc = include_str!("../README.md")]

use ownchatbot_app::RunError;
use ownchatbot_app::announce::{Announcement, on_announcements};
use ownchatbot_app::ports::{Clock, Owncast};
use ownchatbot_boot::{BotDeps, SlotEvent};

/// Says the line whose turn it is, for the slot of `event`.
///
/// # Errors
/// [`RunError`] when the table cannot be read or written; a retry of the same slot does the rest.
pub async fn handle<C: Clock, O: Owncast, H>(
    deps: &BotDeps<C, O, H>,
    event: SlotEvent,
) -> Result<Announcement, RunError> {
    let outcome = on_announcements(&deps.context, &deps.owncast, event.planned()).await?;
    tracing::info!(slot = %event.slot, ?outcome, "announcements");
    Ok(outcome)
}
