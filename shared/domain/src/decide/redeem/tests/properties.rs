//! Properties that hold for every use in every state.

use proptest::prelude::*;

use crate::decide::close;
use crate::decide::testing::{CommandTest, after_revert, after_use, holds, points, used_at};
use crate::reward::{Cooldown, Kind, LastUse, Scope};
use crate::{
    Change, Decision, Delta, Effect, LedgerChange, Points, QueueChange, Redemption, RewardChange, Span,
    Status, StreamId, Timestamp, Usage,
};

fn lines() -> impl Strategy<Value = String> {
    let amount = prop_oneof!["[0-9]{1,5}", "all", "[0-9]{1,3}%", ".{0,8}"];
    let name = prop_oneof!["hydrate", "red", "charity", "confetti"];
    (name, amount).prop_map(|(name, amount)| format!("!{name} {amount}"))
}

fn command_tests() -> impl Strategy<Value = CommandTest> {
    let counts = (0_u64..5, 0_u64..5, 0_i64..=1100, any::<bool>());
    let limits = (proptest::option::of(0_u32..4), proptest::option::of(0_u32..4), any::<bool>());
    (0_i64..1500, counts, limits, any::<bool>(), any::<bool>()).prop_map(
        |(balance, (count, in_stream, progress, current), (stock, per_stream, cooldown), live, contended)| {
            let mut test = CommandTest::new(balance);
            if live {
                test.live();
            }
            test.contended = contended;
            let old = StreamId::begun_at(Timestamp::from_ms(7));
            let stream = if current { test.stream.counting() } else { old };
            let stream = (in_stream > 0).then_some(stream);
            test.everybody = Usage {
                count: count + in_stream,
                in_stream,
                stream_points: Points::ZERO,
                stream,
                last: used_at(test.now.saturating_sub(Span::seconds(u32::try_from(progress).unwrap()))),
                points: points(progress),
                ended_for: None,
            };
            for reward in &mut test.config.rewards {
                reward.limits.stock = stock;
                reward.limits.per_stream = per_stream;
                let scope = if contended { Scope::Everybody } else { Scope::EachViewer };
                reward.cooldown = cooldown.then_some(Cooldown { length: Span::minutes(5), scope });
            }
            test
        },
    )
}

fn moved(decision: &Decision) -> i64 {
    let deltas = decision.changes.iter().map(|change| match change {
        Change::Ledger(LedgerChange::Move { delta, .. }) => delta.get(),
        _ => 0,
    });
    deltas.sum()
}

fn use_of(decision: &Decision) -> Option<(&Change, Points)> {
    decision.changes.iter().find_map(|change| match change {
        Change::Reward(RewardChange::Use { points, .. }) => Some((change, *points)),
        _ => None,
    })
}

fn entry(decision: &Decision) -> Option<&Redemption> {
    decision.changes.iter().find_map(|change| match change {
        Change::Queue(QueueChange::Enqueue(entry)) => Some(entry),
        _ => None,
    })
}

proptest! {
    #[test]
    fn no_decision_moves_more_than_the_balance(test in command_tests(), line in lines()) {
        let decision = test.decide(&line);
        let paid = -moved(&decision);
        prop_assert!(paid >= 0 && paid <= test.account.balance.get());
        // The points paid and the points of the use are equal, and a refusal changes nothing at all.
        prop_assert_eq!(use_of(&decision).map_or(0, |(_, points)| points.get()), paid);
        prop_assert_eq!(use_of(&decision).is_some(), !decision.changes.is_empty());
        prop_assert!(!decision.effects.is_empty(), "every command is answered");
    }

    #[test]
    fn conditions_of_a_decision_hold_for_the_state_as_read(test in command_tests(), line in lines()) {
        if let Some((Change::Reward(RewardChange::Use { stream, everybody, own, .. }), _)) = use_of(&test.decide(&line)) {
            prop_assert!(holds(&test.everybody, everybody, stream), "{everybody:?}");
            prop_assert!(holds(&test.own, own, stream), "{own:?}");
        }
    }

    #[test]
    fn goal_never_exceeds_its_target(test in command_tests(), amount in "all|[0-9]{1,4}|[0-9]{1,2}%", at in 0_i64..=1000) {
        let decision = test.decide(&format!("!charity {amount}"));
        let Some((Change::Reward(RewardChange::Use { everybody, .. }), given)) = use_of(&decision) else { return Ok(()) };
        // The progress at the time of the write can be anywhere in the range of the condition, not only where
        // it was read.
        let (low, high) = everybody.points_between.unwrap();
        let before = points(at.clamp(low.get(), high.get()));
        let after = before.checked_add(given).unwrap();
        prop_assert!(after <= points(1000));
        let Kind::Goal(goal) = &test.config.rewards[2].kind else { unreachable!() };
        let steps = goal.reached(before, after).count() + usize::from(after == goal.target());
        let lines = decision.effects.iter().filter(|effect| matches!(effect, Effect::Say(_))).count();
        prop_assert_eq!(lines, 1 + steps, "each milestone that is reached is announced");
    }

    #[test]
    fn refund_is_the_exact_inverse_of_the_use(test in command_tests(), name in "hydrate|confetti") {
        let line = format!("!{name}");
        let decision = test.decide(&line);
        let Some(entry) = entry(&decision) else { return Ok(()) };
        let last = LastUse { event: entry.event.clone(), at: entry.at };
        let used = |usage: &Usage| after_use(usage, entry.price, &entry.stream, last.clone());
        let (everybody, own) = (used(&test.everybody), used(&test.own));
        let refund = close(entry, Status::Refunded, &everybody, &own).unwrap();
        let rollbacks = refund.changes.iter().find_map(|change| match change {
            Change::Reward(RewardChange::RevertUse { everybody, own, .. }) => Some((*everybody, *own)),
            _ => None,
        });
        let (for_everybody, for_own) = rollbacks.unwrap();
        prop_assert_eq!(moved(&refund), -moved(&decision));
        let mut after = CommandTest::new(test.account.balance.get());
        after.config = test.config.clone();
        after.stream = test.stream.clone();
        after.contended = test.contended;
        let paid = test.account.balance.after(Delta::new(moved(&decision)).unwrap()).unwrap();
        after.account.balance = paid.after(Delta::new(moved(&refund)).unwrap()).unwrap();
        after.everybody = after_revert(&everybody, for_everybody, entry);
        after.own = after_revert(&own, for_own, entry);
        let counts = |usage: &Usage| (usage.count, usage.points, usage.count_in(&entry.stream));
        prop_assert_eq!(counts(&after.everybody), counts(&test.everybody));
        prop_assert_eq!(counts(&after.own), counts(&test.own));
        // No cooldown is left, so the same command leads to the same decision again.
        prop_assert_eq!(after.check(&line), test.check(&line));
        let twice = Redemption { status: Status::Refunded, ..entry.clone() };
        prop_assert_eq!(close(&twice, Status::Refunded, &after.everybody, &after.own), None);
    }
}
