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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decide::testing::{event, points, used_at};
    use crate::reward::LastUse;
    use crate::{RewardId, StreamId, Timestamp, ViewerId};

    fn redemption(status: Status, automatic: bool) -> Redemption {
        Redemption {
            event: event("paid"),
            at: Timestamp::from_ms(1000),
            reward: RewardId::new("hydrate").unwrap(),
            reward_name: "hydrate".to_owned(),
            viewer: ViewerId::new("ann").unwrap(),
            viewer_name: "Ann".to_owned(),
            price: points(50),
            note: None,
            note_hidden: false,
            stream: StreamId::begun_at(Timestamp::from_ms(1)),
            status,
            automatic,
        }
    }

    fn decided(redemption: &Redemption, to: Status) -> Option<Decision> {
        close(redemption, to, &Usage::default(), &Usage::default())
    }

    #[test]
    fn fulfilling_moves_no_points() {
        let waiting = redemption(Status::Waiting, false);
        let decision = decided(&waiting, Status::Fulfilled).unwrap();
        assert_eq!(decision.changes, [Change::Close { redemption: waiting, to: Status::Fulfilled }]);
        assert_eq!(decision.effects, [Effect::Say("Ann, your hydrate is done.".to_owned())]);
    }

    #[test]
    fn a_refund_gives_the_price_back() {
        let waiting = redemption(Status::Waiting, false);
        let decision = decided(&waiting, Status::Refunded).unwrap();
        let back = Change::Move {
            viewer: waiting.viewer.clone(),
            delta: Delta::credit(points(50)),
            cause: Cause::Refund(waiting.reward.clone()),
        };
        assert!(decision.changes.contains(&back), "{decision:?}");
        let line = "Ann, your hydrate was refunded: 50 points are back.".to_owned();
        assert_eq!(decision.effects, [Effect::Say(line)]);
    }

    #[test]
    fn what_was_free_gives_nothing_back_but_its_use() {
        let free = Redemption { price: points(0), ..redemption(Status::Waiting, false) };
        let decision = decided(&free, Status::Refunded).unwrap();
        assert!(!decision.changes.iter().any(|change| matches!(change, Change::Move { .. })));
        assert!(decision.changes.iter().any(|change| matches!(change, Change::Unuse { .. })));
    }

    #[test]
    fn what_is_over_stays_over() {
        for to in [Status::Waiting, Status::Fulfilled, Status::Refunded] {
            assert_eq!(decided(&redemption(Status::Refunded, true), to), None, "{to:?}");
            assert_eq!(decided(&redemption(Status::Fulfilled, false), to), None, "{to:?}");
        }
        assert!(decided(&redemption(Status::Fulfilled, true), Status::Refunded).is_some());
        assert_eq!(decided(&redemption(Status::Fulfilled, true), Status::Fulfilled), None);
    }

    #[test]
    fn a_refund_mends_only_what_the_use_has_moved() {
        let waiting = redemption(Status::Waiting, false);
        let last = LastUse { event: event("paid"), at: waiting.at };
        let newest =
            Usage { stream: Some(waiting.stream.clone()), last: Some(last), count: 1, ..Usage::default() };
        let later = StreamId::begun_at(Timestamp::from_ms(2));
        let passed = Usage { stream: Some(later), last: used_at(Timestamp::from_ms(2000)), ..newest.clone() };
        let decision = close(&waiting, Status::Refunded, &passed, &newest).unwrap();
        let unuse = Change::Unuse {
            redemption: waiting,
            everybody: Mend { same_stream: false, newest: false },
            own: Mend { same_stream: true, newest: true },
        };
        assert_eq!(decision.changes.last(), Some(&unuse));
    }
}
