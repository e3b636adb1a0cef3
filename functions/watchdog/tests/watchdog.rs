//! Tests of the watchdog's repairs, through the handler that Lambda calls.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test")]

use ownchatbot_app::RunError;
use ownchatbot_app::deliver::{DeliveryTargets, on_rows};
use ownchatbot_app::event::StreamStatus;
use ownchatbot_app::ports::{Clock, ScheduleError, Schedules};
use ownchatbot_app::watchdog::WatchReport;
use ownchatbot_boot::{BotDeps, SlotEvent};
use ownchatbot_domain::decide::recurring;
use ownchatbot_domain::{Decision, Effect, Schedule, Settings, Span, Task};
use ownchatbot_schedules::Local;
use ownchatbot_store::{Commit, Lane, LaneId, RowState};
use ownchatbot_testkit::bot::Bot;
use ownchatbot_testkit::builders::event;
use ownchatbot_testkit::clock::ManualClock;
use ownchatbot_testkit::faults::Fault;
use ownchatbot_testkit::scripted::{Answer, ScriptedOwncast};
use serde_json::json;
use watchdog::handle;

/// The bot, and the function.
struct WatchdogTest {
    bot: Bot,
    owncast: ScriptedOwncast,
    deps: BotDeps<ManualClock, ScriptedOwncast, Local<ManualClock>>,
}

impl WatchdogTest {
    async fn new() -> Self {
        let (bot, owncast) = (Bot::new().await, ScriptedOwncast::default());
        let schedules = Local::open(None, bot.clock.clone()).unwrap();
        let deps = BotDeps { context: bot.another_process(), owncast: owncast.clone(), schedules };
        Self { bot, owncast, deps }
    }

    /// Runs the watchdog planned at `slot`, such as `18:05`.
    async fn run(&self, slot: &str) -> WatchReport {
        handle(&self.deps, planned(slot)).await.unwrap()
    }

    /// Sets whether Owncast reports a live stream.
    fn owncast_is(&self, online: bool) {
        let now = Some(self.bot.clock.now());
        let (connected_at, disconnected_at) = if online { (now, None) } else { (None, now) };
        self.owncast.is(StreamStatus { online, title: "A title".to_owned(), connected_at, disconnected_at });
    }

    async fn live(&self) -> bool {
        self.bot.store().stream().await.unwrap().live
    }

    /// Whether the schedule of ticks exists exactly when `live` is true.
    async fn ticks_follow(&self, live: bool) -> bool {
        let [ticks, _] = recurring(&Settings::default(), live, self.bot.clock.now());
        self.deps.schedules.holds(&ticks).await.unwrap()
    }

    /// Commits a public line as the event `id`, and makes its delivery fail.
    async fn fails_to_say(&self, id: &str, line: &str) {
        let decision = Decision::effect(Effect::Say(line.to_owned()));
        let (event, now) = (event(id), self.bot.clock.now());
        assert_eq!(self.bot.store().commit(Some(&event), now, &decision).await.unwrap(), Commit::Applied);
        self.owncast.answers(|_| Answer::Down);
        let outside = DeliveryTargets { owncast: &self.owncast, schedules: &self.deps.schedules };
        let lane = LaneId { event, lane: Lane::Chat };
        let (done, _) = on_rows(&self.deps.context, outside, [(lane, 0)]).await;
        assert_eq!(done.postponed, 1);
        self.owncast.answers(|_| Answer::Confirmed);
    }

    async fn states(&self, id: &str) -> Vec<RowState> {
        self.bot.outbox(&event(id)).await.into_iter().map(|row| row.state).collect()
    }
}

fn planned(slot: &str) -> SlotEvent {
    let event = json!({ "slot": format!("2026-09-10T{slot}:00Z") });
    serde_json::from_str(&event.to_string()).unwrap()
}

#[test]
fn events_without_a_planned_time_are_not_parsed() {
    for text in [
        r#"{"slot":"<aws.scheduler.scheduled-time>"}"#,
        r#"{"slot":null}"#,
        r#"{"redrive":"now"}"#,
        "{}",
        "1",
    ] {
        assert!(serde_json::from_str::<SlotEvent>(text).is_err(), "{text}");
    }
}

