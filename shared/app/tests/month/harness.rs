//! The bot, its surroundings, and the simulated time.

use ownchatbot_testkit::configure::save_section;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::time::Duration;

use fastrand::Rng;
use ownchatbot_app::{Context, Outcome, configure, queue};
use ownchatbot_domain::config::Section;
use ownchatbot_domain::line::Line as Said;
use ownchatbot_domain::reward::{Goal as Target, Kind, Vote};
use ownchatbot_domain::settings::AnnouncementSettings;
use ownchatbot_domain::{
    Configure, EditTarget, Editor, EventId, RedemptionKey, Reward, Source, Status, Timestamp,
};
use ownchatbot_store::LaneId;
use ownchatbot_testkit::bot::Bot;
use ownchatbot_testkit::builders::{event, points, redeem, reward};
use ownchatbot_testkit::clock::ManualClock;
use ownchatbot_testkit::faults::Faults;
use ownchatbot_testkit::scripted::{Answer, ScriptedOwncast};
use ownchatbot_testkit::table::TestTable;

use crate::bookkeeper::{Books, DAY, Goal, HYDRATE, MINUTE, Ms, RED, SECOND};
use crate::events::{Agenda, PlannedEvent, Webhook};
use crate::services::{Scheduler, TableStream};
use crate::truth::Truth;

/// Monday, 7 January 2030, 18:00 UTC. It is in the future, because the embedded database deletes expired rows
/// by the real time.
const BEGIN: Ms = 1_894_039_200_000;

pub(crate) struct MonthTest {
    pub(crate) bot: Bot,
    /// The process of the hook, which receives webhooks.
    pub(crate) hook: Context<ManualClock>,
    /// The process that does everything else.
    pub(crate) worker: Context<ManualClock>,
    pub(crate) owncast: ScriptedOwncast,
    pub(crate) scheduler: Scheduler,
    pub(crate) stream: TableStream,
    pub(crate) books: Books,
    pub(crate) truth: Truth,
    /// The random numbers for everything that goes wrong.
    pub(crate) failure_rng: Rng,
    pub(crate) agenda: Agenda,
    pub(crate) began: Ms,
    /// The true time, which is also Owncast's.
    pub(crate) now: Ms,
    /// How far the bot's clock is ahead of the true time.
    pub(crate) offset: Ms,
    pub(crate) quiet: bool,
    /// Whether requests to the table fail as well.
    pub(crate) faulty: bool,
    /// In how many of a thousand minutes the connection between Owncast and the bot is lost.
    pub(crate) away_often: u32,
    pub(crate) away: bool,
    /// Whether the bot's clock jumps an hour in the middle of each evening, and back.
    pub(crate) jumps: bool,
    failing: Failing,
    /// How often each line was shown in chat.
    pub(crate) shown: BTreeMap<String, u32>,
    /// Every outbox row that the table's stream has delivered.
    pub(crate) rows: Vec<(LaneId, u32)>,
    pub(crate) tally: Tally,
}

/// Which lines Owncast fails to post: all of them, or a percentage.
#[derive(Debug, Clone, Default)]
struct Failing {
    all: Arc<AtomicBool>,
    percent: Arc<AtomicU32>,
}

/// How often each kind of failure has happened, to check that the month was difficult enough.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    pub(crate) lost: u32,
    pub(crate) late: u32,
    pub(crate) repeated: u32,
    pub(crate) dropped_runs: u32,
    pub(crate) failed_runs: u32,
    pub(crate) repeated_runs: u32,
    pub(crate) caught_up: usize,
    pub(crate) stale: usize,
    pub(crate) mended: usize,
    pub(crate) corrected: usize,
    pub(crate) redriven: usize,
    pub(crate) resumed: u32,
    pub(crate) refunds: u32,
    pub(crate) streaks: i64,
    pub(crate) renames: u32,
    pub(crate) ends: usize,
    pub(crate) errors: u32,
}

impl Tally {
    pub(crate) fn is_rich(&self) -> bool {
        let often =
            [self.lost, self.late, self.repeated, self.dropped_runs, self.failed_runs, self.repeated_runs];
        let found = [self.caught_up, self.mended, self.redriven, self.corrected];
        often.into_iter().all(|n| n >= 10)
            && found.into_iter().all(|n| n >= 5)
            && self.stale > 0
            && self.resumed > 0
            && self.refunds > 0
            && self.renames > 0
            && self.ends > 0
            && self.streaks > 0
    }
}

