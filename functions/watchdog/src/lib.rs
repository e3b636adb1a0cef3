#![doc = include_str!("../README.md")]

use ownchatbot_app::RunError;
use ownchatbot_app::ports::{Clock, Owncast, Schedules};
use ownchatbot_app::watchdog::{WatchReport, on_watchdog};
use ownchatbot_boot::{BotDeps, SlotEvent};

/// Mends what is to mend, in the run planned at the slot of `event`.
///
/// # Errors
/// [`RunError`] when the table cannot be read or written; the next run does the rest.
pub async fn handle<C: Clock, O: Owncast, H: Schedules>(
    deps: &BotDeps<C, O, H>,
    event: SlotEvent,
) -> Result<WatchReport, RunError> {
    // Everything that the bot does can happen in here; unboxed, the compiler gives up on the size of it.
    let report =
        Box::pin(on_watchdog(&deps.context, &deps.owncast, &deps.schedules, event.planned())).await?;
    if report != (WatchReport { asked: report.asked, ..WatchReport::default() }) {
        tracing::info!(slot = %event.slot, ?report, "mended");
    }
    Ok(report)
}
