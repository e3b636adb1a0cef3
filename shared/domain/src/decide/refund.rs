//! Closing a redemption: it is fulfilled or refunded.

use crate::{
    Cause, Change, Decision, Delta, Effect, LedgerChange, QueueChange, Redemption, RewardChange, Status,
    Timestamp, Usage, UsageRollback, ViewerChange, message,
};

/// Decides that `redemption` gets the status `to`; `None` when it no longer can. A refund gives back points,
/// stock, limits and cooldown. For an erased viewer it gives no points back and says nothing in chat.
#[must_use]
pub fn close(redemption: &Redemption, to: Status, everybody: &Usage, own: &Usage) -> Option<Decision> {
    if !redemption.can_become(to) {
        return None;
    }
    let mut changes = vec![Change::Queue(QueueChange::Close { redemption: redemption.clone(), to })];
    if to == Status::Refunded && redemption.viewer.is_erased() {
        changes.push(revert_use(redemption, everybody, own));
        return Some(Decision::changes(changes));
    }
    let (viewer, reward, price) = (&redemption.viewer_name, &redemption.reward_name, redemption.price);
    if to != Status::Refunded {
        return Some(Decision { changes, effects: vec![Effect::Say(message::fulfilled(viewer, reward))] });
    }
    if !price.is_zero() {
        changes.push(Change::Ledger(LedgerChange::Move {
            viewer: redemption.viewer.clone(),
            delta: Delta::credit(price),
            cause: Cause::Refund(redemption.reward.clone()),
        }));
    }
    changes.push(revert_use(redemption, everybody, own));
    Some(Decision { changes, effects: vec![Effect::Say(message::refunded(viewer, reward, price))] })
}

/// Decides that a waiting `redemption` is refunded by the erasure of its viewer that began at `since`; `None`
/// when it does not wait. Nothing is said in chat. The points are not given back, since the erasure deletes
/// the balance anyway.
#[must_use]
pub fn withdraw(
    redemption: &Redemption,
    since: Timestamp,
    everybody: &Usage,
    own: &Usage,
) -> Option<Decision> {
    if redemption.status != Status::Waiting {
        return None;
    }
    let changes = vec![
        Change::Viewer(ViewerChange::ErasureInProgress { viewer: redemption.viewer.clone(), since }),
        Change::Queue(QueueChange::Close { redemption: redemption.clone(), to: Status::Refunded }),
        revert_use(redemption, everybody, own),
    ];
    Some(Decision::changes(changes))
}

fn revert_use(redemption: &Redemption, everybody: &Usage, own: &Usage) -> Change {
    let rollback = |usage: &Usage| UsageRollback {
        same_stream: usage.stream.as_ref() == Some(&redemption.stream),
        newest: usage.last.as_ref().is_some_and(|last| last.event == redemption.event),
    };
    Change::Reward(RewardChange::RevertUse {
        redemption: redemption.clone(),
        everybody: rollback(everybody),
        own: rollback(own),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decide::testing::{self, points, used_at};
    use crate::reward::LastUse;
    use crate::{StreamId, Timestamp, ViewerId};

    fn redemption(status: Status, automatic: bool) -> Redemption {
        Redemption { status, automatic, ..testing::waiting("Ann", "hydrate") }
    }

    fn decided(redemption: &Redemption, to: Status) -> Option<Decision> {
        close(redemption, to, &Usage::default(), &Usage::default())
    }

    #[test]
    fn fulfilling_moves_no_points() {
        let waiting = redemption(Status::Waiting, false);
        let decision = decided(&waiting, Status::Fulfilled).unwrap();
        assert_eq!(
            decision.changes,
            [Change::Queue(QueueChange::Close { redemption: waiting, to: Status::Fulfilled })]
        );
        assert_eq!(decision.effects, [Effect::Say(message::fulfilled("Ann", "hydrate"))]);
    }

    #[test]
    fn refund_gives_the_price_back() {
        let waiting = redemption(Status::Waiting, false);
        let decision = decided(&waiting, Status::Refunded).unwrap();
        let back = Change::Ledger(LedgerChange::Move {
            viewer: waiting.viewer.clone(),
            delta: Delta::credit(points(50)),
            cause: Cause::Refund(waiting.reward.clone()),
        });
        assert!(decision.changes.contains(&back), "{decision:?}");
        let line = message::refunded("Ann", "hydrate", points(50));
        assert_eq!(decision.effects, [Effect::Say(line)]);
    }

    #[test]
    fn refund_of_a_free_reward_reverts_only_the_use() {
        let free = Redemption { price: points(0), ..redemption(Status::Waiting, false) };
        let decision = decided(&free, Status::Refunded).unwrap();
        assert!(
            !decision
                .changes
                .iter()
                .any(|change| matches!(change, Change::Ledger(LedgerChange::Move { .. })))
        );
        assert!(
            decision
                .changes
                .iter()
                .any(|change| matches!(change, Change::Reward(RewardChange::RevertUse { .. })))
        );
    }

    #[test]
    fn refund_for_an_erased_viewer_reverts_the_use_silently() {
        let closed = Redemption { viewer: ViewerId::erased(), ..redemption(Status::Fulfilled, true) };
        let decision = decided(&closed, Status::Refunded).unwrap();
        assert!(matches!(
            decision.changes.as_slice(),
            [Change::Queue(QueueChange::Close { .. }), Change::Reward(RewardChange::RevertUse { .. })]
        ));
        assert_eq!(decision.effects, []);
    }

    #[test]
    fn waiting_redemption_is_withdrawn_during_erasure() {
        let (since, none) = (Timestamp::from_ms(7), Usage::default());
        let waiting = redemption(Status::Waiting, false);
        let decision = withdraw(&waiting, since, &none, &none).unwrap();
        let in_progress =
            Change::Viewer(ViewerChange::ErasureInProgress { viewer: waiting.viewer.clone(), since });
        let refunded = decided(&waiting, Status::Refunded).unwrap().changes;
        assert_eq!(decision.changes, [in_progress, refunded[0].clone(), refunded[2].clone()]);
        assert_eq!(decision.effects, []);
        assert_eq!(withdraw(&redemption(Status::Fulfilled, true), since, &none, &none), None);
    }

    #[test]
    fn closed_redemption_stays_closed() {
        for to in [Status::Waiting, Status::Fulfilled, Status::Refunded] {
            assert_eq!(decided(&redemption(Status::Refunded, true), to), None, "{to:?}");
            assert_eq!(decided(&redemption(Status::Fulfilled, false), to), None, "{to:?}");
        }
        assert!(decided(&redemption(Status::Fulfilled, true), Status::Refunded).is_some());
        assert_eq!(decided(&redemption(Status::Fulfilled, true), Status::Fulfilled), None);
    }

    #[test]
    fn refund_rolls_back_only_what_the_use_changed() {
        let waiting = redemption(Status::Waiting, false);
        let last = LastUse { event: waiting.event.clone(), at: waiting.at };
        let newest =
            Usage { stream: Some(waiting.stream.clone()), last: Some(last), count: 1, ..Usage::default() };
        let later = StreamId::begun_at(Timestamp::from_ms(2));
        let passed = Usage { stream: Some(later), last: used_at(Timestamp::from_ms(2000)), ..newest.clone() };
        let decision = close(&waiting, Status::Refunded, &passed, &newest).unwrap();
        let revert_use = Change::Reward(RewardChange::RevertUse {
            redemption: waiting,
            everybody: UsageRollback { same_stream: false, newest: false },
            own: UsageRollback { same_stream: true, newest: true },
        });
        assert_eq!(decision.changes.last(), Some(&revert_use));
    }
}
