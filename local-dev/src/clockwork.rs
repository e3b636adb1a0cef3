//! What EventBridge is in the cloud: points ticks at their planned times, and deliveries that are due.

use std::sync::Arc;
use std::time::Duration;

use dispatch::DispatchEvent;
use ownchatbot_app::ports::{Clock, Owncast};
use ownchatbot_app::{Chain, stream};
use ownchatbot_boot::{Connected, SystemClock};
use ownchatbot_domain::Timestamp;
use ownchatbot_owncast::OwncastClient;
use points_tick::TickEvent;
use tokio::time::sleep;

type Bot = Arc<Connected<SystemClock, OwncastClient>>;

/// How often deliveries that are due are looked for.
const REDRIVE: Duration = Duration::from_secs(2);
/// How often a lost link to Owncast is tried at the start.
const LINK: Duration = Duration::from_secs(30);

/// Fires points ticks, for ever: each at a multiple of the interval, the first one no sooner than the next.
pub(crate) async fn ticks(bot: Bot) {
    loop {
        let interval = match bot.context.config().await {
            Ok(config) => config.settings.points.interval.ms().max(1000),
            Err(error) => {
                tracing::error!(error = %Chain(&error), "the points interval cannot be read");
                sleep(LINK).await;
                continue;
            }
        };
        let now = bot.context.clock.now().ms();
        let planned = (now / interval + 1) * interval;
        sleep(Duration::from_millis(u64::try_from(planned - now).unwrap_or_default())).await;
        let Ok(slot) = jiff::Timestamp::from_millisecond(planned) else { continue };
        if let Err(error) = points_tick::handle(&bot, TickEvent { slot }).await {
            tracing::error!(error = %Chain(&error), "a points tick failed");
        }
    }
}

/// Takes up what is due, for ever.
pub(crate) async fn redrive(bot: Bot) {
    loop {
        sleep(REDRIVE).await;
        let redrive = stamp(bot.context.clock.now());
        if let Err(error) = dispatch::handle(&bot, DispatchEvent::Redrive { redrive }).await {
            tracing::error!(error = %Chain(&error), "nobody knows what is due");
        }
    }
}

/// Asks Owncast once whether it is live: it may have gone on or off while we were away.
pub(crate) async fn catch_up(bot: Bot) {
    loop {
        match bot.owncast.status().await {
            Ok(status) => {
                if let Err(error) = stream::on_status(&bot.context, &status).await {
                    tracing::error!(error = %Chain(&error), "the stream's state cannot be written");
                }
                return;
            }
            Err(error) => {
                tracing::warn!(reason = %error, "Owncast does not answer; trying again in {} s", LINK.as_secs());
                sleep(LINK).await;
            }
        }
    }
}

fn stamp(now: Timestamp) -> String {
    jiff::Timestamp::from_millisecond(now.ms()).map(|time| time.to_string()).unwrap_or_default()
}
