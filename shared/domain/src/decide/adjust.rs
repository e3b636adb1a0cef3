//! Moderators give and take points.

use super::Scene;
use crate::command::Adjustment;
use crate::text::{self, Text};
use crate::{Cause, Change, Decision, Delta, Points, ViewerId};

/// The most that one command may give or take: a slip of the finger should not outlive the evening.
pub const MOST_AT_ONCE: i64 = 1_000_000_000;

/// As many are listed when a name is ambiguous.
const MOST_LISTED: usize = 5;

/// A viewer whom a name may mean.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// Their id.
    pub viewer: ViewerId,
    /// Their name.
    pub name: String,
    /// What they have.
    pub balance: Points,
}

pub(super) fn how_to(scene: &Scene<'_>, command: &str) -> Text {
    if scene.asker.moderator {
        text::adjust_howto(scene.prefix(), command)
    } else {
        text::moderators_command(scene.name(), scene.prefix(), command)
    }
}

pub(super) fn decide(scene: &Scene<'_>, adjustment: &Adjustment, candidates: &[Candidate]) -> Decision {
    let command = if adjustment.add { "addpoints" } else { "removepoints" };
    if !scene.asker.moderator {
        return scene.answer(&text::moderators_command(scene.name(), scene.prefix(), command));
    }
    let amount = adjustment.amount.filter(|points| points.get() <= MOST_AT_ONCE);
    let Some(amount) = amount else { return scene.answer(&text::adjust_amount(MOST_AT_ONCE)) };
    let target = match candidates {
        [] => return scene.answer(&text::adjust_unknown(&adjustment.viewer)),
        [one] => one,
        several => {
            let list =
                several.iter().take(MOST_LISTED).map(|c| format!("id:{} with {}", c.viewer, c.balance));
            let list = list.collect::<Vec<_>>().join(", ");
            return scene.answer(&text::adjust_ambiguous(&adjustment.viewer, list));
        }
    };
    let delta = if adjustment.add { Delta::credit(amount) } else { Delta::debit(amount) };
    let Some(after) = target.balance.after(delta) else {
        return scene.answer(&if adjustment.add {
            text::adjust_full(&target.name)
        } else {
            text::adjust_short(&target.name, target.balance, amount)
        });
    };
    let cause = Cause::Correction { by: scene.asker.id.clone(), reason: adjustment.reason.clone() };
    let done = if adjustment.add {
        text::added(&target.name, amount, after)
    } else {
        text::removed(&target.name, amount, after)
    };
    Decision {
        changes: vec![Change::Move { viewer: target.viewer.clone(), delta, cause }],
        effects: vec![scene.tell(&done)],
    }
}
