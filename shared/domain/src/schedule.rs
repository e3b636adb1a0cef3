//! What happens by the clock: one schedule for each task.

use std::fmt;

use crate::{BadId, EventId, RewardId, Span, Timestamp};

/// Something that happens by the clock.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Task {
    /// Everybody who watches is paid.
    PointsTick,
    /// The bot says one of the streamer's lines.
    Announcements,
    /// A timer ends; known by the event that set it.
    Timer(EventId),
    /// A vote or a goal ends.
    Deadline(RewardId),
}

impl Task {
    /// Reads what [`fmt::Display`] wrote.
    ///
    /// # Errors
    /// [`BadId`] when it names no task.
    pub fn parse(text: &str) -> Result<Self, BadId> {
        match text.split_once(':') {
            None if text == "points-tick" => Ok(Self::PointsTick),
            None if text == "announcements" => Ok(Self::Announcements),
            Some(("timer", event)) => EventId::parse(event).map(Self::Timer),
            Some(("deadline", reward)) => RewardId::new(reward).map(Self::Deadline),
            _ => Err(BadId::Empty),
        }
    }
}

/// As it is stored and sent: `points-tick`, `announcements`, `timer:<event>`, `deadline:<reward>`.
impl fmt::Display for Task {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::PointsTick => f.write_str("points-tick"),
            Self::Announcements => f.write_str("announcements"),
            Self::Timer(event) => write!(f, "timer:{event}"),
            Self::Deadline(reward) => write!(f, "deadline:{reward}"),
        }
    }
}

/// When something happens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Timing {
    /// Again and again.
    Every {
        /// This often; a scheduler may know whole minutes only, and then rounds up.
        interval: Span,
        /// For the first time; ahead of the present, so that setting it up starts nothing.
        from: Timestamp,
        /// Whether it happens at all now. What is off is kept, ready to be switched on.
        on: bool,
    },
    /// Once; afterwards the schedule is gone.
    Once {
        /// When, as the planned time that the run is given. It may come up to a minute later.
        at: Timestamp,
    },
}

/// A task with its time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Schedule {
    /// What.
    pub task: Task,
    /// When.
    pub timing: Timing,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Source;

    #[test]
    fn tasks_read_back() {
        let event = EventId::new(Source::Owncast, "a:b").unwrap();
        let reward = RewardId::new("song").unwrap();
        for task in [Task::PointsTick, Task::Announcements, Task::Timer(event), Task::Deadline(reward)] {
            assert_eq!(Task::parse(&task.to_string()), Ok(task));
        }
        for text in ["", "points", "timer", "timer:x", "deadline:", "points-tick:1"] {
            assert!(Task::parse(text).is_err(), "{text}");
        }
    }
}
