#![doc = include_str!("../README.md")]

use ownchatbot_app::RunError;
use ownchatbot_app::ports::{Clock, Owncast};
use ownchatbot_app::tick::{TickReport, on_tick};
use ownchatbot_boot::{BotDeps, SlotEvent};

/// Pays everybody who is watching, for the slot of `event`.
///
/// # Errors
/// [`RunError`] when Owncast does not respond, or the table cannot be read or written; a retry of the same
/// slot pays the rest.
pub async fn handle<C: Clock, O: Owncast, H>(
    deps: &BotDeps<C, O, H>,
    event: SlotEvent,
) -> Result<TickReport, RunError> {
    let began = deps.context.clock.now();
    let report = on_tick(&deps.context, &deps.owncast, event.planned()).await?;
    if report.live {
        let took = deps.context.clock.now().since(began);
        let TickReport { present, paid, .. } = report;
        tracing::info!(slot = %event.slot, present, paid, duration_ms = took.ms(), "paid a tick");
    }
    Ok(report)
}
