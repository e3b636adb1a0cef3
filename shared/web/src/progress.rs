//! The progress of goals and votes, in words.

use ownchatbot_domain::reward::{Goal, Milestone};
use ownchatbot_domain::{Points, Usage};
use ownchatbot_texts::Words;

/// The progress of a goal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GoalProgress {
    /// The points given, at most the target: the streamer can lower the target below what was given.
    pub points: Points,
    /// The points that fill it.
    pub target: Points,
    /// The text above the bar: `300 of 1,000`.
    pub text: String,
    /// What is left: `700 to go`, or `reached`.
    pub rest: String,
}

impl GoalProgress {
    /// The progress of `goal`, which all viewers together have used as `everybody` says.
    #[must_use]
    pub fn of(goal: &Goal, everybody: &Usage, words: &Words) -> Self {
        let target = goal.target();
        let points = everybody.points.min(target);
        let rest = target.saturating_sub(points);
        Self {
            points,
            target,
            text: words.with("progress", [("progress", points.into()), ("target", target.into())]),
            rest: if rest.is_zero() {
                words.get("progress-reached")
            } else {
                words.with("progress-rest", [("rest", rest.into())])
            },
        }
    }

    /// Whether `milestone` is reached.
    #[must_use]
    pub fn has_reached(&self, milestone: &Milestone) -> bool {
        milestone.at <= self.points
    }
}

/// A count of votes: `1 vote`, `1,240 votes`.
#[must_use]
pub fn votes(count: u64, words: &Words) -> String {
    words.with("votes", [("count", count.into())])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::testing::english;

    #[test]
    fn goal_progress_is_grouped_and_ends_at_the_target() {
        let goal = Goal::new(Points::new(1_500).unwrap(), Vec::new()).unwrap();
        let at = |points| {
            let usage = Usage { points: Points::new(points).unwrap(), ..Usage::default() };
            let GoalProgress { text, rest, .. } = GoalProgress::of(&goal, &usage, &english());
            (text, rest)
        };
        assert_eq!(at(0), ("0 of 1,500".to_owned(), "1,500 to go".to_owned()));
        assert_eq!(at(1_499), ("1,499 of 1,500".to_owned(), "1 to go".to_owned()));
        for points in [1_500, 9_000] {
            assert_eq!(at(points), ("1,500 of 1,500".to_owned(), "reached".to_owned()));
        }
    }

    #[test]
    fn one_vote_is_not_several() {
        assert_eq!([0, 1, 1_240].map(|count| votes(count, &english())), ["0 votes", "1 vote", "1,240 votes"]);
    }
}
