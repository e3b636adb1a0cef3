//! What becomes of a redemption: fulfilled, or refunded.

use crate::{Cause, Change, Decision, Delta, Effect, Mend, Redemption, Status, Usage, text};

/// Decides that `redemption` becomes `to`; `None` when it no longer can. A refund gives back points, stock,
/// limits and cooldown.
#[must_use]
pub fn close(redemption: &Redemption, to: Status, everybody: &Usage, own: &Usage) -> Option<Decision> {
    if !redemption.can_become(to) {
        return None;
    }
    let mut changes = vec![Change::Close { redemption: redemption.clone(), to }];
    let (viewer, reward, price) = (&redemption.viewer_name, &redemption.reward_name, redemption.price);
    if to != Status::Refunded {
        return Some(Decision {
            changes,
            effects: vec![Effect::Say(text::fulfilled(viewer, reward).chat())],
        });
    }
    if !price.is_zero() {
        changes.push(Change::Move {
            viewer: redemption.viewer.clone(),
            delta: Delta::credit(price),
            cause: Cause::Refund(redemption.reward.clone()),
        });
    }
    let mend = |usage: &Usage| Mend {
        same_stream: usage.stream.as_ref() == Some(&redemption.stream),
        newest: usage.last.as_ref().is_some_and(|last| last.event == redemption.event),
    };
    changes.push(Change::Unuse {
        redemption: redemption.clone(),
        everybody: mend(everybody),
        own: mend(own),
    });
    Some(Decision { changes, effects: vec![Effect::Say(text::refunded(viewer, reward, price).chat())] })
}
