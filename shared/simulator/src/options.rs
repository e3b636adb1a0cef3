//! The configuration of the simulator.

use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use crate::clock::Clock;

/// The version of Owncast whose behaviour is simulated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Version {
    /// 0.1.3 (2024): no signature, no status in chat events, older JSON keys.
    V0_1_3,
    /// 0.2.5 (2026-04): the current payloads, no signature.
    V0_2_5,
    /// 0.3.0 (2026-09): signed webhooks.
    #[default]
    V0_3_0,
}

impl Version {
    /// The number, such as `0.3.0`.
    #[must_use]
    pub const fn number(self) -> &'static str {
        match self {
            Self::V0_1_3 => "0.1.3",
            Self::V0_2_5 => "0.2.5",
            Self::V0_3_0 => "0.3.0",
        }
    }
}

/// The URL that webhooks are sent to, and the secret that signs them.
#[derive(Clone, PartialEq, Eq)]
pub struct Webhook {
    /// The whole URL.
    pub url: String,
    /// The secret that signs webhooks since version 0.3.0. Without one, Owncast signs with an empty key.
    pub secret: Option<String>,
}

impl Webhook {
    /// A webhook without a secret.
    #[must_use]
    pub fn new(url: impl Into<String>) -> Self {
        Self { url: url.into(), secret: None }
    }

    /// A webhook with a secret.
    #[must_use]
    pub fn signed(url: impl Into<String>, secret: impl Into<String>) -> Self {
        Self { url: url.into(), secret: Some(secret.into()) }
    }
}

impl std::fmt::Debug for Webhook {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Webhook(…)")
    }
}

/// The setup of a simulator.
#[derive(Debug, Clone)]
pub struct Options {
    /// The version to simulate. Default: 0.3.0.
    pub version: Version,
    /// The only access token, with every permission. Default: `test-token`.
    pub token: String,
    /// The initial target of webhooks. Default: none are sent.
    pub webhook: Option<Webhook>,
    /// The number of webhooks that are sent at the same time, at least 1. Default: 2, as on a small server.
    pub workers: usize,
    /// The address to listen on. Default: any free port of 127.0.0.1.
    pub listen: SocketAddr,
    /// The time from the closing of a viewer's last tab to the viewer's departure. Default: Owncast's 10 s;
    /// tests use zero.
    pub part_delay: Duration,
    /// The clock. Default: one that starts at 2026-09-10 18:00 UTC.
    pub clock: Clock,
    /// Whether Ann, Bob, Cleo (moderator) and Dora (authenticated) are in chat from the start. Default: no.
    pub cast: bool,
    /// The URL of the bot's pages, for the link and the action on the simulator's page. Default: none.
    pub bot_url: Option<String>,
    /// The display name of the bot's messages. Default: `OwnchatBot`.
    pub bot_name: String,
}

impl Options {
    /// Options for a test whose bot shares its clock with the simulator: `now_ms` returns the milliseconds
    /// since 1970 (UTC). A viewer departs at once when the last tab closes, so that the test need not wait.
    #[must_use]
    pub fn with_time(now_ms: impl Fn() -> i64 + Send + Sync + 'static) -> Self {
        Self { clock: Clock::new(now_ms), part_delay: Duration::ZERO, ..Self::default() }
    }
}

impl Default for Options {
    fn default() -> Self {
        Self {
            version: Version::default(),
            token: "test-token".to_owned(),
            webhook: None,
            workers: 2,
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            part_delay: Duration::from_secs(10),
            clock: Clock::running_from(1_789_063_200_000),
            cast: false,
            bot_url: None,
            bot_name: "OwnchatBot".to_owned(),
        }
    }
}
