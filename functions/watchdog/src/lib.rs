#![doc = include_str!("../README.md")]

use ownchatbot_app::RunError;
use ownchatbot_app::ports::{Clock, Owncast, Schedules};
use ownchatbot_app::watchdog::{WatchReport, on_watchdog};
use ownchatbot_boot::BotDeps;
use ownchatbot_domain::Timestamp;
use serde::Deserialize;

/// What the function is called with.
#[derive(Debug, Clone, Deserialize)]
pub struct WatchdogEvent {
    /// The run's planned time, in RFC 3339.
    pub slot: jiff::Timestamp,
}

/// Mends what is to mend, in the run planned at the slot of `event`.
///
/// # Errors
/// [`RunError`] when the table is in the way; the next run finds the same.
pub async fn handle<C: Clock, O: Owncast, H: Schedules>(
    deps: &BotDeps<C, O, H>,
    event: WatchdogEvent,
) -> Result<WatchReport, RunError> {
    let slot = Timestamp::from_ms(event.slot.as_millisecond());
    // Everything that the bot does can happen in here; unboxed, the compiler gives up on the size of it.
    let report = Box::pin(on_watchdog(&deps.context, &deps.owncast, &deps.schedules, slot)).await?;
    if report != (WatchReport { asked: report.asked, ..WatchReport::default() }) {
        tracing::info!(slot = %event.slot, ?report, "mended");
    }
    Ok(report)
}
