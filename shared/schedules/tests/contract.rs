//! The contract of the port, kept by both homes: everything that use cases may rely on.
//!
//! The local one is always tested. EventBridge is tested where `SCHEDULER_ENDPOINT` says that there is one; `infra/test`
//! sets it, with the other variables that [`in_the_cloud`] reads.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test")]

mod homes;

use homes::{Home, InTheCloud, OnThisComputer};
use ownchatbot_app::ports::Schedules;
use ownchatbot_domain::{EventId, RewardId, Schedule, Source, Span, Task, Timestamp, Timing};

const MINUTE: Span = Span::minutes(1);

fn timer(id: &str) -> Task {
    Task::Timer(EventId::new(Source::Owncast, id).unwrap())
}

fn deadline(id: &str) -> Task {
    Task::Deadline(RewardId::new(id).unwrap())
}

fn every(task: Task, interval: Span, from: Timestamp, on: bool) -> Schedule {
    Schedule { task, timing: Timing::Every { interval, from, on } }
}

fn once(task: Task, at: Timestamp) -> Schedule {
    Schedule { task, timing: Timing::Once { at } }
}

/// What is put is there, replaced as a whole, and gone when it is taken away.
async fn holds_what_is_put<H: Home>(home: &H) {
    let schedules = home.schedules();
    let (task, soon) = (Task::PointsTick, home.now().saturating_add(Span::days(1)));
    let ten = Span::minutes(10);
    let [on, off] = [true, false].map(|on| every(task.clone(), ten, soon, on));
    let slower = every(task.clone(), Span::minutes(20), soon, true);
    let later = every(task.clone(), ten, soon.saturating_add(ten), true);
    let earlier = every(task.clone(), ten, soon.saturating_sub(Span::minutes(60)), true);

    schedules.delete(&task).await.unwrap();
    assert!(!schedules.holds(&on).await.unwrap(), "nothing is there yet");
    assert!(schedules.holds(&off).await.unwrap(), "what is not there is off");
    schedules.put(&on).await.unwrap();
    schedules.put(&on).await.unwrap();
    assert!(schedules.holds(&on).await.unwrap());
    assert!(schedules.holds(&later).await.unwrap(), "it will have begun");
    assert!(!schedules.holds(&earlier).await.unwrap(), "it would begin an hour late");
    for other in [&off, &slower] {
        assert!(!schedules.holds(other).await.unwrap(), "{other:?}");
        schedules.put(other).await.unwrap();
        assert!(schedules.holds(other).await.unwrap(), "{other:?}");
        assert!(!schedules.holds(&on).await.unwrap(), "replaced by {other:?}");
    }
    schedules.delete(&task).await.unwrap();
    schedules.delete(&task).await.unwrap();
    assert!(!schedules.holds(&slower).await.unwrap());

    for task in [timer("held"), deadline("held")] {
        let [first, second] = [soon, soon.saturating_add(MINUTE)].map(|at| once(task.clone(), at));
        assert!(!schedules.holds(&first).await.unwrap());
        schedules.put(&first).await.unwrap();
        assert!(schedules.holds(&first).await.unwrap() && !schedules.holds(&second).await.unwrap());
        schedules.put(&second).await.unwrap();
        assert!(schedules.holds(&second).await.unwrap() && !schedules.holds(&first).await.unwrap());
        assert!(!schedules.holds(&once(deadline("another"), soon)).await.unwrap());
        schedules.delete(&task).await.unwrap();
        assert!(!schedules.holds(&second).await.unwrap());
    }
}

/// What is due runs: at its time, with it, and as often as it was asked for. All at once, since a minute is the shortest
/// that EventBridge knows.
async fn runs_what_is_due<H: Home>(home: &H) {
    let schedules = home.schedules();
    let start = Timestamp::from_ms((home.now().seconds() + 2) * 1000);
    let at = |seconds: u32| start.saturating_add(Span::seconds(seconds));
    let fired = async |task: &Task| home.fired(task).await;

    let late = once(timer("late"), start.saturating_sub(MINUTE));
    let single = once(timer("single"), at(20));
    let [moved, to] = [15, 50].map(|seconds| once(deadline("moved"), at(seconds)));
    let cancelled = once(deadline("cancelled"), at(20));
    for schedule in [
        &every(Task::PointsTick, MINUTE, at(10), false),
        &every(Task::Announcements, MINUTE, at(15), true),
        &late,
        &single,
        &moved,
        &to,
        &cancelled,
    ] {
        schedules.put(schedule).await.unwrap();
    }
    schedules.delete(&cancelled.task).await.unwrap();
    assert!(home.now() < at(12), "too slow to tell anything");
    for task in [&Task::Announcements, &single.task, &moved.task] {
        assert_eq!(fired(task).await, [], "{task} came early");
    }

    home.wait_until(at(32)).await;
    assert_eq!(fired(&Task::PointsTick).await, [], "off is off");
    assert_eq!(fired(&Task::Announcements).await, [at(15)], "first when it was told to");
    assert_eq!(fired(&late.task).await, [start.saturating_sub(MINUTE)], "late, by its planned time");
    assert_eq!(fired(&single.task).await, [at(20)]);
    schedules.put(&every(Task::PointsTick, MINUTE, at(42), true)).await.unwrap();
    schedules.put(&every(Task::Announcements, MINUTE, at(15), false)).await.unwrap();

    home.wait_until(at(114)).await;
    assert_eq!(fired(&Task::PointsTick).await, [at(42), at(102)], "planned times follow from the first");
    assert_eq!(fired(&Task::Announcements).await, [at(15)], "switched off");
    assert_eq!(fired(&moved.task).await, [at(50)], "replaced as a whole");
    assert_eq!(fired(&single.task).await, [at(20)], "once");
    assert_eq!(fired(&cancelled.task).await, []);
    for gone in [&late, &single, &to] {
        assert!(!schedules.holds(gone).await.unwrap(), "{gone:?} takes itself away");
    }
    for task in [Task::PointsTick, Task::Announcements] {
        schedules.delete(&task).await.unwrap();
    }
}

#[tokio::test]
async fn on_this_computer() {
    let folder = tempfile::tempdir().unwrap();
    for path in [None, Some(folder.path().join("schedules.json"))] {
        let home = OnThisComputer::new(path);
        holds_what_is_put(&home).await;
        runs_what_is_due(&home).await;
    }
}

#[tokio::test]
async fn in_the_cloud() {
    // Whoever runs the test there fails when this test has found nothing to do.
    let Some(home) = InTheCloud::from_environment().await else { return };
    holds_what_is_put(&home).await;
    runs_what_is_due(&home).await;
}
