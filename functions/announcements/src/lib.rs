#![doc = include_str!("../README.md")]

use ownchatbot_app::RunError;
use ownchatbot_app::announce::{Announcement, on_announcements};
use ownchatbot_app::ports::{Clock, Owncast};
use ownchatbot_boot::BotDeps;
use ownchatbot_domain::Timestamp;
use serde::Deserialize;

/// What the function is called with.
#[derive(Debug, Clone, Deserialize)]
pub struct AnnouncementsEvent {
    /// The run's planned time, in RFC 3339.
    pub slot: jiff::Timestamp,
}

/// Says the line whose turn it is, for the slot of `event`.
///
/// # Errors
/// [`RunError`] when the table is in the way; the same slot again does what is left.
pub async fn handle<C: Clock, O: Owncast, H>(
    deps: &BotDeps<C, O, H>,
    event: AnnouncementsEvent,
) -> Result<Announcement, RunError> {
    let slot = Timestamp::from_ms(event.slot.as_millisecond());
    let outcome = on_announcements(&deps.context, &deps.owncast, slot).await?;
    tracing::info!(slot = %event.slot, ?outcome, "announcements");
    Ok(outcome)
}
