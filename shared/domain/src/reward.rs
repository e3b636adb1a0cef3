//! Rewards: what points can be spent on.

mod kind;
mod name;
mod unavailable;
mod usage;

pub use kind::{Action, BadGoal, Goal, Kind, MAX_MILESTONES, Milestone, Redeem, Special, Vote};
pub use name::{BadName, CommandName};
pub use unavailable::{Requester, RewardStatus, Unavailable};
pub use usage::{Guard, LastUse, Usage};

use crate::{Category, CategoryId, Person, Points, RewardId, Span, Timestamp};

/// Something that a viewer can spend points on, as the streamer set it up. The state that its uses change is
/// in [`Usage`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reward {
    /// Its id, which stays the same when it is renamed.
    pub id: RewardId,
    /// The command without the prefix, which is also the name that is shown.
    pub name: CommandName,
    /// The price of one use; goals take any amount instead.
    pub price: Points,
    /// A description for viewers, on one line.
    pub description: String,
    /// The categories that it belongs to. A reward in no category is not switched off by any.
    pub categories: Vec<CategoryId>,
    /// Whether the streamer offers it.
    pub enabled: bool,
    /// The cooldown after a use.
    pub cooldown: Option<Cooldown>,
    /// How often it can be used.
    pub limits: Limits,
    /// Whether it can only be used while the stream is live.
    pub only_live: bool,
    /// Who may use it.
    pub access: Access,
    /// Whether the viewer adds a note.
    pub note: Note,
    /// When a vote or a goal ends; other kinds have no end.
    pub ends: Option<Timestamp>,
    /// Its kind, with the properties of that kind.
    pub kind: Kind,
}

impl Reward {
    /// A reward of `kind` at `price` that everybody can use at any time, without limits.
    #[must_use]
    pub fn new(id: RewardId, name: CommandName, price: Points, kind: Kind) -> Self {
        Self {
            id,
            name,
            price,
            description: String::new(),
            categories: Vec::new(),
            enabled: true,
            cooldown: None,
            limits: Limits::default(),
            only_live: false,
            access: Access::Everybody,
            note: Note::None,
            ends: None,
            kind,
        }
    }

    /// When it ends, if its kind can have an end.
    #[must_use]
    pub const fn end(&self) -> Option<Timestamp> {
        match self.kind {
            Kind::Vote(_) | Kind::Goal(_) => self.ends,
            Kind::Redeem(_) | Kind::Special(_) => None,
        }
    }

    /// Whether it has ended.
    #[must_use]
    pub fn is_over(&self, now: Timestamp) -> bool {
        self.end().is_some_and(|end| end <= now)
    }

    /// Whether it is offered now: enabled, and in no category or in one that is on.
    #[must_use]
    pub fn is_live(&self, categories: &[Category]) -> bool {
        let on = |id: &CategoryId| categories.iter().any(|category| category.id == *id && category.on);
        self.enabled && (self.categories.is_empty() || self.categories.iter().any(on))
    }
}

/// The time after a use during which a reward cannot be used again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cooldown {
    /// How long it lasts.
    pub length: Span,
    /// The viewers that it applies to.
    pub scope: Scope,
}

/// The viewers that a cooldown applies to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// All viewers, after a use by any of them.
    Everybody,
    /// Only the viewer who used the reward.
    EachViewer,
}

/// How often a reward can be used; `None` for no limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Limits {
    /// By all viewers together in one stream.
    pub per_stream: Option<u32>,
    /// By one viewer in one stream.
    pub per_viewer: Option<u32>,
    /// By all viewers in all streams together, until the streamer restocks it.
    pub stock: Option<u32>,
}

/// Who may use a reward.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Every viewer.
    Everybody,
    /// Viewers who linked an identity with Owncast.
    Authenticated,
    /// Members, until their membership ends.
    Members,
    /// Followers whose handle the streamer has confirmed.
    Followers,
    /// Owncast's chat moderators.
    Moderators,
}

impl Access {
    /// Whether `person` may use the reward, given whether they are a member and a confirmed follower.
    #[must_use]
    pub const fn admits(self, person: &Person, member: bool, follower: bool) -> bool {
        match self {
            Self::Everybody => true,
            Self::Authenticated => person.authenticated,
            Self::Members => member,
            Self::Followers => follower,
            Self::Moderators => person.moderator,
        }
    }
}

/// Whether a viewer adds a note.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Note {
    /// There is no note; text after the command is ignored.
    None,
    /// A note can be added.
    Optional,
    /// A note must be added.
    Required,
}

/// The longest note, in characters.
pub const MAX_NOTE: usize = 200;

/// Why a text is not the note that a reward takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadNote {
    /// A note must be added.
    #[error("a note must be added")]
    Missing,
    /// It is longer than [`MAX_NOTE`].
    #[error("a note of {length} characters is longer than {MAX_NOTE}")]
    TooLong {
        /// Its length, in characters.
        length: usize,
    },
}

impl Note {
    /// The note in `text`, which was cleaned; `None` when there is none, or when notes are not taken.
    ///
    /// # Errors
    /// [`BadNote`] when a note must be added and `text` is empty, or when it is too long.
    pub fn check(self, text: &str) -> Result<Option<String>, BadNote> {
        let length = text.chars().count();
        match self {
            Self::None => Ok(None),
            Self::Required if length == 0 => Err(BadNote::Missing),
            Self::Optional if length == 0 => Ok(None),
            _ if length > MAX_NOTE => Err(BadNote::TooLong { length }),
            _ => Ok(Some(text.to_owned())),
        }
    }
}
