//! The local schedules: restarts, failures, and clocks that are set.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test")]

use std::path::Path;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use ownchatbot_app::ports::{Clock, ScheduleError, Schedules};
use ownchatbot_domain::{EventId, Schedule, Source, Span, Task, Timestamp, Timing};
use ownchatbot_schedules::{Local, LocalError, Run};
use ownchatbot_testkit::clock::ManualClock;

const TEN: Span = Span::minutes(10);
const NOTHING: [i64; 0] = [];

struct ScheduleTest {
    folder: tempfile::TempDir,
    clock: ManualClock,
    start: Timestamp,
}

impl ScheduleTest {
    fn new() -> Self {
        let clock = ManualClock::default();
        Self { folder: tempfile::tempdir().unwrap(), start: clock.now(), clock }
    }

    fn open(&self) -> Local<ManualClock> {
        self.try_open().unwrap()
    }

    fn try_open(&self) -> Result<Local<ManualClock>, LocalError> {
        Local::open(Some(self.folder.path().join("schedules.json")), self.clock.clone())
    }

    fn at(&self, minutes: u32) -> Timestamp {
        self.start.saturating_add(Span::minutes(minutes))
    }

    /// A tick every ten minutes, the first in ten minutes.
    async fn ticking(&self) -> Local<ManualClock> {
        let local = self.open();
        local.put(&self.ticks(true)).await.unwrap();
        local
    }

    fn ticks(&self, on: bool) -> Schedule {
        Schedule { task: Task::PointsTick, timing: Timing::Every { interval: TEN, from: self.at(10), on } }
    }

    fn timer(&self, minutes: u32) -> Schedule {
        let task = Task::Timer(EventId::new(Source::Owncast, "tea").unwrap());
        Schedule { task, timing: Timing::Once { at: self.at(minutes) } }
    }

    /// Runs what is due; returns the planned times in minutes after the start.
    fn run(&self, local: &Local<ManualClock>) -> Vec<i64> {
        let runs = local.due();
        for run in &runs {
            local.finish(run, true);
        }
        self.minutes(&runs)
    }

    fn minutes(&self, runs: &[Run]) -> Vec<i64> {
        runs.iter().map(|run| (run.slot.ms() - self.start.ms()) / 60_000).collect()
    }

    fn go_to(&self, minutes: u32) {
        self.clock.set(self.at(minutes));
    }
}

#[tokio::test]
async fn restart_loses_and_repeats_nothing() {
    let test = ScheduleTest::new();
    let local = test.ticking().await;
    local.put(&test.timer(15)).await.unwrap();
    test.go_to(10);
    assert_eq!(test.run(&local), [10]);
    drop(local);

    let local = test.open();
    assert_eq!(test.run(&local), NOTHING, "a planned time does not run twice");
    assert!(local.holds(&test.ticks(true)).await.unwrap() && local.holds(&test.timer(15)).await.unwrap());
    drop(local);

    test.go_to(34);
    let local = test.open();
    assert_eq!(test.run(&local), [15], "the single time at once, the ticks of 20 and 30 not at all");
    assert_eq!(local.next_due(), Some(test.at(40)));
    test.go_to(40);
    assert_eq!(test.run(&local), [40], "it goes on at the next planned time");
    drop(local);
    let local = test.open();
    assert!(!local.holds(&test.timer(15)).await.unwrap(), "it deleted itself");
    assert_eq!(test.run(&local), NOTHING);
}

#[tokio::test]
async fn restart_at_a_planned_time_still_runs_it() {
    let test = ScheduleTest::new();
    drop(test.ticking().await);
    test.go_to(10);
    assert_eq!(test.run(&test.open()), [10]);
}

