//! The log of a function.

use std::error::Error;

use ownchatbot_app::ErrorChain;
use tracing_subscriber::EnvFilter;

/// Logs JSON to standard output, which Lambda collects. `RUST_LOG` is the filter; the default is [`DEFAULT`].
pub fn init() {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new(DEFAULT));
    // Lambda adds a time to every line.
    let log =
        tracing_subscriber::fmt().json().with_env_filter(filter).with_current_span(false).without_time();
    // This fails when the log is set up already, which keeps the first one.
    let _ = log.try_init();
}

/// The filter unless `RUST_LOG` is set: our own events from `info`, those of libraries from `warn`.
pub const DEFAULT: &str = "warn,ownchatbot_app=info,ownchatbot_local=info,ownchatbot_schedules=info,owncast_hook=info,dispatch=info,\
     points_tick=info,announcements=info,deadlines=info,watchdog=info,viewer_panel=info";

/// Logs an invocation's error, and returns it for Lambda, which counts the failure and retries the event.
pub fn failure(error: impl Error + Send + Sync + 'static) -> Box<dyn Error + Send + Sync> {
    tracing::error!(error = %ErrorChain(&error), "the invocation failed");
    error.into()
}
