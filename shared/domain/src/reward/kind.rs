//! The four kinds of rewards.

use crate::Points;

/// What happens when a reward is used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    /// The streamer does something for the viewer.
    Redeem(Redeem),
    /// The number of votes goes up.
    Vote(Vote),
    /// Viewers contribute points to a common target.
    Goal(Goal),
    /// The bot carries out an action.
    Special(Special),
}

/// A reward that the streamer fulfills.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Redeem {
    /// Whether it skips the queue and counts as fulfilled at once.
    pub skip_queue: bool,
}

/// Something that viewers can vote for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Vote {
    /// Whether votes are taken.
    pub open: bool,
    /// The most votes of one viewer; `None` for no limit.
    pub per_viewer: Option<u32>,
}

impl Default for Vote {
    fn default() -> Self {
        Self { open: true, per_viewer: None }
    }
}

/// A target that viewers reach together, with milestones on the way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Goal {
    /// The points at which it is reached.
    target: Points,
    /// Sorted by their points.
    milestones: Vec<Milestone>,
    /// Whether contributions are given back when it ends before it is reached.
    gives_back: bool,
}

/// A step on the way to the target of a goal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Milestone {
    /// The points at which it is reached.
    pub at: Points,
    /// The text that announces it.
    pub text: String,
}

/// The most milestones of a goal. One contribution may reach all of them, each with a chat message in the
/// outbox, and a DynamoDB transaction has at most 100 items.
pub const MAX_MILESTONES: usize = 50;

/// Why a goal cannot be set up.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadGoal {
    /// The target is zero.
    #[error("a goal needs a target of at least 1 point")]
    NoTarget,
    /// A milestone is at zero or beyond the target.
    #[error("the milestone at {0} must be between 1 and the target")]
    OutOfRange(Points),
    /// Two milestones have the same points.
    #[error("two milestones are at {0}")]
    Twice(Points),
    /// There are more than [`MAX_MILESTONES`].
    #[error("a goal has at most {MAX_MILESTONES} milestones")]
    TooMany,
}

impl Goal {
    /// A goal of `target` points with `milestones` in any order.
    ///
    /// # Errors
    /// [`BadGoal`] when the target is zero, or when the milestones are too many, equal or out of range.
    pub fn new(target: Points, mut milestones: Vec<Milestone>) -> Result<Self, BadGoal> {
        if target.is_zero() {
            return Err(BadGoal::NoTarget);
        }
        if milestones.len() > MAX_MILESTONES {
            return Err(BadGoal::TooMany);
        }
        milestones.sort_by_key(|milestone| milestone.at);
        if let Some(bad) = milestones.iter().find(|m| m.at.is_zero() || m.at > target) {
            return Err(BadGoal::OutOfRange(bad.at));
        }
        if let Some(pair) = milestones.windows(2).find(|pair| matches!(pair, [a, b] if a.at == b.at)) {
            return Err(BadGoal::Twice(pair.first().map_or(Points::ZERO, |m| m.at)));
        }
        Ok(Self { target, milestones, gives_back: false })
    }

    /// The same goal, with contributions given back or kept when it ends before it is reached.
    #[must_use]
    pub fn giving_back(self, gives_back: bool) -> Self {
        Self { gives_back, ..self }
    }

    /// Whether contributions are given back when it ends before it is reached.
    #[must_use]
    pub const fn gives_back(&self) -> bool {
        self.gives_back
    }

    /// Its target, in points.
    #[must_use]
    pub const fn target(&self) -> Points {
        self.target
    }

    /// Its milestones, sorted by their points.
    #[must_use]
    pub fn milestones(&self) -> &[Milestone] {
        &self.milestones
    }

    /// The milestones that are reached when the progress goes from `before` to `after`.
    pub fn reached(&self, before: Points, after: Points) -> impl Iterator<Item = &Milestone> {
        self.milestones.iter().filter(move |m| before < m.at && m.at <= after)
    }

    /// The range of progress around `progress`, both ends included, in which adding `amount` reaches neither
    /// a milestone nor the target; `None` when adding it to `progress` does.
    #[must_use]
    pub fn range_without_milestone(&self, progress: Points, amount: Points) -> Option<(Points, Points)> {
        let steps = || self.milestones.iter().map(|m| m.at).chain([self.target]);
        let low = steps().filter(|at| *at <= progress).max().unwrap_or(Points::ZERO);
        let next = steps().filter(|at| *at > progress).min()?;
        let high = next.checked_sub(amount)?.checked_sub(Points::new(1)?)?;
        (progress <= high).then_some((low, high))
    }
}

/// A reward that the bot carries out by itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Special {
    /// The action.
    pub action: Action,
}

/// The action of a special.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Action {
    /// Shows the alert with this name on the overlay.
    Alert(String),
    /// Sends a signed request to this URL.
    Webhook(String),
    /// Sends the job with this name to the agent on the streamer's own computer.
    Job(String),
}

#[cfg(test)]
mod tests {
    use super::*;

    fn points(n: i64) -> Points {
        Points::new(n).unwrap()
    }

    fn goal(target: i64, at: &[i64]) -> Result<Goal, BadGoal> {
        let milestones = at.iter().map(|n| Milestone { at: points(*n), text: n.to_string() }).collect();
        Goal::new(points(target), milestones)
    }

    #[test]
    fn unreachable_milestones_are_rejected() {
        assert_eq!(goal(0, &[]), Err(BadGoal::NoTarget));
        assert_eq!(goal(10, &[0]), Err(BadGoal::OutOfRange(points(0))));
        assert_eq!(goal(10, &[11]), Err(BadGoal::OutOfRange(points(11))));
        assert_eq!(goal(10, &[5, 3, 5]), Err(BadGoal::Twice(points(5))));
        let steps: Vec<i64> = (1..=51).collect();
        assert_eq!(goal(100, &steps), Err(BadGoal::TooMany));
        assert!(goal(100, &steps[..50]).is_ok());
        let goal = goal(10, &[10, 3]).unwrap();
        assert_eq!(goal.milestones().first().unwrap().at, points(3));
    }

    #[test]
    fn one_contribution_can_reach_several_milestones() {
        let goal = goal(100, &[10, 20, 90]).unwrap();
        let reached: Vec<_> = goal.reached(points(10), points(90)).map(|m| m.at.get()).collect();
        assert_eq!(reached, [20, 90]);
    }

    #[test]
    fn range_without_milestone_ends_before_the_next_milestone() {
        let goal = goal(100, &[20, 50]).unwrap();
        assert_eq!(goal.range_without_milestone(points(25), points(10)), Some((points(20), points(39))));
        assert_eq!(goal.range_without_milestone(points(39), points(10)), Some((points(20), points(39))));
        assert_eq!(goal.range_without_milestone(points(40), points(10)), None);
        assert_eq!(goal.range_without_milestone(points(60), points(10)), Some((points(50), points(89))));
        assert_eq!(goal.range_without_milestone(points(90), points(10)), None);
        assert_eq!(goal.range_without_milestone(points(100), points(0)), None);
    }
}
