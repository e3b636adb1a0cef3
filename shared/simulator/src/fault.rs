//! Faults that can be switched on, in the bot's calls and in the webhooks to the bot.

use std::time::Duration;

/// What happens to the bot's calls: those of the integrations API, and the one for the public list of emoji.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ApiFault {
    /// No fault.
    #[default]
    None,
    /// A call waits this long before it takes effect. If the bot gives up meanwhile, it has no effect.
    Slow(Duration),
    /// A call takes effect at once, but the response waits this long.
    LateResponse(Duration),
    /// A call has no effect and the response is this status without a body.
    Fail(u16),
    /// The connection is closed without a response, as by a server that is shutting down.
    Down,
    /// A call has no effect and the response is Owncast's to malformed JSON: 200 with `{"error": …}`.
    Error200,
}

/// What happens to webhooks on their way to the bot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum WebhookFault {
    /// No fault.
    #[default]
    None,
    /// Each takes this much longer, and keeps its worker busy meanwhile.
    Slow(Duration),
    /// They are lost. Owncast never retries; a test can with [`crate::Simulator::deliver_again`].
    Dropped,
    /// Each arrives twice at the same time, as when two webhooks have one URL.
    Duplicated,
}
