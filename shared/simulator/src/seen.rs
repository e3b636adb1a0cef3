//! What tests look at: what the bot said, and what became of the webhooks.

use std::time::Duration;

use bytes::Bytes;
use ownchatbot_domain::{ClientId, Timestamp};

/// A line that only one connection saw.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Whisper {
    /// The connection.
    pub client: ClientId,
    /// Whose it was, by `user.id`.
    pub viewer: String,
    /// What was sent, untouched.
    pub text: String,
}

/// What became of a webhook.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// Answered with this status, which Owncast ignores.
    Answered(u16),
    /// Not answered.
    Failed(String),
    /// Lost by [`crate::LinkFault::Dropped`].
    Dropped,
}

/// One webhook as it was sent, so that it can be sent again byte for byte.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    /// Counted from 1 in the order in which they ended.
    pub number: u64,
    /// The event's type, such as `CHAT`.
    pub kind: &'static str,
    /// The body.
    pub body: Bytes,
    /// The value of `owncast-signature`, where there was one.
    pub signature: Option<String>,
    /// When it was sent.
    pub at: Timestamp,
    /// How long the answer took.
    pub took: Duration,
    /// What became of it.
    pub outcome: Outcome,
}

/// A call of the integrations API or of the list of emoji, whatever came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiCall {
    /// The method.
    pub method: String,
    /// The path.
    pub path: String,
}

/// Everything that has happened so far.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Seen {
    /// The bodies received at `chat/send`, untouched, the oldest first.
    pub said: Vec<String>,
    /// The bodies received at `chat/system` and `chat/action`.
    pub announced: Vec<String>,
    /// The whispers that reached a connection.
    pub whispers: Vec<Whisper>,
    /// The webhooks that have ended, the oldest first; at most the newest ten thousand.
    pub deliveries: Vec<Delivery>,
    /// Webhooks queued or under way.
    pub pending: usize,
    /// The calls of the integrations API and of the list of emoji.
    pub calls: Vec<ApiCall>,
    /// Ids of hidden messages.
    pub hidden: Vec<String>,
    /// The stream's title.
    pub title: String,
    /// Whether the stream is live.
    pub live: bool,
}

/// What was waited for did not come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TimedOut {
    /// What was waited for.
    pub what: String,
    /// What there was instead.
    pub seen: Box<Seen>,
}

impl std::fmt::Display for TimedOut {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Seen { said, whispers, pending, .. } = &*self.seen;
        write!(
            f,
            "no {} in time; said: {said:?}, whispers: {whispers:?}, webhooks pending: {pending}",
            self.what
        )
    }
}

impl std::error::Error for TimedOut {}
