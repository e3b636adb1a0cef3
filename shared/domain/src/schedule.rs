//! Scheduled tasks, with one schedule for each.

use std::fmt;

use crate::{BadId, EventId, RewardId, Span, Timestamp};

/// A task that a scheduler runs.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Task {
    /// Pays the viewers in chat for watching.
    PointsTick,
    /// Posts one of the streamer's announcements.
    Announcements,
    /// Ends a timer, identified by the event that set it.
    Timer(EventId),
    /// Ends a vote or a goal.
    Deadline(RewardId),
}

impl Task {
    /// Parses the output of [`fmt::Display`].
    ///
    /// # Errors
    /// [`BadId`] when it is not a task.
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

/// The form that is stored and sent: `points-tick`, `announcements`, `timer:<event>`, `deadline:<reward>`.
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

/// When a task runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Timing {
    /// Repeatedly.
    Every {
        /// The time between two runs. A scheduler that only supports whole minutes rounds it up.
        interval: Span,
        /// The earliest time of the first run. It is in the future, so that creating the schedule does not
        /// run the task.
        from: Timestamp,
        /// Whether it runs. A schedule that is off is kept, so that it can be switched on again.
        on: bool,
    },
    /// Once; the schedule is deleted afterwards.
    Once {
        /// The planned time, which is passed to the run. The run may start up to a minute later.
        at: Timestamp,
    },
}

/// A task and when it runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Schedule {
    /// The task.
    pub task: Task,
    /// When it runs.
    pub timing: Timing,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Source;

    #[test]
    fn task_round_trips() {
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
