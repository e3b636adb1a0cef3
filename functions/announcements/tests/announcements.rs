//! Tests of announcements, through the handler that Lambda calls.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test")]

use announcements::handle;
use ownchatbot_app::announce::Announcement;
use ownchatbot_app::ports::Clock;
use ownchatbot_app::{Context, RunError};
use ownchatbot_boot::{BotDeps, SlotEvent};
use ownchatbot_domain::config::Section;
use ownchatbot_domain::line::Line;
use ownchatbot_domain::settings::AnnouncementSettings;
use ownchatbot_domain::{EventId, Source, Span, Timestamp};
use ownchatbot_store::Commit;
use ownchatbot_testkit::bot::Bot;
use ownchatbot_testkit::builders::{chat_line, person};
use ownchatbot_testkit::clock::ManualClock;
use ownchatbot_testkit::configure::save_section;
use ownchatbot_testkit::faults::Fault;
use ownchatbot_testkit::scripted::ScriptedOwncast;
use serde_json::json;

/// The bot with two announcements, and the function.
struct AnnouncementTest {
    bot: Bot,
    owncast: ScriptedOwncast,
    deps: BotDeps<ManualClock, ScriptedOwncast>,
}

impl AnnouncementTest {
    /// One line every ten minutes, if viewers have written `messages` messages since the last.
    async fn new(messages: u8) -> Self {
        let bot = Bot::new().await;
        let lines = ["Drink some water", "Follow the rules"].map(|line| Line::new(line).unwrap()).to_vec();
        let settings =
            AnnouncementSettings { interval: Span::minutes(10), messages, lines, ..Default::default() };
        let saved = save_section(bot.store(), &Section::Announcements(settings), 0).await.unwrap();
        assert_eq!(saved, Commit::Applied);
        let owncast = ScriptedOwncast::default();
        let context: Context<ManualClock> = bot.another_process();
        Self { deps: BotDeps { context, owncast: owncast.clone(), schedules: () }, bot, owncast }
    }

    /// Sets the clock to `slot`, such as `18:10`, and runs it.
    async fn run(&self, slot: &str) -> Announcement {
        self.try_run(slot).await.unwrap()
    }

    async fn try_run(&self, slot: &str) -> Result<Announcement, RunError> {
        let event = event(slot);
        self.bot.clock.set(self.bot.clock.now().max(Timestamp::from_ms(event.slot.as_millisecond())));
        handle(&self.deps, event).await
    }

    /// The lines that the run planned at `slot` has put into the outbox.
    async fn lines(&self, slot: &str) -> Vec<String> {
        let at = Timestamp::from_ms(event(slot).slot.as_millisecond());
        let id = EventId::new(Source::Schedule, format!("announcement-{}", at.sortable())).unwrap();
        self.bot.lines(&id).await
    }
}

fn event(slot: &str) -> SlotEvent {
    // As the schedule sends it.
    let event = json!({ "task": "announcements", "slot": format!("2026-09-10T{slot}:00Z") });
    serde_json::from_str(&event.to_string()).unwrap()
}

#[test]
fn events_without_a_planned_time_are_not_parsed() {
    for text in [
        r#"{"slot":"<aws.scheduler.scheduled-time>"}"#,
        r#"{"slot":""}"#,
        r#"{"slot":1}"#,
        "{}",
        "[]",
        "null",
    ] {
        assert!(serde_json::from_str::<SlotEvent>(text).is_err(), "{text}");
    }
}

#[tokio::test]
async fn offline_run_announces_nothing_and_does_not_call_owncast() {
    let test = AnnouncementTest::new(3).await;
    assert_eq!(test.run("18:10").await, Announcement::Offline);
    test.bot.goes_live().await;
    test.bot.clock.push(Span::minutes(1));
    test.bot.goes_offline().await;
    assert_eq!(test.run("18:20").await, Announcement::Offline);
    assert_eq!(test.owncast.asked(), 0);
}

#[tokio::test]
async fn each_slot_announces_the_next_line_once() {
    let test = AnnouncementTest::new(0).await;
    test.bot.goes_live().await;
    for (slot, line) in
        [("18:10", "Drink some water"), ("18:20", "Follow the rules"), ("18:30", "Drink some water")]
    {
        assert_eq!(test.run(slot).await, Announcement::Said, "{slot}");
        assert_eq!(test.run(slot).await, Announcement::TooSoon, "{slot} again");
        assert_eq!(test.lines(slot).await, [line]);
    }
    assert_eq!(test.run("18:10").await, Announcement::TooSoon, "a late copy");
    assert_eq!(test.lines("18:10").await, ["Drink some water"]);
}

#[tokio::test]
async fn nothing_is_announced_until_viewers_have_written() {
    let test = AnnouncementTest::new(2).await;
    test.bot.goes_live().await;
    let (ann, now) = (person("Ann"), test.bot.clock.now());
    let lines = ["1", "2"].map(|id| chat_line(id, &ann, "hello", now.saturating_add(Span::minutes(1))));
    test.owncast.remembers(&lines[..1]);
    assert_eq!(test.run("18:10").await, Announcement::Quiet);
    test.owncast.remembers(&lines);
    assert_eq!(test.run("18:20").await, Announcement::Said);
}

#[tokio::test]
async fn run_fails_while_table_or_owncast_is_down_and_its_retry_announces() {
    let test = AnnouncementTest::new(1).await;
    test.bot.goes_live().await;
    test.owncast.remembers(&[chat_line(
        "1",
        &person("Ann"),
        "hello",
        test.bot.clock.now().saturating_add(Span::minutes(1)),
    )]);
    test.owncast.is_away(true);
    assert!(matches!(test.try_run("18:10").await, Err(RunError::Owncast(_))));
    test.owncast.is_away(false);
    test.bot.faults.plan(|asked| (asked == "GetItem").then_some(Fault::Unreachable));
    assert!(matches!(test.try_run("18:10").await, Err(RunError::App(_))));
    test.bot.faults.stop();
    assert_eq!(test.run("18:10").await, Announcement::Said);
}
