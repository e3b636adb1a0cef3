//! Categories and rewards. Their rows are serde types, so that an export can write the same form.

use ownchatbot_domain::reward::{
    Access, CommandName, Cooldown, Goal, Kind, Limits, Milestone, Note, Redeem, Scope, Special, Vote,
};
use ownchatbot_domain::{Action, Category, CategoryId, Points, Reward, RewardId, Span, Timestamp};
use serde::{Deserialize, Serialize};

use super::wire::{BadRow, number, optional_number};
use crate::item::{Damaged, Item};
use crate::keys::{self, CATEGORY, REWARD};

pub(crate) fn category(category: &Category) -> Item {
    Item::new(&keys::category(&category.id), "category").and(category_content(category))
}

/// A category's attributes without its key.
pub(crate) fn category_content(category: &Category) -> Item {
    Item::of(&CategoryRow { name: category.name.clone(), on: category.on })
}

pub(crate) fn read_category(item: &Item) -> Result<Category, Damaged> {
    let id = item.sk().strip_prefix(CATEGORY).unwrap_or_default().parse().map_err(|_| item.damaged("sk"))?;
    category_of(id, item)
}

/// Reads the category `id` from the attributes of `item`.
pub(crate) fn category_of(id: CategoryId, item: &Item) -> Result<Category, Damaged> {
    let CategoryRow { name, on } = item.read()?;
    Ok(Category { id, name, on })
}

pub(crate) fn reward(reward: &Reward) -> Item {
    Item::new(&keys::reward(&reward.id), "reward").and(reward_content(reward))
}

/// A reward's attributes without its key.
pub(crate) fn reward_content(reward: &Reward) -> Item {
    Item::of(&RewardRow::of(reward))
}

/// The pointer from a reward's command to the reward, which keeps commands unique.
pub(crate) fn command(reward: &Reward) -> Item {
    Item::new(&keys::command(reward.name.as_str()), "command").text("reward", &reward.id)
}

pub(crate) fn read_reward(item: &Item) -> Result<Reward, Damaged> {
    let id = item.sk().strip_prefix(REWARD).unwrap_or_default().parse().map_err(|_| item.damaged("sk"))?;
    reward_of(id, item)
}

/// Reads the reward `id` from the attributes of `item`.
pub(crate) fn reward_of(id: RewardId, item: &Item) -> Result<Reward, Damaged> {
    item.read::<RewardRow>()?.reward(id).map_err(|BadRow(attribute)| item.damaged(attribute))
}

#[derive(Debug, Serialize, Deserialize)]
struct CategoryRow {
    name: String,
    #[serde(default)]
    on: bool,
}

/// A reward as it is stored. Missing attributes have their defaults, because earlier versions did not write
/// all of them.
#[derive(Debug, Serialize, Deserialize)]
struct RewardRow {
    command: String,
    #[serde(default, with = "number")]
    price: Points,
    #[serde(default)]
    description: String,
    #[serde(default)]
    categories: Vec<String>,
    #[serde(default)]
    enabled: bool,
    #[serde(default, with = "optional_number", skip_serializing_if = "Option::is_none")]
    cooldown_ms: Option<Span>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    cooldown_for: Option<ScopeWord>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    per_stream: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    per_viewer: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    stock: Option<u32>,
    #[serde(default)]
    only_live: bool,
    #[serde(with = "AccessWord")]
    access: Access,
    #[serde(with = "NoteWord")]
    note: Note,
    #[serde(default, with = "optional_number", skip_serializing_if = "Option::is_none")]
    ends: Option<Timestamp>,
    #[serde(flatten)]
    kind: KindRow,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum KindRow {
    Redeem {
        #[serde(default)]
        skip_queue: bool,
    },
    Vote {
        #[serde(default)]
        open: bool,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        votes_per_viewer: Option<u32>,
    },
    Goal {
        #[serde(with = "number")]
        target: Points,
        #[serde(default)]
        milestones: Vec<MilestoneRow>,
        #[serde(default)]
        gives_back: bool,
    },
    Special {
        action: ActionWord,
        target: String,
    },
}

#[derive(Debug, Serialize, Deserialize)]
struct MilestoneRow {
    #[serde(with = "number")]
    at: Points,
    text: String,
}

#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum ActionWord {
    Alert,
    Webhook,
    Job,
}