#[tokio::test]
async fn owncast_is_asked_every_fifth_minute_while_offline() {
    let test = WatchdogTest::new().await;
    for minute in 1..5 {
        assert_eq!(test.run(&format!("18:0{minute}")).await, WatchReport::default());
    }
    assert_eq!(test.owncast.asked(), 0);
    assert!(test.run("18:05").await.asked && test.owncast.asked() > 0);
}

#[tokio::test]
async fn missed_start_and_end_of_a_stream_are_repaired_once() {
    let test = WatchdogTest::new().await;
    test.owncast_is(true);
    let report = test.run("18:05").await;
    assert!(report.mended && test.live().await && test.ticks_follow(true).await, "{report:?}");
    let again = test.run("18:05").await;
    assert!(again.asked && !again.mended && again.schedules == 0, "{again:?}");
    test.bot.clock.push(Span::minutes(1));
    test.owncast_is(false);
    let report = test.run("18:06").await;
    assert!(report.mended && !test.live().await && test.ticks_follow(false).await, "{report:?}");
    assert!(!test.ticks_follow(true).await);
}

#[tokio::test]
async fn deleted_schedule_is_restored() {
    let test = WatchdogTest::new().await;
    test.owncast_is(true);
    test.run("18:05").await;
    test.deps.schedules.delete(&Task::PointsTick).await.unwrap();
    assert_eq!(test.run("18:06").await.schedules, 1);
    assert!(test.ticks_follow(true).await);
    assert_eq!(test.run("18:07").await.schedules, 0);
}

#[tokio::test]
async fn due_deliveries_are_made_once() {
    let test = WatchdogTest::new().await;
    test.fails_to_say("hello", "Hello").await;
    assert_eq!(test.run("18:01").await.delivered.done, 0, "not yet");
    test.bot.clock.push(Span::minutes(1));
    assert_eq!(test.run("18:02").await.delivered.done, 1);
    assert_eq!(test.run("18:02").await.delivered.done, 0);
    assert_eq!(
        (test.owncast.lines(), test.states("hello").await),
        (vec!["Hello".to_owned()], vec![RowState::Done])
    );
}

#[tokio::test]
async fn unreachable_owncast_does_not_stop_deliveries() {
    let test = WatchdogTest::new().await;
    test.fails_to_say("hello", "Hello").await;
    test.bot.clock.push(Span::minutes(1));
    test.owncast.is_away(true);
    let report = test.run("18:05").await;
    assert!(report.asked && report.delivered.done == 1, "{report:?}");
    assert!(!test.run("18:05").await.asked, "it is asked again only after a pause");
}

/// A scheduler that cannot be reached.
struct NoScheduler;

impl Schedules for NoScheduler {
    async fn put(&self, _: &Schedule) -> Result<(), ScheduleError> {
        Err(ScheduleError::Unreachable("nobody there".to_owned()))
    }

    async fn delete(&self, _: &Task) -> Result<(), ScheduleError> {
        Err(ScheduleError::Unreachable("nobody there".to_owned()))
    }

    async fn holds(&self, _: &Schedule) -> Result<bool, ScheduleError> {
        Err(ScheduleError::Unreachable("nobody there".to_owned()))
    }
}

#[tokio::test]
async fn unreachable_scheduler_does_not_stop_repairs() {
    let test = WatchdogTest::new().await;
    test.owncast_is(true);
    let (context, owncast) = (test.bot.another_process(), test.owncast.clone());
    let deps = BotDeps { context, owncast, schedules: NoScheduler };
    let report = handle(&deps, planned("18:05")).await.unwrap();
    assert!(report.mended && report.schedules == 0 && test.live().await, "{report:?}");
    // The next run, with a scheduler again.
    assert_eq!(test.run("18:06").await.schedules, 1);
    assert!(test.ticks_follow(true).await);
}

#[tokio::test]
async fn run_fails_while_the_table_is_down_and_the_next_one_repairs() {
    let test = WatchdogTest::new().await;
    test.owncast_is(true);
    test.bot.faults.plan(|asked| (asked == "GetItem").then_some(Fault::Unreachable));
    let failed = handle(&test.deps, planned("18:05")).await;
    assert!(matches!(failed, Err(RunError::App(_))), "{failed:?}");
    test.bot.faults.stop();
    assert!(test.run("18:10").await.mended);
}
