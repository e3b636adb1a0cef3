//! Timed functions: streams, streaks, announcements, timers, deadlines, and the watchdog.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test")]

mod announcements;
mod catching_up;
mod deadlines;
mod schedules;
mod streaks;
mod streams;
mod timers;
mod watchdog;

use ownchatbot_app::event::StreamStatus;
use ownchatbot_app::ports::Schedules;
use ownchatbot_app::tick::on_tick;
use ownchatbot_app::watchdog::{WatchReport, on_watchdog};
use ownchatbot_domain::config::Section;
use ownchatbot_domain::{Effect, Person, Reward, Schedule, Span, Task, Timestamp, Timing};
use ownchatbot_schedules::Local;
use ownchatbot_testkit::bot::Bot;
use ownchatbot_testkit::clock::ManualClock;
use ownchatbot_testkit::configure::save_section;
use ownchatbot_testkit::scripted::ScriptedOwncast;

/// The bot with its Owncast and its schedules.
struct ClockTest {
    bot: Bot,
    owncast: ScriptedOwncast,
    schedules: Local<ManualClock>,
}

impl ClockTest {
    async fn new() -> Self {
        Self::with(&[]).await
    }

    async fn with(rewards: &[Reward]) -> Self {
        let bot = Bot::with_rewards(rewards).await;
        let schedules = Local::open(None, bot.clock.clone()).unwrap();
        Self { bot, owncast: ScriptedOwncast::default(), schedules }
    }

    /// Saves a section of the settings, and waits until no process has the old ones cached.
    async fn set(&self, section: &Section) {
        let seen = self.bot.store().config().await.unwrap().versions.section(section.name());
        save_section(self.bot.store(), section, seen).await.unwrap();
        // The cache TTL of the configuration.
        self.bot.clock.push(Span::seconds(5));
    }

    fn minutes(&self, minutes: u32) {
        self.bot.clock.push(Span::minutes(minutes));
    }

    fn now(&self) -> Timestamp {
        self.bot.now()
    }

    /// Sets the status of Owncast: live or offline since `since`.
    fn owncast_is(&self, online: bool, since: Timestamp) {
        let (connected_at, disconnected_at) = if online { (Some(since), None) } else { (None, Some(since)) };
        self.owncast.is(StreamStatus { online, title: "A stream".to_owned(), connected_at, disconnected_at });
    }

    /// Runs the tick planned for now, with `people` in chat.
    async fn tick(&self, people: &[Person]) {
        self.owncast.watched_by(people);
        on_tick(&self.bot.context, &self.owncast, self.now()).await.unwrap();
    }

    /// Runs the watchdog as planned for now.
    async fn watch(&self) -> WatchReport {
        on_watchdog(&self.bot.context, &self.owncast, &self.schedules, self.now()).await.unwrap()
    }

    /// All lines and whispers in the outbox, of any event, in order of time.
    async fn said(&self) -> Vec<String> {
        let items = self.bot.table.items().await;
        let mut said: Vec<(i64, String)> = Vec::new();
        for item in items {
            let kind = item.get("kind").and_then(|kind| kind.as_s().ok()).map(String::as_str);
            if matches!(kind, Some("say" | "whisper")) {
                let at = item["created_at"].as_n().unwrap().parse().unwrap();
                said.push((at, item["line"].as_s().unwrap().clone()));
            }
        }
        said.sort();
        said.into_iter().map(|(_, line)| line).collect()
    }

    /// Whether the ticks and the announcements are switched on.
    async fn switched_on(&self) -> [bool; 2] {
        let settings = self.bot.store().config().await.unwrap().settings;
        let on = |task, interval| Schedule {
            task,
            timing: Timing::Every { interval, from: self.now().saturating_add(interval), on: true },
        };
        let ticks = on(Task::PointsTick, settings.points.interval);
        let announcements = on(Task::Announcements, settings.announcements.interval);
        [self.schedules.holds(&ticks).await.unwrap(), self.schedules.holds(&announcements).await.unwrap()]
    }

    async fn timers(&self) -> Vec<String> {
        self.bot.store().timers().await.unwrap().running.into_iter().map(|timer| timer.name).collect()
    }
}

/// The schedules among `effects`.
fn put(effects: &[Effect<String>]) -> Vec<&Schedule> {
    effects
        .iter()
        .filter_map(|effect| match effect {
            Effect::Schedule(schedule) => Some(schedule),
            _ => None,
        })
        .collect()
}
