//! The schedules that follow from the settings, the state of the stream and the ends of rewards.

use crate::{Effect, Reward, Schedule, Settings, Span, Task, Timestamp, Timing};

/// The schedules that follow the stream: on while it is live, with the first run one interval from now.
#[must_use]
pub fn recurring(settings: &Settings, live: bool, now: Timestamp) -> [Schedule; 2] {
    let every = |task, interval: Span, on| Schedule {
        task,
        timing: Timing::Every { interval, from: now.saturating_add(interval), on },
    };
    [
        every(Task::PointsTick, settings.points.interval, live),
        every(Task::Announcements, settings.announcements.interval, live && settings.announcements.wanted()),
    ]
}

/// The effects that switch the recurring schedules on or off.
pub(super) fn switched(settings: &Settings, live: bool, now: Timestamp) -> Vec<Effect> {
    recurring(settings, live, now).into_iter().map(Effect::Schedule).collect()
}

/// The schedules that are replaced when new settings are saved.
#[must_use]
pub fn settings_changed(before: &Settings, after: &Settings, live: bool, now: Timestamp) -> Vec<Effect> {
    let rhythm = |timing: Timing| match timing {
        Timing::Every { interval, on, .. } => Some((interval, on)),
        Timing::Once { .. } => None,
    };
    let pairs = recurring(before, live, now).into_iter().zip(recurring(after, live, now));
    let changed = pairs.filter(|(before, after)| rhythm(before.timing) != rhythm(after.timing));
    changed.map(|(_, after)| Effect::Schedule(after)).collect()
}

/// The change of the schedule of a reward's end when a vote or a goal is saved or deleted.
#[must_use]
pub fn end_changed(before: Option<&Reward>, after: Option<&Reward>, now: Timestamp) -> Option<Effect> {
    let task = Task::Deadline(before.or(after)?.id.clone());
    match (before.and_then(Reward::end), after.and_then(Reward::end)) {
        (before, after) if before == after => None,
        // An end in the past is announced as soon as the scheduler can run.
        (_, Some(at)) => {
            let at = at.max(now.saturating_add(Span::seconds(5)));
            Some(Effect::Schedule(Schedule { task, timing: Timing::Once { at } }))
        }
        (_, None) => Some(Effect::Unschedule(task)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::line::Line;
    use crate::reward::{CommandName, Kind, Vote};
    use crate::{Points, RewardId};

    fn now() -> Timestamp {
        Timestamp::from_ms(1_000_000_000)
    }

    #[test]
    fn schedules_follow_the_stream_and_the_settings() {
        let mut settings = Settings::default();
        let on = |settings: &Settings, live| {
            recurring(settings, live, now())
                .map(|schedule| matches!(schedule.timing, Timing::Every { on: true, .. }))
        };
        assert_eq!(on(&settings, true), [true, false], "nothing to announce");
        settings.announcements.lines = vec![Line::new("Hello").unwrap()];
        assert_eq!(on(&settings, true), [true, true]);
        assert_eq!(on(&settings, false), [false, false]);
        let ahead = Timing::Every {
            interval: Span::minutes(10),
            from: now().saturating_add(Span::minutes(10)),
            on: true,
        };
        assert_eq!(recurring(&settings, true, now())[0].timing, ahead);
    }

    #[test]
    fn new_interval_replaces_the_schedule() {
        let (before, mut after) = (Settings::default(), Settings::default());
        assert_eq!(settings_changed(&before, &after, true, now()), []);
        after.points.interval = Span::minutes(5);
        let changed = settings_changed(&before, &after, true, now());
        assert!(
            matches!(changed.as_slice(), [Effect::Schedule(Schedule { task: Task::PointsTick, .. })]),
            "{changed:?}"
        );
    }

    #[test]
    fn end_is_scheduled_and_unscheduled() {
        let mut reward = Reward::new(
            RewardId::new("red").unwrap(),
            CommandName::new("red").unwrap(),
            Points::ZERO,
            Kind::Vote(Vote::default()),
        );
        assert_eq!(end_changed(None, Some(&reward), now()), None);
        let before = reward.clone();
        reward.ends = Some(now().saturating_add(Span::minutes(5)));
        let task = Task::Deadline(reward.id.clone());
        let timing = Timing::Once { at: now().saturating_add(Span::minutes(5)) };
        let scheduled = Effect::Schedule(Schedule { task: task.clone(), timing });
        assert_eq!(end_changed(Some(&before), Some(&reward), now()), Some(scheduled));
        assert_eq!(end_changed(Some(&reward), Some(&reward), now()), None);
        assert_eq!(end_changed(Some(&reward), Some(&before), now()), Some(Effect::Unschedule(task)));
    }
}
