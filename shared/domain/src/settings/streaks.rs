//! What watching several streams in a row brings.

use crate::{Points, Span};

/// How watch streaks are counted and rewarded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StreakSettings {
    /// Whether they are counted.
    pub on: bool,
    /// Who watches a stream for this long has watched it.
    pub watch: Span,
    /// Shorter streams do not count, for anybody.
    pub stream: Span,
    /// What may be missed.
    pub grace: Grace,
    /// What a length brings.
    pub rewards: Vec<StreakReward>,
    /// Lengths that are announced in chat.
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
    /// What a streak of `length` brings: the row with the greatest length that it reaches.
    #[must_use]
    pub fn reward(&self, length: u32) -> Points {
        let reached = self.rewards.iter().filter(|row| row.length <= length);
        reached.max_by_key(|row| row.length).map_or(Points::ZERO, |row| row.points)
    }

    /// The next length that brings more than `length` does.
    #[must_use]
    pub fn next(&self, length: u32) -> Option<&StreakReward> {
        self.rewards.iter().filter(|row| row.length > length).min_by_key(|row| row.length)
    }
}

/// What each stream brings from a length on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StreakReward {
    /// From this length on.
    pub length: u32,
    /// Each stream brings this much.
    pub points: Points,
}

/// What may be missed without an end of the streak.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Grace {
    /// Up to this many streams between two that are watched.
    Missed(u32),
    /// Everything, as long as this many streams of each week (Monday to Sunday in UTC) are watched, or all where the
    /// week has fewer.
    EachWeek(u32),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_row_reached_pays() {
        let settings = StreakSettings::default();
        let paid = |length| settings.reward(length).get();
        assert_eq!([1, 2, 4, 5, 9, 10, 999].map(paid), [0, 10, 10, 25, 25, 50, 50]);
        assert_eq!(settings.next(2).map(|row| row.length), Some(5));
        assert_eq!(settings.next(10), None);
    }
}