#[tokio::test]
async fn interrupted_run_is_repeated_after_a_restart() {
    let test = ScheduleTest::new();
    let local = test.ticking().await;
    local.put(&test.timer(10)).await.unwrap();
    test.go_to(10);
    assert_eq!(test.minutes(&local.due()), [10, 10]);
    assert_eq!(local.due(), [], "it runs already");
    drop(local);
    test.go_to(12);
    let local = test.open();
    assert_eq!(test.minutes(&local.due()), [10, 10]);
    drop(local);
    test.go_to(21);
    assert_eq!(
        test.minutes(&test.open().due()),
        [10],
        "only the timer: the tick's next planned time has passed"
    );
}

#[tokio::test]
async fn disabled_schedule_does_not_run_or_catch_up() {
    let test = ScheduleTest::new();
    let local = test.ticking().await;
    local.put(&test.ticks(false)).await.unwrap();
    test.go_to(25);
    assert_eq!((test.run(&local), local.next_due()), (NOTHING.to_vec(), None));
    local.put(&test.ticks(true)).await.unwrap();
    assert_eq!(test.run(&local), NOTHING);
    test.go_to(30);
    assert_eq!(test.run(&local), [30]);
}

#[tokio::test]
async fn putting_the_same_schedule_changes_nothing() {
    let test = ScheduleTest::new();
    let local = test.ticking().await;
    test.go_to(10);
    local.put(&test.ticks(true)).await.unwrap();
    let runs = local.due();
    assert_eq!(test.minutes(&runs), [10], "the due run is not lost");
    local.put(&test.ticks(true)).await.unwrap();
    assert_eq!(local.due(), [], "it does not run twice at once");
    local.finish(&runs[0], true);
    assert_eq!(local.due(), []);
}

#[tokio::test]
async fn failed_run_is_retried_with_growing_pauses_until_the_next() {
    let test = ScheduleTest::new();
    let local = test.ticking().await;
    test.go_to(10);
    let (mut last, mut pauses) = (test.clock.now(), Vec::new());
    loop {
        let runs = local.due();
        assert_eq!(runs.len(), 1);
        if test.minutes(&runs) == [20] {
            break;
        }
        assert_eq!(test.minutes(&runs), [10]);
        pauses.push(test.clock.now().since(last).ms() / 1000);
        last = test.clock.now();
        local.finish(&runs[0], false);
        assert_eq!(local.due(), [], "not at once");
        test.clock.set(local.next_due().unwrap());
    }
    assert!(pauses.len() > 4 && pauses.is_sorted(), "{pauses:?}");
}

#[tokio::test]
async fn single_run_is_given_up_after_its_retries() {
    let test = ScheduleTest::new();
    let local = test.open();
    local.put(&test.timer(10)).await.unwrap();
    test.go_to(10);
    let mut tries = 0;
    while let Some(due) = local.next_due() {
        test.clock.set(due);
        for run in local.due() {
            tries += 1;
            local.finish(&run, false);
        }
    }
    assert!((5..20).contains(&tries), "{tries}");
    assert!(!local.holds(&test.timer(10)).await.unwrap());
}

#[tokio::test]
async fn schedule_put_during_a_run_stays() {
    let test = ScheduleTest::new();
    let local = test.open();
    local.put(&test.timer(10)).await.unwrap();
    test.go_to(10);
    let runs = local.due();
    local.put(&test.timer(9)).await.unwrap();
    assert_eq!(local.due(), [], "one after the other");
    local.finish(&runs[0], true);
    assert!(local.holds(&test.timer(9)).await.unwrap());
    let runs = local.due();
    assert_eq!(test.minutes(&runs), [9]);
    local.delete(&runs[0].task).await.unwrap();
    local.put(&test.timer(8)).await.unwrap();
    assert_eq!(local.due(), [], "not even after a delete in between");
    local.finish(&runs[0], true);
    assert_eq!(test.run(&local), [8]);
}

#[tokio::test]
async fn clock_set_back_repeats_and_skips_nothing() {
    let test = ScheduleTest::new();
    let local = test.ticking().await;
    for minutes in [10, 20] {
        test.go_to(minutes);
        assert_eq!(test.run(&local), [i64::from(minutes)]);
    }
    test.clock.set(test.start.saturating_sub(Span::minutes(35)));
    let mut slots = Vec::new();
    for _ in 0..(35 + 40) {
        test.clock.push(Span::minutes(1));
        slots.extend(test.run(&local));
    }
    assert_eq!(slots, [30, 40]);
}

