//! The audit log: who changed what, before and after.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;
use ownchatbot_domain::{
    CategoryId, ConfigEdit, Configure, EditTarget, Editor, EventId, RewardId, Timestamp,
};

use super::config::{category_content, category_of, reward_content, reward_of};
use super::settings::{read_section, section_content};
use crate::AuditEntry;
use crate::item::{Damaged, Item, n};
use crate::keys;

/// The audit log's row of the change that `event` made at `at`.
pub(crate) fn row(change: &Configure, event: &EventId, at: Timestamp) -> Item {
    Item::new(&keys::audit(at, event), "audit")
        .time("at", at)
        .text("event", event)
        .text("by", &change.by)
        .list("edits", change.edits.iter().map(|edit| AttributeValue::M(edit_row(edit).0)))
}

fn edit_row(edit: &ConfigEdit) -> Item {
    let content = |item: Item| AttributeValue::M(item.0);
    let (part, id, before, after) = match &edit.target {
        EditTarget::Settings { before, after } => {
            let name = after.name().to_owned();
            ("settings", name, Some(section_content(before)), Some(section_content(after)))
        }
        EditTarget::Reward { before, after } => {
            let id = before.as_ref().or(after.as_ref()).map(|reward| reward.id.to_string());
            let [before, after] = [before, after].map(|reward| reward.as_ref().map(reward_content));
            ("reward", id.unwrap_or_default(), before, after)
        }
        EditTarget::Category { before, after } => {
            let id = before.as_ref().or(after.as_ref()).map(|category| category.id.to_string());
            let [before, after] = [before, after].map(|category| category.as_ref().map(category_content));
            ("category", id.unwrap_or_default(), before, after)
        }
    };
    Item::default()
        .text("part", part)
        .text("id", id)
        .with("seen", n(edit.seen))
        .maybe(before, |item, before| item.with("before", content(before)))
        .maybe(after, |item, after| item.with("after", content(after)))
}

pub(crate) fn read(item: &Item) -> Result<AuditEntry, Damaged> {
    let event = item.get("event").and_then(|event| EventId::parse(event).ok());
    let edits = item.get_list("edits").iter().map(|edit| {
        let edit: &HashMap<String, AttributeValue> = edit.as_m().map_err(|_| item.damaged("edits"))?;
        read_edit(&Item(edit.clone()))
    });
    Ok(AuditEntry {
        at: item.need_time("at")?,
        event: event.ok_or_else(|| item.damaged("event"))?,
        by: editor(item.get("by").unwrap_or_default()).ok_or_else(|| item.damaged("by"))?,
        edits: edits.filter_map(Result::transpose).collect::<Result<_, _>>()?,
    })
}

fn editor(text: &str) -> Option<Editor> {
    match text.split_once(':') {
        None if text == "streamer" => Some(Editor::Streamer),
        None if text == "setup" => Some(Editor::Setup),
        Some(("moderator", viewer)) => viewer.parse().ok().map(Editor::Moderator),
        _ => None,
    }
}

/// Reads one edit; `None` when this version does not know the part that it changed.
fn read_edit(item: &Item) -> Result<Option<ConfigEdit>, Damaged> {
    let side = |name: &str| item.0.get(name).and_then(|side| side.as_m().ok()).map(|side| Item(side.clone()));
    let (before, after) = (side("before"), side("after"));
    let id = item.get("id").unwrap_or_default();
    let bad_id = |_| item.damaged("id");
    let target = match item.get("part") {
        Some("settings") => {
            let section = |side: Option<Item>| read_section(id, &side.unwrap_or_default());
            let (Some(before), Some(after)) = (section(before)?, section(after)?) else { return Ok(None) };
            EditTarget::Settings { before, after }
        }
        Some("reward") => {
            let id = id.parse().map_err(bad_id)?;
            let reward =
                |side: Option<Item>| side.map(|side| reward_of(RewardId::clone(&id), &side)).transpose();
            EditTarget::Reward { before: reward(before)?, after: reward(after)? }
        }
        Some("category") => {
            let id = id.parse().map_err(bad_id)?;
            let category =
                |side: Option<Item>| side.map(|side| category_of(CategoryId::clone(&id), &side)).transpose();
            EditTarget::Category { before: category(before)?, after: category(after)? }
        }
        _ => return Ok(None),
    };
    Ok(Some(ConfigEdit { seen: item.need("seen")?, target }))
}
