//! What Owncast tells us, as typed values. Its wire format stays in the `owncast` crate.

use ownchatbot_domain::{ClientId, EventId, Person, Timestamp};

/// A message typed in chat.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChatLine {
    /// The message's identity.
    pub event: EventId,
    /// Who wrote it.
    pub person: Person,
    /// The connection it came from, for whispers; unknown for what is read from Owncast's history.
    pub client: Option<ClientId>,
    /// What was typed (Owncast's `rawBody`), not the rendered HTML.
    pub text: String,
    /// When Owncast received it.
    pub at: Timestamp,
}

/// Everything Owncast sends that we know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OwncastEvent {
    /// Somebody wrote in chat.
    Chat(ChatLine),
    /// Somebody came into chat.
    Joined {
        /// The event.
        event: EventId,
        /// Who.
        person: Person,
        /// When.
        at: Timestamp,
    },
    /// Somebody's last connection closed.
    Parted {
        /// The event.
        event: EventId,
        /// Who.
        person: Person,
        /// When.
        at: Timestamp,
    },
    /// Somebody has another name now; `person.name` is the new one.
    Renamed {
        /// The event.
        event: EventId,
        /// Who, under the new name.
        person: Person,
        /// When; Owncast sends no usable time, so it is when we received it.
        at: Timestamp,
    },
    /// Messages were hidden or shown again.
    VisibilityChanged {
        /// The event.
        event: EventId,
        /// The ids of the messages.
        messages: Vec<String>,
        /// Whether they can be seen now.
        visible: bool,
        /// When.
        at: Timestamp,
    },
    /// The stream began.
    StreamStarted {
        /// The event.
        event: EventId,
        /// Its title.
        title: String,
        /// When.
        at: Timestamp,
    },
    /// The stream ended.
    StreamStopped {
        /// The event.
        event: EventId,
        /// When.
        at: Timestamp,
    },
    /// The stream has another title.
    TitleChanged {
        /// The event.
        event: EventId,
        /// The new title.
        title: String,
        /// When.
        at: Timestamp,
    },
    /// Somebody on the Fediverse follows the stream.
    Followed {
        /// The event.
        event: EventId,
        /// Their handle without a leading `@`, such as `alice@social.example`.
        handle: String,
        /// Their name.
        name: String,
        /// When.
        at: Timestamp,
    },
    /// A planned stream comes up, began or ended. Nothing depends on it yet.
    ScheduledStream,
    /// A type that this version does not know.
    Unknown(String),
}

/// What Owncast says of its stream (`GET /api/integrations/status`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StreamStatus {
    /// Whether it is live.
    pub online: bool,
    /// The title.
    pub title: String,
    /// When the current or last broadcast connected.
    pub connected_at: Option<Timestamp>,
    /// When the last broadcast ended.
    pub disconnected_at: Option<Timestamp>,
}
