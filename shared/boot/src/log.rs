//! The log of a function.

use std::error::Error;

use ownchatbot_app::ErrorChain;
use tracing_subscriber::EnvFilter;

/// Logs JSON to standard output, which Lambda collects. `RUST_LOG` sets what; default: our own from `info`, the
/// libraries' from `warn`.
pub fn init() {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new(DEFAULT));
    // Lambda stamps every line with its time.
    let log =
        tracing_subscriber::fmt().json().with_env_filter(filter).with_current_span(false).without_time();
    // A second call in one process keeps the first log.
    let _ = log.try_init();
}

/// What is logged unless `RUST_LOG` says otherwise.
pub const DEFAULT: &str = "warn,ownchatbot_app=info,ownchatbot_local=info,ownchatbot_schedules=info,owncast_hook=info,dispatch=info,\
     points_tick=info,announcements=info,deadlines=info,watchdog=info,viewer_panel=info";

/// Logs why an invocation failed, and hands the error on, for Lambda to count and to try again.
pub fn failure(error: impl Error + Send + Sync + 'static) -> Box<dyn Error + Send + Sync> {
    tracing::error!(error = %ErrorChain(&error), "the invocation failed");
    error.into()
}
