//! The state of all schedules: what is planned, running and done. No clock and no file.

use std::collections::{BTreeMap, BTreeSet};

use ownchatbot_domain::{Schedule, Span, Task, Timestamp, Timing};

use super::{Run, pause};
use crate::recurrence;

/// A run with a planned time further ahead than this can only come from a clock that was wrong.
const MAX_CLOCK_ERROR: Span = Span::days(1);

/// All schedules with their progress.
#[derive(Debug, Default)]
pub(super) struct State {
    entries: BTreeMap<Task, Entry>,
    /// The tasks that run now, even if their schedule was deleted or replaced in the meantime.
    running: BTreeSet<Task>,
    puts: u64,
}

/// The moment before `now`: a planned time equal to `now` is not missed yet.
fn just_before(now: Timestamp) -> Timestamp {
    now.saturating_sub(Span::from_ms(1))
}

/// A schedule with its progress.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) timing: Timing,
    /// For a recurring schedule: planned times up to this one have run or are skipped.
    pub(super) settled: Timestamp,
    /// For a recurring schedule: the planned time of the run that began last.
    pub(super) begun: Option<Timestamp>,
    put: u64,
    failed: Option<Failed>,
}

/// A failed run that will be retried.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Failed {
    slot: Timestamp,
    tries: u32,
    again: Timestamp,
    /// When it failed, by the same clock, to notice that the clock was set back.
    since: Timestamp,
}

/// How a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ended {
    Done,
    Retried,
    GivenUp,
}

impl Entry {
    pub(super) fn new(timing: Timing, settled: Timestamp, begun: Option<Timestamp>) -> Self {
        Self { timing, settled, begun, put: 0, failed: None }
    }

    /// The planned time that is due, whether its run has begun or not.
    fn slot(&self, now: Timestamp) -> Option<Timestamp> {
        match self.timing {
            Timing::Every { on: false, .. } => None,
            Timing::Every { interval, from, .. } => {
                recurrence::newest(from, interval, now).filter(|slot| *slot > self.settled)
            }
            Timing::Once { at } => (at <= now).then_some(at),
        }
    }

    /// Like [`Self::slot`], unless its run has failed and waits for the retry.
    fn due(&self, now: Timestamp) -> Option<Timestamp> {
        let slot = self.slot(now)?;
        match self.failed {
            Some(failed) if failed.slot == slot && now < failed.again && now >= failed.since => None,
            _ => Some(slot),
        }
    }

    /// The earliest time when it can be due.
    fn next_due(&self, now: Timestamp) -> Option<Timestamp> {
        if let Some(slot) = self.slot(now) {
            let again = self.failed.filter(|failed| failed.slot == slot).map(|failed| failed.again);
            return Some(again.unwrap_or(now).max(now));
        }
        match self.timing {
            Timing::Every { on: false, .. } => None,
            Timing::Every { interval, from, .. } => {
                Some(recurrence::next(from, interval, now.max(self.settled)))
            }
            Timing::Once { at } => Some(at),
        }
    }
}

impl State {
    /// After a restart: recurring schedules skip the planned times that passed while the process was down.
    pub(super) fn skip_missed(&mut self, now: Timestamp) {
        for entry in self.entries.values_mut() {
            let due = entry.slot(now);
            if due.is_none() || due != entry.begun {
                entry.settled = entry.settled.max(just_before(now));
            }
        }
    }

    pub(super) fn put(&mut self, schedule: &Schedule, now: Timestamp) {
        let old = self.entries.get(&schedule.task);
        // Putting the same schedule again changes nothing: due and running runs go on.
        if old.is_some_and(|old| old.timing == schedule.timing) {
            return;
        }
        // Planned times before the put are not run, and those that have run are not run again.
        let before = just_before(now);
        let settled = old.map_or(before, |old| old.settled.max(before));
        self.puts += 1;
        let entry = Entry { put: self.puts, ..Entry::new(schedule.timing, settled, None) };
        self.entries.insert(schedule.task.clone(), entry);
    }

    pub(super) fn delete(&mut self, task: &Task) {
        self.entries.remove(task);
    }

    pub(super) fn holds(&self, schedule: &Schedule) -> bool {
        let found = self.entries.get(&schedule.task).map(|entry| entry.timing);
        match (schedule.timing, found) {
            (
                Timing::Every { interval, on, from },
                Some(Timing::Every { interval: found, on: is_on, from: begins }),
            ) => (interval, on) == (found, is_on) && recurrence::has_begun(begins, from, on),
            (Timing::Once { at }, Some(Timing::Once { at: found })) => at == found,
            // Having no schedule is the same as a schedule that is switched off.
            (Timing::Every { on: false, .. }, None) => true,
            _ => false,
        }
    }

    pub(super) fn due(&mut self, now: Timestamp) -> Vec<Run> {
        let mut runs = Vec::new();
        for (task, entry) in &mut self.entries {
            if entry.settled > now.saturating_add(MAX_CLOCK_ERROR) {
                entry.settled = now;
            }
            if self.running.contains(task) {
                continue;
            }
            let Some(slot) = entry.due(now) else { continue };
            entry.begun = Some(slot);
            runs.push(Run { task: task.clone(), slot, put: entry.put });
        }
        self.running.extend(runs.iter().map(|run| run.task.clone()));
        runs.sort_by_key(|run| run.slot);
        runs
    }

    pub(super) fn finish(&mut self, run: &Run, ok: bool, now: Timestamp) -> Ended {
        self.running.remove(&run.task);
        let Some(entry) = self.entries.get_mut(&run.task) else { return Ended::Done };
        let recurring = matches!(entry.timing, Timing::Every { .. });
        if !recurring && entry.put != run.put {
            return Ended::Done;
        }
        if !ok {
            let tries =
                entry.failed.filter(|failed| failed.slot == run.slot).map_or(0, |failed| failed.tries) + 1;
            if let Some(pause) = pause(tries) {
                entry.failed =
                    Some(Failed { slot: run.slot, tries, again: now.saturating_add(pause), since: now });
                return Ended::Retried;
            }
        }
        if recurring {
            entry.settled = entry.settled.max(run.slot);
        } else {
            self.entries.remove(&run.task);
        }
        if ok { Ended::Done } else { Ended::GivenUp }
    }

    /// Forgets all running runs, which were cut off, so that they are due again.
    pub(super) fn stop_all(&mut self) {
        self.running.clear();
    }

    pub(super) fn next_due(&self, now: Timestamp) -> Option<Timestamp> {
        let waiting = self.entries.iter().filter(|(task, _)| !self.running.contains(task));
        waiting.filter_map(|(_, entry)| entry.next_due(now)).min()
    }

    pub(super) fn entries(&self) -> impl Iterator<Item = (&Task, &Entry)> {
        self.entries.iter()
    }

    /// Adds an entry as it was saved.
    pub(super) fn restore(&mut self, task: Task, entry: Entry) {
        self.entries.insert(task, entry);
    }
}
