//! Faults that can be switched on, in the bot's calls and in the webhooks to the bot.

use std::time::Duration;

/// What happens to the bot's calls: those of the integrations API, and the one for the public list of emoji.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ApiFault {
    /// No fault.
    #[default]
    None,
    /// A call takes effect after this delay. If the bot gives up before, the call has no effect.
    Slow(Duration),
    /// A call takes effect at once, but its response is delayed by this long.
    LateResponse(Duration),
    /// A call has no effect and the response is this status without a body.
    Fail(u16),
    /// The connection is closed without a response, as by a server that is shutting down.
    Down,
    /// A call has no effect and gets Owncast's response to malformed JSON: 200 with `{"error": …}`.
    Error200,
}

/// What happens to webhooks on their way to the bot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum WebhookFault {
    /// No fault.
    #[default]
    None,
    /// Each webhook is delayed by this long, and occupies its worker meanwhile.
    Slow(Duration),
    /// Webhooks are lost. Owncast never retries; a test can, with [`crate::Simulator::deliver_again`].
    Dropped,
    /// Each webhook arrives twice at the same time, as when two webhooks have the same URL.
    Duplicated,
}
