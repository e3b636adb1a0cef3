//! What a decision consists of: changes of state and effects on the outside, written together or not at all.

use crate::text::Text;
use crate::{Action, Alert, Change, ClientId, EventId, Schedule, Task, Timestamp, ViewerId};

/// What a command or an event leads to.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Decision {
    /// What changes here.
    pub changes: Vec<Change>,
    /// What is to be done outside once it has changed; delivered from the outbox, in this order within a lane.
    pub effects: Vec<Effect>,
}

impl Decision {
    /// Whether there is nothing to write.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.changes.is_empty() && self.effects.is_empty()
    }
}

/// What a page answers to whoever asked there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    /// Whether it happened.
    pub done: bool,
    /// What to tell them, as plain text.
    pub line: String,
}

impl Reply {
    /// What they asked for has happened.
    #[must_use]
    pub fn done(text: &Text) -> Self {
        Self { done: true, line: text.to_reader() }
    }

    /// It has not, and this is why.
    #[must_use]
    pub fn refused(text: &Text) -> Self {
        Self { done: false, line: text.to_reader() }
    }
}

/// Something to be done outside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Effect {
    /// A line for everybody in chat, in chat markup.
    Say(String),
    /// A line for one connection, in chat markup.
    Whisper {
        /// Which.
        client: ClientId,
        /// What.
        line: String,
    },
    /// The code and the link of the sign-in that the event has offered, for one connection, if it is the viewer's.
    SignIn {
        /// Which.
        client: ClientId,
        /// Whose it must be.
        viewer: ViewerId,
        /// After this it is not sent any more.
        by: Timestamp,
    },
    /// Whoever asked on a page is told. Kept with the event's receipt, so that a repeat is told the same.
    Reply(Reply),
    /// Overlays show it.
    Show(Alert),
    /// Something is to happen by the clock from now on.
    Schedule(Schedule),
    /// Something is no longer to happen by the clock.
    Unschedule(Task),
    /// The action of a special.
    Act {
        /// What the machine does.
        action: Action,
        /// The redemption that paid for it: a stable id for the receiver.
        event: EventId,
        /// The reward's name.
        reward: String,
        /// The viewer's name.
        viewer: String,
        /// What the viewer wrote.
        note: Option<String>,
    },
}
