//! Settings of watch streaks.

use crate::{Points, Span};

/// How watch streaks are counted and rewarded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StreakSettings {
    /// Whether streaks are counted.
    pub on: bool,
    /// The time after which a viewer has watched a stream.
    pub watch: Span,
    /// The shortest stream that counts.
    pub stream: Span,
    /// The streams that may be missed.
    pub grace: Grace,
    /// The points for each length.
    pub rewards: Vec<StreakReward>,
    /// The lengths that are announced in chat.
    pub milestones: Vec<u32>,
}

impl Default for StreakSettings {
    fn default() -> Self {
        let reward =
            |length, points| StreakReward { length, points: Points::new(points).unwrap_or_default() };
        Self {
            on: true,
            watch: Span::minutes(10),
            stream: Span::minutes(20),
            grace: Grace::Missed(0),
            rewards: vec![reward(2, 10), reward(5, 25), reward(10, 50)],
            milestones: vec![5, 10, 25, 50, 100],
        }
    }
}

impl StreakSettings {
    /// The points for a streak of `length`: those of the row with the greatest length that it reaches.
    #[must_use]
    pub fn reward(&self, length: u32) -> Points {
        let reached = self.rewards.iter().filter(|row| row.length <= length);
        reached.max_by_key(|row| row.length).map_or(Points::ZERO, |row| row.points)
    }

    /// The next row that a streak of `length` has not reached.
    #[must_use]
    pub fn next(&self, length: u32) -> Option<&StreakReward> {
        self.rewards.iter().filter(|row| row.length > length).min_by_key(|row| row.length)
    }
}

/// The points for each further stream from a length of the streak on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StreakReward {
    /// The length from which the points are given.
    pub length: u32,
    /// The points for each stream.
    pub points: Points,
}

/// The streams that a viewer may miss without losing the streak.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Grace {
    /// Up to this many streams in a row.
    Missed(u32),
    /// Any streams, as long as this many of each week (Monday to Sunday in UTC) are watched, or all of a week
    /// that has fewer.
    EachWeek(u32),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn longest_row_reached_pays() {
        let settings = StreakSettings::default();
        let paid = |length| settings.reward(length).get();
        assert_eq!([1, 2, 4, 5, 9, 10, 999].map(paid), [0, 10, 10, 25, 25, 50, 50]);
        assert_eq!(settings.next(2).map(|row| row.length), Some(5));
        assert_eq!(settings.next(10), None);
    }
}
