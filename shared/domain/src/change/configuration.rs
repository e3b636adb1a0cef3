//! What the streamer has set up.

use std::fmt;

use crate::config::{Category, Section};
use crate::{Reward, ViewerId};

/// A change of the configuration. Its transaction writes the audit row too. Holds only while every edited part has the
/// version that was read (optimistic concurrency), and while every new command is free.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Configure {
    /// The person who makes the change.
    pub by: Editor,
    /// The edits, each of another part.
    pub edits: Vec<ConfigEdit>,
}

/// An edit of one part of the configuration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfigEdit {
    /// The version that was read; 0 for a part that was not stored.
    pub seen: u64,
    /// The part, before and after.
    pub target: EditTarget,
}

/// The part that an edit is about. Nothing before is a new one, nothing after a deleted one.
#[expect(clippy::large_enum_variant, reason = "few exist at a time")]
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EditTarget {
    /// A section of the settings. It cannot be deleted.
    Settings {
        /// The section as it was read, its defaults included.
        before: Section,
        /// The section as it is saved.
        after: Section,
    },
    /// A reward.
    Reward {
        /// The reward as it was read.
        before: Option<Reward>,
        /// The reward as it is saved.
        after: Option<Reward>,
    },
    /// A category of rewards.
    Category {
        /// The category as it was read.
        before: Option<Category>,
        /// The category as it is saved.
        after: Option<Category>,
    },
}

/// Who changes the configuration, as the audit log tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Editor {
    /// The streamer, in the management panel.
    Streamer,
    /// A moderator whom the streamer allows it.
    Moderator(ViewerId),
    /// Nobody in person: the deploy script, or the first start of a local instance.
    Setup,
}

impl fmt::Display for Editor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Streamer => f.write_str("streamer"),
            Self::Moderator(viewer) => write!(f, "moderator:{viewer}"),
            Self::Setup => f.write_str("setup"),
        }
    }
}

impl Configure {
    /// A single edit.
    #[must_use]
    pub fn one(by: Editor, seen: u64, target: EditTarget) -> Self {
        Self { by, edits: vec![ConfigEdit { seen, target }] }
    }
}
