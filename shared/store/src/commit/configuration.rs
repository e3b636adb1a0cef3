//! Changes of the configuration (settings, categories, rewards) as writes.

use ownchatbot_domain::{Category, ConfigEdit, Configure, EditTarget, EventId, Reward, Timestamp};

use crate::expression::{Expression, Write};
use crate::item::{Item, n};
use crate::keys::{self, Key};
use crate::rows;

/// The edits, each on condition of the version that was read, and the audit log's row about them.
pub(super) fn writes(change: &Configure, event: &EventId, at: Timestamp) -> Vec<Write> {
    let mut writes: Vec<Write> = change.edits.iter().flat_map(edit).collect();
    writes.push(Write::create(rows::audit::row(change, event, at)));
    writes
}

fn edit(edit: &ConfigEdit) -> Vec<Write> {
    match &edit.target {
        EditTarget::Settings { after, .. } => vec![saved(rows::settings::section(after), edit.seen)],
        EditTarget::Reward { before, after } => reward(before.as_ref(), after.as_ref(), edit.seen),
        EditTarget::Category { before, after } => category(before.as_ref(), after.as_ref(), edit.seen),
    }
}

/// Deleting a reward leaves its usage counts in the table: the ledger and the history still name it.
fn reward(before: Option<&Reward>, after: Option<&Reward>, seen: u64) -> Vec<Write> {
    let mut writes = match (before, after) {
        (_, Some(after)) => vec![saved(rows::config::reward(after), seen)],
        (Some(before), None) => vec![deleted(keys::reward(&before.id), seen)],
        (None, None) => Vec::new(),
    };
    // The command pointers keep commands unique: two rewards cannot create the same one.
    let [old, new] = [before, after].map(|reward| reward.map(|reward| reward.name.as_str()));
    if old != new {
        writes.extend(after.map(|after| Write::create(rows::config::command(after))));
        writes.extend(old.map(|command| Write::delete(keys::command(command))));
    }
    writes
}

fn category(before: Option<&Category>, after: Option<&Category>, seen: u64) -> Vec<Write> {
    match (before, after) {
        (_, Some(after)) => vec![saved(rows::config::category(after), seen)],
        (Some(before), None) => vec![deleted(keys::category(&before.id), seen)],
        (None, None) => Vec::new(),
    }
}

/// Optimistic concurrency: the write succeeds only while the stored version is the one that was read; 0 means
/// that nothing was stored.
fn saved(row: Item, seen: u64) -> Write {
    let condition = match seen {
        0 => Expression::new().when_missing(keys::PK),
        seen => unchanged(seen),
    };
    Write::Put(row.number("v", seen.saturating_add(1)), condition)
}

fn deleted(key: Key, seen: u64) -> Write {
    Write::Delete(key, unchanged(seen))
}

fn unchanged(seen: u64) -> Expression {
    Expression::new().when("v", "=", n(seen))
}
