//! What can go wrong on the way to the bot and back.

use std::time::Duration;

/// What becomes of the bot's calls: all of the integrations API, and the public list of emoji.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Fault {
    /// Nothing: calls are answered.
    #[default]
    None,
    /// A call waits this long before anything happens; when the bot gives up meanwhile, nothing has.
    Slow(Duration),
    /// A call takes effect at once, but its answer waits this long.
    LateAnswer(Duration),
    /// A call has no effect and is answered with this status and no body.
    Fail(u16),
    /// The connection is closed without an answer, as a server does that is going down.
    Down,
    /// A call has no effect and is answered as Owncast answers malformed JSON: 200 with `{"error": …}`.
    Error200,
}

/// What happens to webhooks on their way to the bot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum LinkFault {
    /// Nothing: they arrive.
    #[default]
    None,
    /// Each takes this long, and keeps its worker busy meanwhile.
    Slow(Duration),
    /// They are lost. Owncast never tries again; a test can, with the record of the delivery.
    Dropped,
    /// Each arrives twice at once, as with two webhooks to one address.
    Duplicated,
}
