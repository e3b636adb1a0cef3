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

/// Something a viewer can spend points on, as the streamer set it up. What moves while it is used is in [`Usage`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reward {
    /// Its identity, which outlives every renaming.
    pub id: RewardId,
    /// The command without the prefix, and the name that is shown.
    pub name: CommandName,
    /// What one use costs; goals take any amount instead.
    pub price: Points,
    /// One line for viewers.
    pub description: String,
    /// Where it belongs; in none, it is always on.
    pub categories: Vec<CategoryId>,
    /// Whether the streamer offers it.
    pub enabled: bool,
    /// How long it rests after a use.
    pub cooldown: Option<Cooldown>,
    /// How often it may be used, and how often there is.
    pub limits: Limits,
    /// Whether it can only be used while the stream is live.
    pub only_live: bool,
    /// Who may use it.
    pub access: Access,
    /// Whether the viewer adds a note.
    pub note: Note,
    /// Until when a vote or a goal takes points; other kinds have no end.
    pub ends: Option<Timestamp>,
    /// What kind it is, with what only that kind has.
    pub kind: Kind,
}

impl Reward {
    /// A reward that everybody may always use, of `kind`, at `price`.
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

    /// When it ends, if it is of a kind that can.
    #[must_use]
    pub const fn end(&self) -> Option<Timestamp> {
        match self.kind {
            Kind::Vote(_) | Kind::Goal(_) => self.ends,
            Kind::Redeem(_) | Kind::Special(_) => None,
        }
    }

    /// Whether its end has come.
    #[must_use]
    pub fn is_over(&self, now: Timestamp) -> bool {
        self.end().is_some_and(|end| end <= now)
    }

    /// Whether viewers can use it now: enabled, and in no category or in one that is on.
    #[must_use]
    pub fn is_live(&self, categories: &[Category]) -> bool {
        let on = |id: &CategoryId| categories.iter().any(|category| category.id == *id && category.on);
        self.enabled && (self.categories.is_empty() || self.categories.iter().any(on))
    }
}

/// How long a reward rests after a use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cooldown {
    /// For how long.
    pub length: Span,
    /// For whom.
    pub scope: Scope,
}

/// Whom a cooldown holds back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// After anybody's use, everybody waits.
    Everybody,
    /// Each viewer waits for themselves only.
    EachViewer,
}

/// How often a reward may be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Limits {
    /// By all viewers together in one stream.
    pub per_stream: Option<u32>,
    /// By one viewer in one stream.
    pub per_viewer: Option<u32>,
    /// In all, until the streamer restocks.
    pub stock: Option<u32>,
}

/// Who may use a reward.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Whoever has the points.
    Everybody,
    /// Viewers who linked an identity with Owncast.
    Authenticated,
    /// Members.
    Members,
    /// Followers whose handle the streamer has confirmed.
    Followers,
    /// Owncast's chat moderators.
    Moderators,
}

impl Access {
    /// Whether `person` is one of those, given whether they are a member and a confirmed follower.
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
    /// There is none; what follows the command is ignored.
    None,
    /// They can.
    Optional,
    /// They must.
    Required,
}

/// The longest note, in characters.
pub const MAX_NOTE: usize = 200;
