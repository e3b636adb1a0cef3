//! The four kinds of rewards.

use crate::Points;

/// What happens when a reward is used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    /// The streamer does something.
    Redeem(Redeem),
    /// A tally goes up.
    Vote(Vote),
    /// Viewers fill a bar together.
    Goal(Goal),
    /// The machine does something.
    Special(Special),
}

/// A redeem.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Redeem {
    /// Whether it skips the queue and counts as fulfilled at once.
    pub skip_queue: bool,
}

/// A vote: one of the things viewers can vote for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Vote {
    /// Whether votes are taken.
    pub open: bool,
    /// How often one viewer may vote for this.
    pub per_viewer: Option<u32>,
}

impl Default for Vote {
    fn default() -> Self {
        Self { open: true, per_viewer: None }
    }
}

/// A goal with milestones.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Goal {
    /// When it is done.
    target: Points,
    /// Inside it, rising.
    milestones: Vec<Milestone>,
    /// Whether contributions are given back when its end comes first.
    gives_back: bool,
}

/// A step inside a goal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Milestone {
    /// Reached with this many points.
    pub at: Points,
    /// What it brings.
    pub text: String,
}

/// The most milestones of a goal. One contribution may reach all of them, each with a line of chat, and DynamoDB takes
/// 100 items in a transaction.
pub const MAX_MILESTONES: usize = 50;

/// Why a goal cannot be set up like that.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadGoal {
    /// Nothing to reach.
    #[error("a goal needs a target of at least 1 point")]
    NoTarget,
    /// A milestone at nothing, or beyond the target.
    #[error("the milestone at {0} must lie between 1 and the target")]
    DeliveryTargets(Points),
    /// Two milestones at the same points.
    #[error("two milestones lie at {0}")]
    Twice(Points),
    /// More than [`MAX_MILESTONES`].
    #[error("a goal has at most {MAX_MILESTONES} milestones")]
    TooMany,
}

impl Goal {
    /// A goal of `target` points with `milestones` in any order.
    ///
    /// # Errors
    /// [`BadGoal`] when a milestone could never be reached by itself.
    pub fn new(target: Points, mut milestones: Vec<Milestone>) -> Result<Self, BadGoal> {
        if target.is_zero() {
            return Err(BadGoal::NoTarget);
        }
        if milestones.len() > MAX_MILESTONES {
            return Err(BadGoal::TooMany);
        }
        milestones.sort_by_key(|milestone| milestone.at);
        if let Some(bad) = milestones.iter().find(|m| m.at.is_zero() || m.at > target) {
            return Err(BadGoal::DeliveryTargets(bad.at));
        }
        if let Some(pair) = milestones.windows(2).find(|pair| matches!(pair, [a, b] if a.at == b.at)) {
            return Err(BadGoal::Twice(pair.first().map_or(Points::ZERO, |m| m.at)));
        }
        Ok(Self { target, milestones, gives_back: false })
    }

    /// The same goal, which gives contributions back or keeps them when its end comes before its target.
    #[must_use]
    pub fn giving_back(self, gives_back: bool) -> Self {
        Self { gives_back, ..self }
    }

    /// Whether contributions are given back when its end comes first.
    #[must_use]
    pub const fn gives_back(&self) -> bool {
        self.gives_back
    }

    /// The points that fill it.
    #[must_use]
    pub const fn target(&self) -> Points {
        self.target
    }

    /// Its milestones, rising.
    #[must_use]
    pub fn milestones(&self) -> &[Milestone] {
        &self.milestones
    }

    /// The milestones passed when progress goes from `before` to `after`.
    pub fn reached(&self, before: Points, after: Points) -> impl Iterator<Item = &Milestone> {
        self.milestones.iter().filter(move |m| before < m.at && m.at <= after)
    }

    /// The span of progress, both ends included, in which adding `amount` passes no milestone and does not
    /// reach the target, and which `progress` lies in; `None` when adding it does.
    #[must_use]
    pub fn range_without_milestone(&self, progress: Points, amount: Points) -> Option<(Points, Points)> {
        let steps = || self.milestones.iter().map(|m| m.at).chain([self.target]);
        let low = steps().filter(|at| *at <= progress).max().unwrap_or(Points::ZERO);
        let next = steps().filter(|at| *at > progress).min()?;
        let high = next.checked_sub(amount)?.checked_sub(Points::new(1)?)?;
        (progress <= high).then_some((low, high))
    }
}

/// A special: a redeem that the machine carries out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Special {
    /// What the machine does.
    pub action: Action,
}

/// What a special does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Action {
    /// Shows an alert of this name on the overlay.
    Alert(String),
    /// Calls this address with a signed request.
    Webhook(String),
    /// Hands this job to the streamer's own machine.
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
    fn milestones_can_all_be_reached() {
        assert_eq!(goal(0, &[]), Err(BadGoal::NoTarget));
        assert_eq!(goal(10, &[0]), Err(BadGoal::DeliveryTargets(points(0))));
        assert_eq!(goal(10, &[11]), Err(BadGoal::DeliveryTargets(points(11))));
        assert_eq!(goal(10, &[5, 3, 5]), Err(BadGoal::Twice(points(5))));
        let steps: Vec<i64> = (1..=51).collect();
        assert_eq!(goal(100, &steps), Err(BadGoal::TooMany));
        assert!(goal(100, &steps[..50]).is_ok());
        let goal = goal(10, &[10, 3]).unwrap();
        assert_eq!(goal.milestones().first().unwrap().at, points(3));
    }

    #[test]
    fn one_step_can_reach_several_milestones() {
        let goal = goal(100, &[10, 20, 90]).unwrap();
        let reached: Vec<_> = goal.reached(points(10), points(90)).map(|m| m.at.get()).collect();
        assert_eq!(reached, [20, 90]);
    }

    #[test]
    fn calm_waters_end_before_the_next_step() {
        let goal = goal(100, &[20, 50]).unwrap();
        assert_eq!(goal.range_without_milestone(points(25), points(10)), Some((points(20), points(39))));
        assert_eq!(goal.range_without_milestone(points(39), points(10)), Some((points(20), points(39))));
        assert_eq!(goal.range_without_milestone(points(40), points(10)), None);
        assert_eq!(goal.range_without_milestone(points(60), points(10)), Some((points(50), points(89))));
        assert_eq!(goal.range_without_milestone(points(90), points(10)), None);
        assert_eq!(goal.range_without_milestone(points(100), points(0)), None);
    }
}
