//! The events that Owncast sends, as typed values. The wire format stays in the `owncast` crate.

use ownchatbot_domain::{ClientId, EventId, Person, Timestamp};

/// A message typed in chat.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChatLine {
    /// The id of the message: its idempotency key.
    pub event: EventId,
    /// The viewer or bot who wrote it.
    pub person: Person,
    /// The connection it came from, for whispers; `None` in messages from Owncast's history.
    pub client: Option<ClientId>,
    /// The typed text (Owncast's `rawBody`), not the rendered HTML.
    pub text: String,
    /// When Owncast received it, by Owncast's clock.
    pub at: Timestamp,
}

/// An event that Owncast sends. `event` is its idempotency key, and `at` its time by Owncast's clock.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it")]
pub enum OwncastEvent {
    /// A message was written in chat.
    Chat(ChatLine),
    /// A viewer joined the chat.
    Joined { event: EventId, person: Person, at: Timestamp },
    /// The last connection of a viewer closed.
    Parted { event: EventId, person: Person, at: Timestamp },
    /// A viewer changed their name; `person.name` is the new one.
    Renamed {
        event: EventId,
        person: Person,
        /// The time when the event arrived here, since Owncast sends no usable one.
        at: Timestamp,
    },
    /// A moderator hid messages or showed them again.
    VisibilityChanged {
        event: EventId,
        /// The ids of the messages, as Owncast sent them.
        messages: Vec<String>,
        /// Whether they are visible now.
        visible: bool,
        at: Timestamp,
    },
    /// The stream started.
    StreamStarted { event: EventId, title: String, at: Timestamp },
    /// The stream stopped.
    StreamStopped { event: EventId, at: Timestamp },
    /// The title of the stream changed; `title` is the new one.
    TitleChanged { event: EventId, title: String, at: Timestamp },
    /// An account on the Fediverse follows the stream.
    Followed {
        event: EventId,
        /// Their handle without a leading `@`, such as `alice@social.example`.
        handle: String,
        name: String,
        at: Timestamp,
    },
    /// A planned stream is coming up, started or ended. No use case needs this yet.
    ScheduledStream,
    /// An event of a type that this version does not know; the value is the type.
    Unknown(String),
}

/// The status of the stream according to Owncast (`GET /api/integrations/status`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StreamStatus {
    /// Whether the stream is live.
    pub online: bool,
    /// The title of the stream; empty if none is set.
    pub title: String,
    /// When the current or last broadcast began, by Owncast's clock.
    pub connected_at: Option<Timestamp>,
    /// When the last broadcast ended, by Owncast's clock.
    pub disconnected_at: Option<Timestamp>,
}