#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum ScopeWord {
    Everybody,
    EachViewer,
}

/// The stored words for [`Access`].
#[derive(Serialize, Deserialize)]
#[serde(remote = "Access", rename_all = "snake_case")]
pub(super) enum AccessWord {
    Everybody,
    Authenticated,
    Members,
    Followers,
    Moderators,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "Note", rename_all = "snake_case")]
enum NoteWord {
    None,
    Optional,
    Required,
}

impl RewardRow {
    fn of(reward: &Reward) -> Self {
        let scope = |cooldown: Cooldown| match cooldown.scope {
            Scope::Everybody => ScopeWord::Everybody,
            Scope::EachViewer => ScopeWord::EachViewer,
        };
        Self {
            command: reward.name.to_string(),
            price: reward.price,
            description: reward.description.clone(),
            categories: reward.categories.iter().map(CategoryId::to_string).collect(),
            enabled: reward.enabled,
            cooldown_ms: reward.cooldown.map(|cooldown| cooldown.length),
            cooldown_for: reward.cooldown.map(scope),
            per_stream: reward.limits.per_stream,
            per_viewer: reward.limits.per_viewer,
            stock: reward.limits.stock,
            only_live: reward.only_live,
            access: reward.access,
            note: reward.note,
            ends: reward.ends,
            kind: KindRow::of(&reward.kind),
        }
    }

    fn reward(self, id: RewardId) -> Result<Reward, BadRow> {
        let name = CommandName::new(&self.command).map_err(|_| BadRow("command"))?;
        let cooldown = match (self.cooldown_ms, self.cooldown_for) {
            (None, _) => None,
            (Some(length), Some(ScopeWord::Everybody)) => Some(Cooldown { length, scope: Scope::Everybody }),
            (Some(length), Some(ScopeWord::EachViewer)) => {
                Some(Cooldown { length, scope: Scope::EachViewer })
            }
            (Some(_), None) => return Err(BadRow("cooldown_for")),
        };
        Ok(Reward {
            description: self.description,
            categories: self.categories.iter().filter_map(|id| id.parse().ok()).collect(),
            enabled: self.enabled,
            cooldown,
            limits: Limits { per_stream: self.per_stream, per_viewer: self.per_viewer, stock: self.stock },
            only_live: self.only_live,
            access: self.access,
            note: self.note,
            ends: self.ends,
            ..Reward::new(id, name, self.price, self.kind.kind()?)
        })
    }
}

impl KindRow {
    fn of(kind: &Kind) -> Self {
        match kind {
            Kind::Redeem(redeem) => Self::Redeem { skip_queue: redeem.skip_queue },
            Kind::Vote(vote) => Self::Vote { open: vote.open, votes_per_viewer: vote.per_viewer },
            Kind::Goal(goal) => Self::Goal {
                target: goal.target(),
                milestones: goal
                    .milestones()
                    .iter()
                    .map(|milestone| MilestoneRow { at: milestone.at, text: milestone.text.clone() })
                    .collect(),
                gives_back: goal.gives_back(),
            },
            Kind::Special(special) => {
                let (action, target) = match &special.action {
                    Action::Alert(name) => (ActionWord::Alert, name),
                    Action::Webhook(url) => (ActionWord::Webhook, url),
                    Action::Job(job) => (ActionWord::Job, job),
                };
                Self::Special { action, target: target.clone() }
            }
        }
    }

    fn kind(self) -> Result<Kind, BadRow> {
        Ok(match self {
            Self::Redeem { skip_queue } => Kind::Redeem(Redeem { skip_queue }),
            Self::Vote { open, votes_per_viewer } => Kind::Vote(Vote { open, per_viewer: votes_per_viewer }),
            Self::Goal { target, milestones, gives_back } => {
                let milestone = |row: MilestoneRow| Milestone { at: row.at, text: row.text };
                let goal = Goal::new(target, milestones.into_iter().map(milestone).collect());
                Kind::Goal(goal.map_err(|_| BadRow("target"))?.giving_back(gives_back))
            }
            Self::Special { action, target } => {
                let action = match action {
                    ActionWord::Alert => Action::Alert(target),
                    ActionWord::Webhook => Action::Webhook(target),
                    ActionWord::Job => Action::Job(target),
                };
                Kind::Special(Special { action })
            }
        })
    }
}
