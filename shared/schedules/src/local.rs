//! Schedules on one computer, in place of EventBridge.

mod file;
mod state;

use std::fmt::Display;
use std::future::Future;
use std::path::PathBuf;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;
use ownchatbot_app::ports::{Clock, ScheduleError, Schedules};
use ownchatbot_domain::{Schedule, Span, Task, Timestamp};
use tokio::sync::Notify;
use tokio::time::sleep;

pub use file::LocalError;
use state::{Ended, State};

/// The longest sleep. A clock that is set during a sleep must take effect soon, though the sleep was measured
/// by the old time.
const MAX_SLEEP: Duration = Duration::from_secs(1);

/// One run of a schedule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    /// What to do.
    pub task: Task,
    /// The planned time, which is the run's idempotency key.
    pub slot: Timestamp,
    /// The number of the `put` that the run comes from, to tell it from a schedule that was put later.
    put: u64,
}

/// The schedules on one computer, in a file or in memory only.
///
/// A restart loses and repeats nothing. A single time that passed while the process was down is run at once.
/// A recurring schedule skips the planned times that it missed and goes on at the next one; only a run that
/// had begun and did not end is repeated. A planned time that has run is not run again when the clock is set
/// back, and when the clock is set forward only the latest planned time is run.
#[derive(Debug)]
pub struct Local<C> {
    state: Mutex<State>,
    path: Option<PathBuf>,
    clock: C,
    changed: Notify,
}

impl<C: Clock> Local<C> {
    /// Loads the schedules from the file `path`, which need not exist yet. Without a path they are kept in
    /// memory only.
    ///
    /// # Errors
    /// [`LocalError`] when the file exists and cannot be read. It is left as it is.
    pub fn open(path: Option<PathBuf>, clock: C) -> Result<Self, LocalError> {
        let mut state = match &path {
            Some(path) => file::read(path)?,
            None => State::default(),
        };
        state.skip_missed(clock.now());
        Ok(Self { state: Mutex::new(state), path, clock, changed: Notify::new() })
    }

    /// The runs that are due now, the earliest first. They count as begun: a task is not due again before
    /// [`Self::finish`] was called for its run.
    pub fn due(&self) -> Vec<Run> {
        let mut state = self.state();
        let runs = state.due(self.clock.now());
        if !runs.is_empty() {
            // A failure to save does not stop the runs: at worst a restart repeats one, with the same planned
            // time.
            self.save_or_log(&state);
        }
        runs
    }

    /// Ends a run. A run that is not `ok` is retried a few times with growing pauses (backoff); one of a
    /// recurring schedule only until the next planned time.
    pub fn finish(&self, run: &Run, ok: bool) {
        let mut state = self.state();
        match state.finish(run, ok, self.clock.now()) {
            Ended::Done => self.save_or_log(&state),
            Ended::GivenUp => {
                let (task, slot) = (&run.task, run.slot.ms());
                tracing::error!(%task, slot, "gave up a planned run after its last retry");
                self.save_or_log(&state);
            }
            Ended::Retried => {}
        }
        drop(state);
        // Another run of this task may have become due in the meantime.
        self.changed.notify_one();
    }

    /// The earliest time when a run can be due; `None` when nothing is planned.
    pub fn next_due(&self) -> Option<Timestamp> {
        self.state().next_due(self.clock.now())
    }

    /// Calls `handler` for each due run, forever. Different tasks run concurrently, the runs of one task one
    /// after the other. Runs that had not ended when this future was dropped are repeated by the next call.
    /// There must be only one call at a time.
    pub async fn run<F, R, E>(&self, handler: F)
    where
        F: Fn(Run) -> R,
        R: Future<Output = Result<(), E>>,
        E: Display,
    {
        self.state().stop_all();
        let handler = &handler;
        let mut running = FuturesUnordered::new();
        loop {
            for run in self.due() {
                running.push(async move {
                    let ended = handler(run.clone()).await;
                    (run, ended)
                });
            }
            let now = self.clock.now();
            let pause = self.next_due().map_or(MAX_SLEEP, |due| {
                Duration::from_millis(u64::try_from(due.since(now).ms()).unwrap_or_default()).min(MAX_SLEEP)
            });
            tokio::select! {
                Some((run, ended)) = running.next() => {
                    if let Err(error) = &ended {
                        let (task, slot) = (&run.task, run.slot.ms());
                        tracing::warn!(%task, slot, %error, "a planned run failed and may be retried");
                    }
                    self.finish(&run, ended.is_ok());
                }
                () = self.changed.notified() => {}
                () = sleep(pause) => {}
            }
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Writes the file. It is small and seldom written, so blocking the thread does not matter.
    fn save(&self, state: &State) -> Result<(), LocalError> {
        self.path.as_deref().map_or(Ok(()), |path| file::write(path, state))
    }

    fn save_or_log(&self, state: &State) {
        if let Err(error) = self.save(state) {
            tracing::error!(error = %ownchatbot_app::ErrorChain(&error), "could not save the schedules");
        }
    }

    fn change(&self, change: impl FnOnce(&mut State, Timestamp)) -> Result<(), ScheduleError> {
        let mut state = self.state();
        change(&mut state, self.clock.now());
        let saved = self.save(&state);
        drop(state);
        self.changed.notify_one();
        saved.map_err(|error| ScheduleError::Unreachable(ownchatbot_app::ErrorChain(&error).to_string()))
    }
}

impl<C: Clock> Schedules for Local<C> {
    async fn put(&self, schedule: &Schedule) -> Result<(), ScheduleError> {
        self.change(|state, now| state.put(schedule, now))
    }

    async fn delete(&self, task: &Task) -> Result<(), ScheduleError> {
        self.change(|state, _| state.delete(task))
    }

    async fn holds(&self, schedule: &Schedule) -> Result<bool, ScheduleError> {
        Ok(self.state().holds(schedule))
    }
}

/// The pause before the next try after `tries` failures; `None` when there is no further try.
fn pause(tries: u32) -> Option<Span> {
    const PAUSES: [u32; 8] = [1, 2, 5, 10, 30, 60, 120, 240];
    let nth = usize::try_from(tries).ok()?.checked_sub(1)?;
    PAUSES.get(nth).copied().map(Span::seconds)
}
