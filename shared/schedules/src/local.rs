//! EventBridge's twin on one computer.

mod book;
mod file;

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

use book::{Book, Ended};
pub use file::LocalError;

/// The longest sleep: whoever sets the clock shall not wait for the end of a sleep that was measured by the old time.
const LOOK: Duration = Duration::from_secs(1);

/// One run of a schedule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    /// What is to happen.
    pub task: Task,
    /// The planned time, which is the run's identity.
    pub slot: Timestamp,
    /// Which of the schedules put for this task asked for it.
    put: u64,
}

/// The schedules on one computer, in one file or in memory only.
///
/// A restart neither forgets nor repeats. A single time that came while nobody was there is run at once. A recurring
/// schedule skips what it missed and goes on at its next planned time; only a run that had begun and did not end is
/// taken up again. What has run is not run again when the clock is set back, and when it is set forward only the newest
/// planned time is run.
#[derive(Debug)]
pub struct Local<C> {
    book: Mutex<Book>,
    path: Option<PathBuf>,
    clock: C,
    news: Notify,
}

impl<C: Clock> Local<C> {
    /// The schedules kept in the file `path`, which is made when there is something to keep; or, without one, none.
    ///
    /// # Errors
    /// [`LocalError`] when the file cannot be read. It is left as it is.
    pub fn open(path: Option<PathBuf>, clock: C) -> Result<Self, LocalError> {
        let mut book = match &path {
            Some(path) => file::read(path)?,
            None => Book::default(),
        };
        book.wake(clock.now());
        Ok(Self { book: Mutex::new(book), path, clock, news: Notify::new() })
    }

    /// Everything that is due now, the earliest first. Each has begun with this and is not due again before
    /// [`Self::finish`] was told of it.
    pub fn due(&self) -> Vec<Run> {
        let mut book = self.book();
        let runs = book.due(self.clock.now());
        if !runs.is_empty() {
            // The runs go on without it: at worst a restart repeats one, which is known by its planned time.
            self.keep_or_complain(&book);
        }
        runs
    }

    /// Ends a run. One that is not `ok` comes again a few times, after growing pauses; a recurring one only until its
    /// next planned time.
    pub fn finish(&self, run: &Run, ok: bool) {
        let mut book = self.book();
        match book.finish(run, ok, self.clock.now()) {
            Ended::Done => self.keep_or_complain(&book),
            Ended::GivenUp => {
                tracing::error!(task = %run.task, slot = run.slot.ms(), "given up after the last try");
                self.keep_or_complain(&book);
            }
            Ended::ComesAgain => {}
        }
        drop(book);
        // Something else of this task may have become due meanwhile.
        self.news.notify_one();
    }

    /// When something can be due at the earliest; `None` when nothing is planned.
    pub fn next_due(&self) -> Option<Timestamp> {
        self.book().next_due(self.clock.now())
    }

    /// Runs what is due with `handler`, for ever. Different tasks run side by side, and runs of one task after each
    /// other. What had not ended when this future was dropped begins anew with the next call; there must be one at a
    /// time.
    pub async fn run<F, R, E>(&self, handler: F)
    where
        F: Fn(Run) -> R,
        R: Future<Output = Result<(), E>>,
        E: Display,
    {
        self.book().stop_all();
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
            let pause = self.next_due().map_or(LOOK, |due| {
                Duration::from_millis(u64::try_from(due.since(now).ms()).unwrap_or_default()).min(LOOK)
            });
            tokio::select! {
                Some((run, ended)) = running.next() => {
                    if let Err(error) = &ended {
                        tracing::warn!(task = %run.task, slot = run.slot.ms(), %error, "a planned run failed");
                    }
                    self.finish(&run, ended.is_ok());
                }
                () = self.news.notified() => {}
                () = sleep(pause) => {}
            }
        }
    }

    fn book(&self) -> MutexGuard<'_, Book> {
        self.book.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Writes the file. It is small and seldom written, so nobody minds that the thread waits for it.
    fn keep(&self, book: &Book) -> Result<(), LocalError> {
        self.path.as_deref().map_or(Ok(()), |path| file::write(path, book))
    }

    fn keep_or_complain(&self, book: &Book) {
        if let Err(error) = self.keep(book) {
            tracing::error!(error = %ownchatbot_app::ErrorChain(&error), "the schedules cannot be kept");
        }
    }

    fn change(&self, change: impl FnOnce(&mut Book, Timestamp)) -> Result<(), ScheduleError> {
        let mut book = self.book();
        change(&mut book, self.clock.now());
        let kept = self.keep(&book);
        drop(book);
        self.news.notify_one();
        kept.map_err(|error| ScheduleError::Unreachable(ownchatbot_app::ErrorChain(&error).to_string()))
    }
}

impl<C: Clock> Schedules for Local<C> {
    async fn put(&self, schedule: &Schedule) -> Result<(), ScheduleError> {
        self.change(|book, now| book.put(schedule, now))
    }

    async fn delete(&self, task: &Task) -> Result<(), ScheduleError> {
        self.change(|book, _| book.delete(task))
    }

    async fn holds(&self, schedule: &Schedule) -> Result<bool, ScheduleError> {
        Ok(self.book().holds(schedule))
    }
}

/// The pause after the `tries`th failure; `None` when there is no further try.
fn pause(tries: u32) -> Option<Span> {
    const PAUSES: [u32; 8] = [1, 2, 5, 10, 30, 60, 120, 240];
    let nth = usize::try_from(tries).ok()?.checked_sub(1)?;
    PAUSES.get(nth).copied().map(Span::seconds)
}