impl MonthTest {
    /// Sets up a simulation of `days` days.
    pub(crate) async fn new(seed: u64, days: i64) -> Self {
        let mut seeds = Rng::with_seed(seed);
        let faults = Faults::default();
        let table = TestTable::with_stream(&faults).await;
        let bot = Bot::on_table(table, faults, &[]).await;
        bot.clock.set(Timestamp::from_ms(BEGIN));
        let vote_ends = BEGIN + days / 2 * DAY + 50 * MINUTE;
        let goal = |n: i64| Goal {
            target: if n % 2 == 0 { 3000 } else { 150 },
            ends: BEGIN + (5 + 7 * n) * DAY + 50 * MINUTE,
            given: BTreeMap::new(),
            gave_back: false,
        };
        let books = Books::new(10, (0..days.div_euclid(7).max(1)).map(goal).collect(), vote_ends);
        let owncast = ScriptedOwncast::default();
        let failing = Failing::default();
        let (fails, mut rng) = (failing.clone(), Rng::with_seed(seeds.u64(..)));
        owncast.answers(move |_| match rng.u32(0..100) {
            _ if fails.all.load(Ordering::Relaxed) => Answer::Down,
            n if n >= fails.percent.load(Ordering::Relaxed) => Answer::Confirmed,
            n if n % 10 == 0 => Answer::Lost,
            n if n % 10 == 1 => Answer::Refused,
            _ => Answer::Down,
        });
        let scheduler = Scheduler::new(bot.clock.clone(), seeds.u64(..));
        let stream = TableStream::of(&bot.table).await;
        let mut test = Self {
            hook: bot.another_process(),
            worker: bot.another_process(),
            bot,
            owncast,
            scheduler,
            stream,
            books,
            truth: Truth::new(seeds.u64(..), BEGIN),
            failure_rng: Rng::with_seed(seeds.u64(..)),
            agenda: Agenda::default(),
            began: BEGIN,
            now: BEGIN,
            offset: 0,
            quiet: true,
            faulty: false,
            away_often: 12,
            away: false,
            jumps: false,
            failing,
            shown: BTreeMap::new(),
            rows: Vec::new(),
            tally: Tally::default(),
        };
        test.worker.retry_delay = Duration::ZERO;
        test.set_up().await;
        test
    }

    async fn set_up(&mut self) {
        let lines = ["Hello", "Type {prefix}help"].map(|line| Said::new(line).unwrap()).to_vec();
        let announcements = AnnouncementSettings { lines, ..AnnouncementSettings::default() };
        save_section(self.bot.store(), &Section::Announcements(announcements), 0).await.unwrap();
        let red = reward("red", RED, Kind::Vote(Vote::default()));
        let mut rewards = vec![redeem("hydrate", HYDRATE)];
        rewards.push(Reward { ends: Some(Timestamp::from_ms(self.books.vote_ends)), ..red });
        for (n, goal) in self.books.goals.iter().enumerate() {
            let target = Target::new(points(goal.target), Vec::new()).unwrap().giving_back(true);
            let ends = Some(Timestamp::from_ms(goal.ends));
            rewards.push(Reward { ends, ..reward(&format!("charity{n}"), 0, Kind::Goal(target)) });
        }
        for reward in rewards {
            let event = EventId::new(Source::Click, format!("save-{}", reward.id)).unwrap();
            let target = EditTarget::Reward { before: None, after: Some(reward) };
            let change = Configure::one(Editor::Streamer, 0, target);
            let saved = configure::configure(&self.worker, &event, &change).await;
            assert_eq!(saved.unwrap(), Outcome::Done);
        }
        self.deliver_new_rows(true).await;
    }

    pub(crate) fn bot_time(&self) -> Ms {
        self.now + self.offset
    }

    /// Runs everything that is planned, in order of time.
    pub(crate) async fn run_until_idle(&mut self) {
        while let Some(next) = self.agenda.next() {
            let due = self.scheduler.local.next_due().map(|due| (due.ms() - self.offset).max(self.now));
            self.now = due.map_or(next, |due| due.min(next)).max(self.now);
            self.bot.clock.set(Timestamp::from_ms(self.bot_time()));
            if due.is_some_and(|due| due <= self.now) {
                self.start_due_runs();
            } else if let Some((_, event)) = self.agenda.take() {
                self.apply(event).await;
            }
        }
    }

