//! The local counterpart of EventBridge: runs the schedules, the watchdog, and deliveries that are due.

use std::sync::Arc;
use std::time::Duration;

use deadlines::DeadlineEvent;
use ownchatbot_app::ErrorChain;
use ownchatbot_app::deliver::{DeliveryTargets, on_due};
use ownchatbot_app::ports::Clock;
use ownchatbot_boot::{BotDeps, SlotEvent, SystemClock};
use ownchatbot_domain::{Task, Timestamp};
use ownchatbot_owncast::OwncastClient;
use ownchatbot_schedules::{Local, Run};
use tokio::time::sleep;

/// The table, Owncast and the schedules of this computer.
pub(crate) type Bot = Arc<BotDeps<SystemClock, OwncastClient, Local<SystemClock>>>;

/// The interval at which deliveries that are due are looked for.
const REDRIVE: Duration = Duration::from_secs(2);
/// The watchdog's interval, in milliseconds.
const MINUTE: i64 = 60_000;
/// At planned times that are multiples of this, the watchdog calls Owncast even while the stream is offline,
/// in milliseconds.
const ALWAYS_ASKS: i64 = 5 * MINUTE;

/// Runs the schedules, until the task is cancelled.
pub(crate) async fn schedules(bot: Bot) {
    let bot = &bot;
    bot.schedules.run(move |run| fire(bot.clone(), run)).await;
}

/// Calls the function that EventBridge would call.
async fn fire(bot: Bot, run: Run) -> Result<(), String> {
    let event = SlotEvent::at(run.slot);
    let done = match run.task {
        Task::PointsTick => points_tick::handle(&bot, event).await.map(|_| ()),
        Task::Announcements => announcements::handle(&bot, event).await.map(|_| ()),
        task @ (Task::Timer(_) | Task::Deadline(_)) => {
            let event = DeadlineEvent { task, slot: event.slot };
            deadlines::handle(&bot.context, event).await.map(|_| ())
        }
    };
    done.map_err(|error| ErrorChain(&error).to_string())
}

/// Runs the watchdog at once and then each minute, until the task is cancelled.
pub(crate) async fn watch(bot: Bot) {
    loop {
        let now = bot.context.clock.now().ms();
        // Every run calls Owncast, because that costs nothing here.
        let event = SlotEvent::at(Timestamp::from_ms(now - now % ALWAYS_ASKS));
        if let Err(error) = watchdog::handle(&bot, event).await {
            tracing::error!(error = %ErrorChain(&error), "the watchdog could not repair everything");
        }
        let left = MINUTE - bot.context.clock.now().ms() % MINUTE;
        sleep(Duration::from_millis(left.unsigned_abs())).await;
    }
}

/// Retries deliveries that are due, until the task is cancelled. On Lambda the watchdog does this once a
/// minute.
pub(crate) async fn redrive(bot: Bot) {
    loop {
        sleep(REDRIVE).await;
        let targets = DeliveryTargets { owncast: &bot.owncast, schedules: &bot.schedules };
        if let Err(error) = on_due(&bot.context, targets).await {
            tracing::error!(error = %ErrorChain(&error), "could not retry the deliveries that are due");
        }
    }
}
