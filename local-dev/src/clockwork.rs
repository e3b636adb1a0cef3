//! What happens by the clock: the schedules, the watchdog, and deliveries that are due.

use std::sync::Arc;
use std::time::Duration;

use announcements::AnnouncementsEvent;
use deadlines::DeadlineEvent;
use ownchatbot_app::ErrorChain;
use ownchatbot_app::deliver::{DeliveryTargets, on_due};
use ownchatbot_app::ports::Clock;
use ownchatbot_boot::{BotDeps, SystemClock};
use ownchatbot_domain::{Task, Timestamp};
use ownchatbot_owncast::OwncastClient;
use ownchatbot_schedules::{Local, Run};
use points_tick::TickEvent;
use tokio::time::sleep;
use watchdog::WatchdogEvent;

/// The table, Owncast and the schedules of this computer.
pub(crate) type Bot = Arc<BotDeps<SystemClock, OwncastClient, Local<SystemClock>>>;

/// How often deliveries that are due are looked for.
const REDRIVE: Duration = Duration::from_secs(2);
/// The watchdog's interval, in milliseconds.
const MINUTE: i64 = 60_000;
/// At these planned times the watchdog asks Owncast also while the stream is off, in milliseconds.
const ALWAYS_ASKS: i64 = 5 * MINUTE;

/// Runs what is scheduled, for ever.
pub(crate) async fn schedules(bot: Bot) {
    let bot = &bot;
    bot.schedules.run(move |run| fire(bot.clone(), run)).await;
}

/// Calls the function that EventBridge would call.
async fn fire(bot: Bot, run: Run) -> Result<(), String> {
    let slot = rfc_3339(run.slot);
    let told = |error: &(dyn std::error::Error + 'static)| ErrorChain(error).to_string();
    match run.task {
        Task::PointsTick => match points_tick::handle(&bot, TickEvent { slot }).await {
            Ok(_) => Ok(()),
            Err(error) => Err(told(&error)),
        },
        Task::Announcements => match announcements::handle(&bot, AnnouncementsEvent { slot }).await {
            Ok(_) => Ok(()),
            Err(error) => Err(told(&error)),
        },
        task @ (Task::Timer(_) | Task::Deadline(_)) => {
            match deadlines::handle(&bot.context, DeadlineEvent { task, slot }).await {
                Ok(_) => Ok(()),
                Err(error) => Err(told(&error)),
            }
        }
    }
}

/// Lets the watchdog look at once and then each minute, for ever.
pub(crate) async fn watch(bot: Bot) {
    loop {
        let now = bot.context.clock.now().ms();
        // Asking costs nothing here, and nobody has to wait for it.
        let slot = rfc_3339(Timestamp::from_ms(now - now % ALWAYS_ASKS));
        if let Err(error) = watchdog::handle(&bot, WatchdogEvent { slot }).await {
            tracing::error!(error = %ErrorChain(&error), "the watchdog could not mend everything");
        }
        let left = MINUTE - bot.context.clock.now().ms() % MINUTE;
        sleep(Duration::from_millis(left.unsigned_abs())).await;
    }
}

/// Takes up what is due, for ever. Here nobody has to wait for the watchdog's minute.
pub(crate) async fn redrive(bot: Bot) {
    loop {
        sleep(REDRIVE).await;
        let outside = DeliveryTargets { owncast: &bot.owncast, schedules: &bot.schedules };
        if let Err(error) = on_due(&bot.context, outside).await {
            tracing::error!(error = %ErrorChain(&error), "nobody knows what is due");
        }
    }
}

fn rfc_3339(at: Timestamp) -> jiff::Timestamp {
    // A moment is within the years 1970 to 9999, all of which jiff knows.
    jiff::Timestamp::from_millisecond(at.ms()).unwrap_or(jiff::Timestamp::UNIX_EPOCH)
}