    async fn apply(&mut self, event: PlannedEvent) {
        let now = self.now;
        match event {
            PlannedEvent::On | PlannedEvent::Off => {
                (self.truth.online, self.truth.since) = (matches!(event, PlannedEvent::On), now);
                let (id, at) = (self.truth.event("stream"), now + self.truth.rng.i64(0..1500));
                let started = self.truth.online;
                self.sends(&if started { Webhook::Started(id, at) } else { Webhook::Stopped(id, at) });
            }
            PlannedEvent::Comes(viewer, tabs) => {
                if self.truth.opens(viewer, tabs) {
                    self.sends(&Webhook::Joined(viewer, self.truth.name(viewer)));
                }
            }
            PlannedEvent::Leaves(viewer) => {
                if self.truth.closes(viewer) {
                    self.sends(&Webhook::Parted(viewer, self.truth.name(viewer)));
                }
            }
            PlannedEvent::Renames(viewer) => {
                self.tally.renames += 1;
                let (id, name) = (self.truth.event("rename"), self.truth.renames(viewer));
                self.sends(&Webhook::Renamed(id, viewer, name));
            }
            PlannedEvent::Types(viewer, typed) => {
                if self.truth.is_there(viewer) {
                    let line = self.truth.says(viewer, typed, now);
                    self.sends(&Webhook::Chat(line));
                }
            }
            PlannedEvent::Minute => self.plan_minute(),
            PlannedEvent::Away(away) => self.set_away(away && !self.quiet),
            PlannedEvent::Jumps(ms) => {
                self.offset += ms;
                self.bot.clock.set(Timestamp::from_ms(self.bot_time()));
            }
            PlannedEvent::ColdStart => {
                self.hook = self.bot.another_process();
                self.books.cold_starts();
            }
            PlannedEvent::Refunds(many) => self.refunds(many).await,
            PlannedEvent::Quiet(quiet) => self.set_quiet(quiet),
            PlannedEvent::Night => self.check_evening().await,
            PlannedEvent::Arrives(webhook) => self.arrives(&webhook).await,
            PlannedEvent::Watch(slot) => self.run_watchdog(slot).await,
            PlannedEvent::Runs(run, copy) => self.runs(run, copy).await,
            PlannedEvent::Rows(rows) => self.delivers(rows).await,
        }
    }

    fn set_away(&mut self, away: bool) {
        self.away = away;
        self.owncast.is_away(away);
        self.failing.all.store(away, Ordering::Relaxed);
    }

    fn set_quiet(&mut self, quiet: bool) {
        self.quiet = quiet;
        self.set_away(false);
        self.failing.percent.store(if quiet { 0 } else { 25 }, Ordering::Relaxed);
        self.scheduler.fails(if quiet { 0 } else { 15 });
        self.faults();
    }

    /// The streamer refunds the redemptions that have waited longest.
    async fn refunds(&mut self, many: usize) {
        let waiting = |(place, sale): (usize, &crate::bookkeeper::Sale)| sale.open.then_some(place);
        let places: Vec<usize> = self.books.sales.iter().enumerate().filter_map(waiting).take(many).collect();
        for place in places {
            self.tally.refunds += 1;
            let sale = &self.books.sales[place];
            let key = RedemptionKey { at: Timestamp::from_ms(sale.at), event: event(&sale.id) };
            let click = EventId::new(Source::Click, format!("refund-{}", sale.id)).unwrap();
            // Each is refunded twice, as from two tabs.
            for expect in [Outcome::Done, Outcome::Ignored] {
                let closed = queue::on_close(&self.worker, &click, &key, Status::Refunded).await;
                assert_eq!(closed.unwrap(), expect, "{}", sale.id);
            }
            self.books.refunds(place);
        }
        self.deliver_new_rows(true).await;
    }

    /// Collects the results of the last step: lines in chat, and new outbox rows, which it plans to deliver.
    pub(crate) async fn deliver_new_rows(&mut self, may_have_written: bool) {
        for shown in self.owncast.take_shown() {
            if shown.to.is_none() {
                self.truth.remembers(self.now, None);
            }
            *self.shown.entry(shown.line).or_default() += 1;
        }
        if !may_have_written {
            return;
        }
        let rows = self.stream.news().await;
        if rows.is_empty() {
            return;
        }
        self.rows.extend(rows.iter().cloned());
        let (here, there) = match self.failure_rng.u8(0..10) {
            // The rows arrive in two batches, in any order.
            0..2 if !self.quiet => rows.into_iter().partition(|_| self.failure_rng.bool()),
            _ => (rows, Vec::new()),
        };
        for batch in [here, there].into_iter().filter(|batch: &Vec<_>| !batch.is_empty()) {
            for delay in self.delays(200, 1500) {
                self.agenda.plan(self.now + delay, PlannedEvent::Rows(batch.clone()));
            }
        }
    }

    /// The delays after which something arrives that usually takes `from` to `to` milliseconds. It is
    /// sometimes late, lost or repeated.
    pub(crate) fn delays(&mut self, from: Ms, to: Ms) -> Vec<Ms> {
        let soon = self.failure_rng.i64(from..to);
        let mut delays = vec![soon];
        if !self.quiet {
            match self.failure_rng.u8(0..100) {
                0..10 => {
                    self.tally.late += 1;
                    delays = vec![self.failure_rng.i64(SECOND..MINUTE)];
                }
                10..20 => {
                    self.tally.repeated += 1;
                    delays.push(soon + self.failure_rng.i64(0..MINUTE));
                }
                _ => {}
            }
        }
        delays
    }
}
