//! What a decision consists of: changes of state and effects outside the bot, written in one transaction.

use crate::text::Text;
use crate::{Action, Alert, Change, ClientId, EventId, Schedule, Task, Timestamp, ViewerId};

/// The outcome of a command or an event.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Decision {
    /// The changes of state.
    pub changes: Vec<Change>,
    /// What is done outside the bot once the changes are written. The outbox delivers the effects, in this
    /// order within a lane.
    pub effects: Vec<Effect>,
}

impl Decision {
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
    pub fn effect(effect: Effect) -> Self {
        Self::effects(vec![effect])
    }

    /// A decision of effects only, without changes.
    #[must_use]
    pub const fn effects(effects: Vec<Effect>) -> Self {
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
pub struct Reply {
    /// Whether the click had its effect.
    pub done: bool,
    /// The notice, as plain text.
    pub line: String,
}

impl Reply {
    /// A notice of success.
    #[must_use]
    pub fn done(text: &Text) -> Self {
        Self { done: true, line: text.to_reader() }
    }

    /// A notice of refusal that gives the reason.
    #[must_use]
    pub fn refused(text: &Text) -> Self {
        Self { done: false, line: text.to_reader() }
    }
}

/// Something that is done outside the bot, delivered at least once from the outbox.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Effect {
    /// A message to everybody in chat, in chat markup.
    Say(String),
    /// A message to one chat connection, in chat markup.
    Whisper {
        /// The connection.
        client: ClientId,
        /// The message.
        line: String,
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
    Reply(Reply),
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
