//! Votes and goals that have reached the time of their end.

use crate::reward::Kind;
use crate::{
    Cause, Change, Contribution, Decision, Delta, Effect, LedgerChange, Reward, RewardChange, Usage, message,
};

/// The most viewers who get their contributions back in one transaction: three items each, of the 100 that
/// DynamoDB allows.
pub const MAX_GIVERS: usize = 30;

/// Decides the announcement of the end of `reward`; `None` when it has no end, or when that end has been
/// announced. The end of a goal that was reached gets no message, since reaching it was announced.
#[must_use]
pub fn end_reward(reward: &Reward, usage: &Usage) -> Option<Decision> {
    let ends = reward.end().filter(|end| usage.ended_for != Some(*end))?;
    let line = match &reward.kind {
        Kind::Vote(_) => Some(message::vote_over(&reward.name, usage.count)),
        Kind::Goal(goal) if usage.points >= goal.target() => None,
        Kind::Goal(goal) if goal.gives_back() => {
            Some(message::goal_missed_given_back(&reward.name, usage.points, goal.target()))
        }
        Kind::Goal(goal) => Some(message::goal_missed(&reward.name, usage.points, goal.target())),
        Kind::Redeem(_) | Kind::Special(_) => return None,
    };
    Some(Decision {
        changes: vec![Change::Reward(RewardChange::EndReward { reward: reward.id.clone(), ends })],
        effects: line.map(Effect::Say).into_iter().collect(),
    })
}

/// Decides that contributions go back to `givers`, at most [`MAX_GIVERS`] of them. The contributions of
/// erased viewers are dropped.
#[must_use]
pub fn give_back(reward: &Reward, givers: &[Contribution]) -> Decision {
    let gets = |giver: &&Contribution| !giver.points.is_zero() && !giver.viewer.is_erased();
    let back = givers.iter().filter(gets).map(|giver| {
        Change::Ledger(LedgerChange::Move {
            viewer: giver.viewer.clone(),
            delta: Delta::credit(giver.points),
            cause: Cause::Refund(reward.id.clone()),
        })
    });
    let mut changes =
        vec![Change::Reward(RewardChange::GiveBack { reward: reward.id.clone(), givers: givers.to_vec() })];
    changes.extend(back);
    Decision::changes(changes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decide::testing::points;
    use crate::reward::{CommandName, Goal, Vote};
    use crate::{Points, RewardId, Timestamp, ViewerId};

    fn reward(kind: Kind) -> Reward {
        let mut reward =
            Reward::new(RewardId::new("r").unwrap(), CommandName::new("red").unwrap(), Points::ZERO, kind);
        reward.ends = Some(Timestamp::from_ms(1000));
        reward
    }

    fn announced(reward: &Reward, usage: &Usage) -> Option<Vec<Effect>> {
        end_reward(reward, usage).map(|decision| decision.effects)
    }

    #[test]
    fn end_is_announced_once() {
        let vote = reward(Kind::Vote(Vote::default()));
        let usage = Usage { count: 7, ..Usage::default() };
        assert_eq!(announced(&vote, &usage), Some(vec![Effect::Say(message::vote_over("red", 7_u64))]));
        let ended = Usage { ended_for: vote.ends, ..usage };
        assert_eq!(announced(&vote, &ended), None);
        let longer = Reward { ends: Some(Timestamp::from_ms(2000)), ..vote };
        assert!(announced(&longer, &ended).is_some(), "another end is announced as well");
    }

    #[test]
    fn missed_goal_announces_what_happens_to_its_points() {
        let goal = |gives_back| {
            reward(Kind::Goal(Goal::new(points(100), Vec::new()).unwrap().giving_back(gives_back)))
        };
        let at = |n| Usage { points: points(n), ..Usage::default() };
        assert_eq!(announced(&goal(true), &at(100)), Some(Vec::new()), "reaching it was announced already");
        let (given, target) = (points(40), points(100));
        let back = message::goal_missed_given_back("red", given, target);
        assert_eq!(announced(&goal(true), &at(40)), Some(vec![Effect::Say(back)]));
        let kept = message::goal_missed("red", given, target);
        assert_eq!(announced(&goal(false), &at(40)), Some(vec![Effect::Say(kept)]));
    }

    #[test]
    fn contributions_go_back_to_their_givers() {
        let goal = reward(Kind::Goal(Goal::new(points(100), Vec::new()).unwrap()));
        let giver =
            |id: &str, n| Contribution { viewer: ViewerId::new(id).unwrap(), points: points(n), count: 2 };
        let decision = give_back(&goal, &[giver("a", 30), giver("b", 12)]);
        let moved: i64 =
            decision
                .changes
                .iter()
                .map(|change| {
                    if let Change::Ledger(LedgerChange::Move { delta, .. }) = change {
                        delta.get()
                    } else {
                        0
                    }
                })
                .sum();
        assert_eq!((moved, decision.changes.len()), (42, 3));
        let erased = Contribution { viewer: ViewerId::erased(), points: points(9), count: 1 };
        let decision = give_back(&goal, std::slice::from_ref(&erased));
        assert_eq!(
            decision.changes,
            [Change::Reward(RewardChange::GiveBack { reward: goal.id, givers: vec![erased] })]
        );
    }
}
