//! The contract of the port, for both implementations: everything that use cases may rely on.
//!
//! The local one is always tested. EventBridge is tested where `SCHEDULER_ENDPOINT` is set;
//! `infra/emulator_test` sets it, with the other variables that [`in_the_cloud`] reads.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test")]

mod backends;

use ownchatbot_app::ports::Schedules;
use ownchatbot_domain::{EventId, RewardId, Schedule, Source, Span, Task, Timestamp, Timing};

use backends::{Backend, EventBridgeBackend, LocalBackend};

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

/// A schedule that is put is held, a second put replaces it as a whole, and a delete removes it.
async fn puts_replace_and_deletes_remove<B: Backend>(backend: &B) {
    let schedules = backend.schedules();
    let (task, soon) = (Task::PointsTick, backend.now().saturating_add(Span::days(1)));
    let ten = Span::minutes(10);
    let [on, off] = [true, false].map(|on| every(task.clone(), ten, soon, on));
    let slower = every(task.clone(), Span::minutes(20), soon, true);
    let later = every(task.clone(), ten, soon.saturating_add(ten), true);
    let earlier = every(task.clone(), ten, soon.saturating_sub(Span::minutes(60)), true);

    schedules.delete(&task).await.unwrap();
    assert!(!schedules.holds(&on).await.unwrap(), "nothing was put yet");
    assert!(schedules.holds(&off).await.unwrap(), "a missing schedule counts as switched off");
    schedules.put(&on).await.unwrap();
    schedules.put(&on).await.unwrap();
    assert!(schedules.holds(&on).await.unwrap());
    assert!(schedules.holds(&later).await.unwrap(), "it will have begun by then");
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

/// Due runs come at their planned time, with that time, and as often as planned. All cases run side by side,
/// since a minute is EventBridge's shortest interval.
async fn due_runs_come_at_their_time<B: Backend>(backend: &B) {
    let schedules = backend.schedules();
    let start = Timestamp::from_ms((backend.now().seconds() + 2) * 1000);
    let at = |seconds: u32| start.saturating_add(Span::seconds(seconds));
    let fired = async |task: &Task| backend.fired(task).await;

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
    assert!(backend.now() < at(12), "the test was too slow to be conclusive");
    for task in [&Task::Announcements, &single.task, &moved.task] {
        assert_eq!(fired(task).await, [], "{task} came early");
    }

    backend.wait_until(at(32)).await;
    assert_eq!(fired(&Task::PointsTick).await, [], "it is switched off");
    assert_eq!(fired(&Task::Announcements).await, [at(15)], "first at its start");
    assert_eq!(fired(&late.task).await, [start.saturating_sub(MINUTE)], "late, with its planned time");
    assert_eq!(fired(&single.task).await, [at(20)]);
    schedules.put(&every(Task::PointsTick, MINUTE, at(42), true)).await.unwrap();
    schedules.put(&every(Task::Announcements, MINUTE, at(15), false)).await.unwrap();

    backend.wait_until(at(114)).await;
    assert_eq!(fired(&Task::PointsTick).await, [at(42), at(102)], "planned times follow from the first");
    assert_eq!(fired(&Task::Announcements).await, [at(15)], "switched off");
    assert_eq!(fired(&moved.task).await, [at(50)], "replaced as a whole");
    assert_eq!(fired(&single.task).await, [at(20)], "once");
    assert_eq!(fired(&cancelled.task).await, []);
    for gone in [&late, &single, &to] {
        assert!(!schedules.holds(gone).await.unwrap(), "{gone:?} deletes itself");
    }
    for task in [Task::PointsTick, Task::Announcements] {
        schedules.delete(&task).await.unwrap();
    }
}

#[tokio::test]
async fn on_this_computer() {
    let folder = tempfile::tempdir().unwrap();
    for path in [None, Some(folder.path().join("schedules.json"))] {
        let backend = LocalBackend::new(path);
        puts_replace_and_deletes_remove(&backend).await;
        due_runs_come_at_their_time(&backend).await;
    }
}

#[tokio::test]
async fn in_the_cloud() {
    // The emulator test fails when this test returns without having asked EventBridge.
    let Some(backend) = EventBridgeBackend::from_environment().await else { return };
    puts_replace_and_deletes_remove(&backend).await;
    due_runs_come_at_their_time(&backend).await;
}