#[tokio::test]
async fn clock_set_forward_runs_only_the_latest_time() {
    let test = ScheduleTest::new();
    let local = test.ticking().await;
    test.go_to(10);
    assert_eq!(test.run(&local), [10]);
    test.go_to(73);
    assert_eq!(test.run(&local), [70]);
    test.go_to(80);
    assert_eq!(test.run(&local), [80]);
}

#[tokio::test]
async fn clock_years_ahead_for_a_moment_does_not_stop_runs() {
    let test = ScheduleTest::new();
    let local = test.ticking().await;
    test.clock.push(Span::days(1000));
    assert_eq!(test.run(&local).len(), 1);
    test.go_to(15);
    assert_eq!(test.run(&local), NOTHING);
    test.go_to(20);
    assert_eq!(test.run(&local), [20]);
}

#[tokio::test]
async fn damaged_file_is_reported_and_kept() {
    let test = ScheduleTest::new();
    let path = test.folder.path().join("schedules.json");
    for text in [
        "",
        "{",
        "[]",
        r#"{"version":2,"schedules":[]}"#,
        r#"{"version":1,"schedules":[{"task":"dance","once_ms":1}]}"#,
        r#"{"version":1,"schedules":[{"task":"points-tick"}]}"#,
    ] {
        std::fs::write(&path, text).unwrap();
        let error = test.try_open().unwrap_err();
        assert!(matches!(error, LocalError::Damaged { .. }), "{text}: {error:?}");
        let message = error.to_string();
        assert!(message.contains("schedules.json") && message.contains("move the file away"), "{message}");
        assert_eq!(std::fs::read_to_string(&path).unwrap(), text);
    }
    std::fs::remove_file(&path).unwrap();
    std::fs::create_dir(&path).unwrap();
    assert!(matches!(test.try_open(), Err(LocalError::File { .. })));
}

#[tokio::test]
async fn failed_write_is_reported() {
    let test = ScheduleTest::new();
    let path = test.folder.path().join("gone").join("schedules.json");
    let local = Local::open(Some(path.clone()), test.clock.clone()).unwrap();
    let Err(ScheduleError::Unreachable(why)) = local.put(&test.timer(1)).await else { panic!() };
    assert!(why.contains("schedules.json"), "{why}");
    std::fs::create_dir(Path::new(&path).parent().unwrap()).unwrap();
    local.put(&test.timer(1)).await.unwrap();
    assert!(path.exists());
}

/// Waits until `done`, for at most five seconds of real time.
async fn until(done: impl Fn() -> bool) {
    for _ in 0..500 {
        if done() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("not done within five seconds");
}

#[tokio::test]
async fn run_calls_the_handler_and_retries_failures() {
    let test = ScheduleTest::new();
    let local = Arc::new(Local::open(None, test.clock.clone()).unwrap());
    let (tries, seen) = (Arc::new(AtomicU32::new(0)), Arc::new(Mutex::new(Vec::new())));
    let (handler_tries, handler_seen) = (tries.clone(), seen.clone());
    let running = local.clone();
    let work = tokio::spawn(async move {
        let (tries, seen) = (handler_tries, handler_seen);
        let handler = |run: Run| {
            let (tries, seen) = (tries.clone(), seen.clone());
            async move {
                if tries.fetch_add(1, Ordering::SeqCst) == 0 {
                    return Err("not the first time");
                }
                seen.lock().unwrap().push(run.slot);
                Ok(())
            }
        };
        running.run(handler).await;
    });
    local.put(&test.timer(0)).await.unwrap();
    until(|| tries.load(Ordering::SeqCst) == 1).await;
    test.clock.push(Span::minutes(1));
    until(|| *seen.lock().unwrap() == [test.start]).await;
    until(|| local.next_due().is_none()).await;
    work.abort();
}
