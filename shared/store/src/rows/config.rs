//! Categories and rewards.

use aws_sdk_dynamodb::types::AttributeValue;
use ownchatbot_domain::reward::{
    Access, CommandName, Cooldown, Goal, Kind, Limits, Milestone, Note, Redeem, Scope, Special, Vote,
};
use ownchatbot_domain::{Action, Category, Points, Reward, Span};

use crate::item::{Damaged, Item, n, s};
use crate::keys::{self, CATEGORY, REWARD};

pub(crate) fn category(category: &Category) -> Item {
    Item::new(&keys::category(&category.id), "category").text("name", &category.name).flag("on", category.on)
}

pub(crate) fn read_category(item: &Item) -> Result<Category, Damaged> {
    let id = item.sk().strip_prefix(CATEGORY).unwrap_or_default().parse().map_err(|_| item.damaged("sk"))?;
    Ok(Category { id, name: item.need("name")?, on: item.get_flag("on") })
}

pub(super) fn word<T: PartialEq + Copy>(words: &[(T, &'static str)], value: T) -> &'static str {
    words.iter().find(|(known, _)| *known == value).map_or("", |(_, word)| word)
}

pub(super) fn meaning<T: Copy>(
    words: &[(T, &'static str)],
    item: &Item,
    name: &'static str,
) -> Result<T, Damaged> {
    let text = item.get(name).unwrap_or_default();
    words.iter().find(|(_, word)| *word == text).map(|(value, _)| *value).ok_or_else(|| item.damaged(name))
}

pub(super) const ACCESS: [(Access, &str); 5] = [
    (Access::Everybody, "everybody"),
    (Access::Authenticated, "authenticated"),
    (Access::Members, "members"),
    (Access::Followers, "followers"),
    (Access::Moderators, "moderators"),
];
const NOTE: [(Note, &str); 3] =
    [(Note::None, "none"), (Note::Optional, "optional"), (Note::Required, "required")];
const SCOPE: [(Scope, &str); 2] = [(Scope::Everybody, "everybody"), (Scope::EachViewer, "each_viewer")];

pub(crate) fn reward(reward: &Reward) -> Item {
    let item = Item::new(&keys::reward(&reward.id), "reward")
        .text("command", &reward.name)
        .number("price", reward.price)
        .text("description", &reward.description)
        .list("categories", reward.categories.iter().map(s))
        .flag("enabled", reward.enabled)
        .maybe(reward.cooldown, |item, cooldown| {
            item.number("cooldown_ms", cooldown.length.ms())
                .text("cooldown_for", word(&SCOPE, cooldown.scope))
        })
        .maybe(reward.limits.per_stream, |item, limit| item.number("per_stream", limit))
        .maybe(reward.limits.per_viewer, |item, limit| item.number("per_viewer", limit))
        .maybe(reward.limits.stock, |item, limit| item.number("stock", limit))
        .flag("only_live", reward.only_live)
        .text("access", word(&ACCESS, reward.access))
        .text("note", word(&NOTE, reward.note))
        .maybe(reward.ends, |item, ends| item.time("ends", ends));
    match &reward.kind {
        Kind::Redeem(redeem) => item.text("type", "redeem").flag("skip_queue", redeem.skip_queue),
        Kind::Vote(vote) => item
            .text("type", "vote")
            .flag("open", vote.open)
            .maybe(vote.per_viewer, |item, limit| item.number("votes_per_viewer", limit)),
        Kind::Goal(goal) => item
            .text("type", "goal")
            .number("target", goal.target())
            .list(
                "milestones",
                goal.milestones().iter().map(|m| {
                    AttributeValue::M([("at".to_owned(), n(m.at)), ("text".to_owned(), s(&m.text))].into())
                }),
            )
            .flag("gives_back", goal.gives_back()),
        Kind::Special(special) => {
            let (action, target) = match &special.action {
                Action::Alert(name) => ("alert", name),
                Action::Webhook(address) => ("webhook", address),
                Action::Job(job) => ("job", job),
            };
            item.text("type", "special").text("action", action).text("target", target)
        }
    }
}

pub(crate) fn read_reward(item: &Item) -> Result<Reward, Damaged> {
    let id = item.sk().strip_prefix(REWARD).unwrap_or_default().parse().map_err(|_| item.damaged("sk"))?;
    let command = item.get("command").unwrap_or_default();
    let name = CommandName::new(command).map_err(|_| item.damaged("command"))?;
    let mut reward = Reward::new(id, name, item.get_points("price")?, read_kind(item)?);
    reward.description = item.get("description").unwrap_or_default().to_owned();
    let categories = item.get_list("categories").iter().filter_map(|id| id.as_s().ok()?.parse().ok());
    reward.categories = categories.collect();
    reward.enabled = item.get_flag("enabled");
    if let Some(length) = item.parse("cooldown_ms")? {
        let scope = meaning(&SCOPE, item, "cooldown_for")?;
        reward.cooldown = Some(Cooldown { length: Span::from_ms(length), scope });
    }
    reward.limits = Limits {
        per_stream: item.parse("per_stream")?,
        per_viewer: item.parse("per_viewer")?,
        stock: item.parse("stock")?,
    };
    reward.only_live = item.get_flag("only_live");
    reward.access = meaning(&ACCESS, item, "access")?;
    reward.note = meaning(&NOTE, item, "note")?;
    reward.ends = item.get_time("ends")?;
    Ok(reward)
}

fn read_kind(item: &Item) -> Result<Kind, Damaged> {
    Ok(match item.get("type") {
        Some("redeem") => Kind::Redeem(Redeem { skip_queue: item.get_flag("skip_queue") }),
        Some("vote") => {
            Kind::Vote(Vote { open: item.get_flag("open"), per_viewer: item.parse("votes_per_viewer")? })
        }
        Some("goal") => {
            let milestone = |value: &AttributeValue| {
                let map = value.as_m().ok()?;
                let at = map.get("at")?.as_n().ok()?.parse().ok().and_then(Points::new)?;
                Some(Milestone { at, text: map.get("text")?.as_s().ok()?.clone() })
            };
            let milestones: Option<Vec<_>> = item.get_list("milestones").iter().map(milestone).collect();
            let milestones = milestones.ok_or_else(|| item.damaged("milestones"))?;
            let goal =
                Goal::new(item.get_points("target")?, milestones).map_err(|_| item.damaged("target"))?;
            Kind::Goal(goal.giving_back(item.get_flag("gives_back")))
        }
        Some("special") => {
            let action: fn(String) -> Action = match item.get("action") {
                Some("alert") => Action::Alert,
                Some("webhook") => Action::Webhook,
                Some("job") => Action::Job,
                _ => return Err(item.damaged("action")),
            };
            Kind::Special(Special { action: action(item.need("target")?) })
        }
        _ => return Err(item.damaged("type")),
    })
}
