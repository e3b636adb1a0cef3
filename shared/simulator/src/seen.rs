//! The record of what has happened, for tests: the bot's messages and calls, and the outcomes of webhooks.

use std::time::Duration;

use bytes::Bytes;
use jiff::Timestamp;

use crate::tab::Tab;

/// A message of the bot that was shown in one tab only.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Whisper {
    /// The tab.
    pub tab: Tab,
    /// The `user.id` of the tab's viewer.
    pub viewer: String,
    /// The text, exactly as the bot sent it.
    pub text: String,
}

/// How the delivery of a webhook ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// The bot responded with this status, which Owncast ignores.
    Status(u16),
    /// There was no response; the text is the error.
    Failed(String),
    /// Lost by [`crate::WebhookFault::Dropped`].
    Dropped,
}

/// One webhook as it was sent, so that it can be sent again byte for byte.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    /// The number of the delivery, counted from 1 in the order in which they ended.
    pub number: u64,
    /// The event's type, such as `CHAT`.
    pub kind: &'static str,
    /// The body.
    pub body: Bytes,
    /// The value of the `owncast-signature` header, if there was one.
    pub signature: Option<String>,
    /// The simulator's time when it was sent.
    pub at: Timestamp,
    /// The time until the response had been read.
    pub took: Duration,
    /// The outcome.
    pub outcome: Outcome,
}

/// A call of the integrations API or of the list of emoji, successful or not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiCall {
    /// The HTTP method.
    pub method: String,
    /// The path, without the query.
    pub path: String,
}

/// Everything that has happened so far.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Seen {
    /// The bodies received at `chat/send`, exactly as sent, the oldest first.
    pub said: Vec<String>,
    /// The bodies received at `chat/system` and `chat/action`.
    pub announced: Vec<String>,
    /// The whispers that reached a tab.
    pub whispers: Vec<Whisper>,
    /// The webhooks that have ended, the oldest first; at most the newest ten thousand.
    pub deliveries: Vec<Delivery>,
    /// The number of webhooks that are queued or being sent.
    pub pending: usize,
    /// The calls of the integrations API and of the list of emoji.
    pub calls: Vec<ApiCall>,
    /// The ids of hidden messages.
    pub hidden: Vec<String>,
    /// The stream's title.
    pub title: String,
    /// Whether the stream is live.
    pub live: bool,
}

/// The condition of [`crate::Simulator::wait_for`] was not met within its deadline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TimedOut {
    /// The name of the condition.
    pub what: String,
    /// What had happened when the deadline passed.
    pub seen: Box<Seen>,
}

impl std::fmt::Display for TimedOut {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Seen { said, whispers, pending, .. } = &*self.seen;
        write!(
            f,
            "timed out waiting for {}; said: {said:?}, whispers: {whispers:?}, webhooks pending: {pending}",
            self.what
        )
    }
}

impl std::error::Error for TimedOut {}
