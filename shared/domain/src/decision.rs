//! What a decision consists of: changes of state and effects outside the bot, written in one transaction.

use crate::message::Message;
use crate::{Action, Alert, Change, ClientId, EventId, Schedule, Task, Timestamp, ViewerId};

/// The outcome of a command or an event. Its messages are of the type `M`: a [`Message`] as decided, a
/// `String` once it is put into words to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision<M = Message> {
    /// The changes of state.
    pub changes: Vec<Change>,
    /// What is done outside the bot once the changes are written. The outbox delivers the effects, in this
    /// order within a lane.
    pub effects: Vec<Effect<M>>,
}

impl<M> Default for Decision<M> {
    /// Nothing changes and nothing is done.
    fn default() -> Self {
        Self { changes: Vec::new(), effects: Vec::new() }
    }
}

impl<M> Decision<M> {
    /// A decision of one change, without effects.
    #[must_use]
    pub fn change(change: impl Into<Change>) -> Self {
        Self::changes(vec![change.into()])
    }

    /// A decision of changes only, without effects.
    #[must_use]
    pub const fn changes(changes: Vec<Change>) -> Self {
        Self { changes, effects: Vec::new() }
    }

    /// A decision of one effect, without changes.
    #[must_use]
    pub fn effect(effect: Effect<M>) -> Self {
        Self::effects(vec![effect])
    }

    /// A decision of effects only, without changes.
    #[must_use]
    pub const fn effects(effects: Vec<Effect<M>>) -> Self {
        Self { changes: Vec::new(), effects }
    }

    /// Whether there is nothing to write.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.changes.is_empty() && self.effects.is_empty()
    }
}

/// The notice that a page shows to the viewer who clicked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply<M = Message> {
    /// Whether the click had its effect.
    pub done: bool,
    /// The notice; as words, it is plain text.
    pub line: M,
}

impl<M> Reply<M> {
    /// A notice of success.
    pub const fn done(line: M) -> Self {
        Self { done: true, line }
    }

    /// A notice of refusal that gives the reason.
    pub const fn refused(line: M) -> Self {
        Self { done: false, line }
    }
}

/// Something that is done outside the bot, delivered at least once from the outbox.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Effect<M = Message> {
    /// A message to everybody in chat; as words, it is in chat markup.
    Say(M),
    /// A message to one chat connection; as words, it is in chat markup.
    Whisper {
        /// The connection.
        client: ClientId,
        /// The message.
        line: M,
    },
    /// The code and the link of the sign-in that this event offers, sent to one chat connection.
    SignIn {
        /// The connection.
        client: ClientId,
        /// The viewer that the connection must belong to; otherwise nothing is sent.
        viewer: ViewerId,
        /// The latest time at which it may be sent.
        by: Timestamp,
    },
    /// A notice on the page. It is kept with the event's receipt, so that a repeated request gets the same
    /// notice.
    Reply(Reply<M>),
    /// An alert on the overlays.
    Show(Alert),
    /// A schedule is created or replaced.
    Schedule(Schedule),
    /// A schedule is deleted.
    Unschedule(Task),
    /// The action of a special.
    Act {
        /// The action.
        action: Action,
        /// The event that paid for it, which the receiver can use as an idempotency key.
        event: EventId,
        /// The reward's name.
        reward: String,
        /// The viewer's name.
        viewer: String,
        /// The viewer's note.
        note: Option<String>,
    },
}

impl<M> Effect<M> {
    /// The same effect with its messages put into words: `chat` words those for chat, `page` those for a page.
    pub fn worded<W>(self, chat: impl Fn(M) -> W, page: impl Fn(M) -> W) -> Effect<W> {
        match self {
            Self::Say(line) => Effect::Say(chat(line)),
            Self::Whisper { client, line } => Effect::Whisper { client, line: chat(line) },
            Self::SignIn { client, viewer, by } => Effect::SignIn { client, viewer, by },
            Self::Reply(Reply { done, line }) => Effect::Reply(Reply { done, line: page(line) }),
            Self::Show(alert) => Effect::Show(alert),
            Self::Schedule(schedule) => Effect::Schedule(schedule),
            Self::Unschedule(task) => Effect::Unschedule(task),
            Self::Act { action, event, reward, viewer, note } => {
                Effect::Act { action, event, reward, viewer, note }
            }
        }
    }
}
