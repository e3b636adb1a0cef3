//! What is planned, what runs and what has run: no clock, no file.

use std::collections::{BTreeMap, BTreeSet};

use ownchatbot_domain::{Schedule, Span, Task, Timestamp, Timing};

use super::{Run, pause};
use crate::rhythm;

/// A time this far ahead in which something has run was read off a clock that was wrong.
const ABSURD: Span = Span::days(1);

/// All schedules.
#[derive(Debug, Default)]
pub(super) struct Book {
    entries: BTreeMap<Task, Entry>,
    /// What runs now, also when its schedule has been taken away or replaced meanwhile.
    running: BTreeSet<Task>,
    puts: u64,
}

/// What is planned for this very moment is not over.
fn just_before(now: Timestamp) -> Timestamp {
    now.saturating_sub(Span::from_ms(1))
}

/// A schedule and what has become of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) timing: Timing,
    /// Planned times up to this one have run, or are not to run. Of a recurring schedule.
    pub(super) settled: Timestamp,
    /// The planned time whose run has begun last. Of a recurring schedule.
    pub(super) begun: Option<Timestamp>,
    put: u64,
    failed: Option<Failed>,
}

/// A run that comes again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Failed {
    slot: Timestamp,
    tries: u32,
    again: Timestamp,
    /// By the same clock, to notice that it was set back.
    since: Timestamp,
}

/// How a run has ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ended {
    Done,
    ComesAgain,
    GivenUp,
}

impl Entry {
    pub(super) fn new(timing: Timing, settled: Timestamp, begun: Option<Timestamp>) -> Self {
        Self { timing, settled, begun, put: 0, failed: None }
    }

    /// The planned time that is due, whether it runs already or not.
    fn slot(&self, now: Timestamp) -> Option<Timestamp> {
        match self.timing {
            Timing::Every { on: false, .. } => None,
            Timing::Every { interval, from, .. } => {
                rhythm::newest(from, interval, now).filter(|slot| *slot > self.settled)
            }
            Timing::Once { at } => (at <= now).then_some(at),
        }
    }

    /// As [`Self::slot`], unless it has failed and its pause is not over.
    fn due(&self, now: Timestamp) -> Option<Timestamp> {
        let slot = self.slot(now)?;
        match self.failed {
            Some(failed) if failed.slot == slot && now < failed.again && now >= failed.since => None,
            _ => Some(slot),
        }
    }

    /// When it can be due at the earliest.
    fn next_due(&self, now: Timestamp) -> Option<Timestamp> {
        if let Some(slot) = self.slot(now) {
            let again = self.failed.filter(|failed| failed.slot == slot).map(|failed| failed.again);
            return Some(again.unwrap_or(now).max(now));
        }
        match self.timing {
            Timing::Every { on: false, .. } => None,
            Timing::Every { interval, from, .. } => Some(rhythm::next(from, interval, now.max(self.settled))),
            Timing::Once { at } => Some(at),
        }
    }
}

impl Book {
    /// After a restart: recurring schedules skip what came while nobody was there.
    pub(super) fn wake(&mut self, now: Timestamp) {
        for entry in self.entries.values_mut() {
            let due = entry.slot(now);
            if due.is_none() || due != entry.begun {
                entry.settled = entry.settled.max(just_before(now));
            }
        }
    }

    pub(super) fn put(&mut self, schedule: &Schedule, now: Timestamp) {
        let old = self.entries.get(&schedule.task);
        // Handed in twice, it changes nothing: what is due or runs goes on.
        if old.is_some_and(|old| old.timing == schedule.timing) {
            return;
        }
        // What was planned before it was put is not made up for, and what has run does not run again.
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
                Some(Timing::Every { interval: kept, on: is_on, from: begins }),
            ) => (interval, on) == (kept, is_on) && rhythm::has_begun(begins, from, on),
            (Timing::Once { at }, Some(Timing::Once { at: kept })) => at == kept,
            // Nothing there is as good as switched off.
            (Timing::Every { on: false, .. }, None) => true,
            _ => false,
        }
    }

    pub(super) fn due(&mut self, now: Timestamp) -> Vec<Run> {
        let mut runs = Vec::new();
        for (task, entry) in &mut self.entries {
            if entry.settled > now.saturating_add(ABSURD) {
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
                return Ended::ComesAgain;
            }
        }
        if recurring {
            entry.settled = entry.settled.max(run.slot);
        } else {
            self.entries.remove(&run.task);
        }
        if ok { Ended::Done } else { Ended::GivenUp }
    }

    /// What runs has been cut off.
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

    /// Takes an entry as it was kept.
    pub(super) fn restore(&mut self, task: Task, entry: Entry) {
        self.entries.insert(task, entry);
    }
}
