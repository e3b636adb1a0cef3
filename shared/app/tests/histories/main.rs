//! Property tests with random histories of events. In any order, and with a fifth of all requests failing,
//! the totals are correct and all balances are those of a much simpler model, the bookkeeper.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test")]

mod bookkeeper;

use bookkeeper::Bookkeeper;
use futures_util::{StreamExt, stream};
use ownchatbot_app::tick::on_tick;
use ownchatbot_app::{AppError, Outcome, OwncastEvent, on_event, queue};
use ownchatbot_domain::config::Section;
use ownchatbot_domain::reward::{Cooldown, Kind, Limits, Note, Scope, Vote};
use ownchatbot_domain::settings::{PointsSettings, StreakSettings, StreamSettings};
use ownchatbot_domain::{EventId, Person, RedemptionKey, Reward, RewardId, Source, Span, Status};
use ownchatbot_testkit::bot::Bot;
use ownchatbot_testkit::builders::{chat_line, crowd, event, goal, redeem, reward};
use ownchatbot_testkit::configure::save_section;
use ownchatbot_testkit::faults::Fault;
use ownchatbot_testkit::scripted::ScriptedOwncast;
use proptest::prelude::*;

const VIEWERS: usize = 3;
/// The messages of viewers. Those that are written more often are listed more often.
const LINES: [&str; 13] = [
    "!points",
    "!hydrate",
    "!hydrate",
    "!hydrate",
    "!song Blue",
    "!song Blue",
    "!red",
    "!charity 40",
    "!charity all",
    "!charity 10%",
    "!wave",
    "!wave",
    "hello",
];
const FAULTS: &[Fault] =
    &[Fault::Conflict, Fault::Throttled, Fault::LostAnswer, Fault::Unreachable, Fault::Partly];

/// A step of a history.
#[derive(Debug, Clone)]
enum Step {
    /// A viewer joins the chat, or opens another tab.
    Joins(usize),
    /// A viewer leaves.
    Leaves(usize),
    /// A viewer writes a message.
    Writes(usize, usize),
    /// An earlier message arrives again.
    Repeats(usize),
    /// Everybody in chat is paid, perhaps twice for the same slot.
    Ticks(bool),
    /// A redemption is refunded, perhaps twice.
    Refunds(usize),
    /// A redemption is fulfilled.
    Fulfils(usize),
    /// The stream goes live.
    Starts,
    /// The stream ends.
    Stops,
    /// Time passes.
    Waits(u32),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let viewer = 0..VIEWERS;
    let step = prop_oneof![
        2 => viewer.clone().prop_map(Step::Joins),
        1 => viewer.clone().prop_map(Step::Leaves),
        16 => (viewer, 0..LINES.len()).prop_map(|(viewer, line)| Step::Writes(viewer, line)),
        3 => (0_usize..100).prop_map(Step::Repeats),
        5 => any::<bool>().prop_map(Step::Ticks),
        5 => (0_usize..100).prop_map(Step::Refunds),
        1 => (0_usize..100).prop_map(Step::Fulfils),
        1 => Just(Step::Starts),
        1 => Just(Step::Stops),
        3 => (1_u32..200).prop_map(Step::Waits),
    ];
    proptest::collection::vec(step, 30..90)
}

/// Rewards with every kind of limit, tight enough to be reached in an evening.
fn rewards() -> Vec<Reward> {
    let limits = |per_stream, per_viewer, stock| Limits { per_stream, per_viewer, stock };
    let cooldown = Some(Cooldown { length: Span::minutes(2), scope: Scope::Everybody });
    let rests = Some(Cooldown { length: Span::minutes(1), scope: Scope::EachViewer });
    vec![
        Reward { limits: limits(None, Some(2), Some(6)), ..redeem("hydrate", 20) },
        Reward { cooldown, note: Note::Required, ..redeem("song", 30) },
        reward("red", 5, Kind::Vote(Vote { open: true, per_viewer: Some(3) })),
        goal("charity", 200, &[50, 120]),
        Reward { limits: limits(Some(3), None, None), cooldown: rests, ..redeem("wave", 0) },
    ]
}

/// Retries `work` until it succeeds, as its caller would.
async fn retried<T: std::fmt::Debug>(work: impl AsyncFn() -> Result<T, AppError>) -> T {
    let mut last = None;
    for _ in 0..40 {
        match work().await {
            Ok(value) => return value,
            Err(error) => last = Some(error),
        }
    }
    panic!("not successful after forty tries: {last:?}")
}

/// The bot and the bookkeeper, side by side.
struct Evening {
    bot: Bot,
    owncast: ScriptedOwncast,
    books: Bookkeeper,
    people: Vec<Person>,
    here: Vec<usize>,
    lines: Vec<(EventId, usize, usize)>,
    sold: Vec<RedemptionKey>,
    events: usize,
}

impl Evening {
    async fn new(faults: Option<u64>) -> Self {
        let bot = Bot::with_rewards(&rewards()).await;
        // The bookkeeper is simpler than the rules: each tick pays, and a stream is never resumed.
        let points = PointsSettings { interval: Span::seconds(1), ..PointsSettings::default() };
        let streams = StreamSettings { resume_within: Span::ZERO, ..StreamSettings::default() };
        let streaks = StreakSettings { on: false, ..StreakSettings::default() };
        for section in [Section::Points(points), Section::Streams(streams), Section::Streaks(streaks)] {
            save_section(bot.store(), &section, 0).await.unwrap();
        }
        if let Some(seed) = faults {
            bot.faults.at_random(20, FAULTS, seed);
        }
        let (books, people) = (Bookkeeper::new(VIEWERS), crowd(VIEWERS));
        let (here, lines, sold) = (Vec::new(), Vec::new(), Vec::new());
        Self { bot, owncast: ScriptedOwncast::default(), books, people, here, lines, sold, events: 0 }
    }

    fn fresh(&mut self, source: Source) -> EventId {
        self.events += 1;
        EventId::new(source, format!("history-{}", self.events)).unwrap()
    }

    async fn deliver(&self, event: &OwncastEvent) -> Outcome {
        retried(async || on_event(&self.bot.context, event).await).await
    }

    async fn writes(&self, event: &EventId, viewer: usize, line: usize) -> Outcome {
        let line = chat_line(event.id(), &self.people[viewer], LINES[line], self.bot.now());
        self.deliver(&OwncastEvent::Chat(line)).await
    }

    async fn closes(&mut self, which: usize, to: Status) {
        if self.sold.is_empty() {
            return;
        }
        // The newest redemptions are chosen, since older ones are often closed already.
        let place = self.sold.len() - 1 - which % self.sold.len().min(3);
        let (key, click) = (self.sold[place].clone(), self.fresh(Source::Click));
        retried(async || queue::on_close(&self.bot.context, &click, &key, to).await).await;
        self.books.closes(place, to == Status::Refunded);
    }

    async fn tick(&self) {
        let slot = self.bot.now();
        retried(async || match on_tick(&self.bot.context, &self.owncast, slot).await {
            Ok(report) => Ok(report),
            Err(ownchatbot_app::RunError::App(error)) => Err(error),
            Err(other) => panic!("{other:?}"),
        })
        .await;
    }

    async fn step(&mut self, step: &Step) {
        // No two events have the same time, so that their order is known.
        self.bot.clock.push(Span::from_ms(1));
        let at = self.bot.now();
        match *step {
            Step::Joins(viewer) => {
                self.here.push(viewer);
                let (event, person) = (self.fresh(Source::Owncast), self.people[viewer].clone());
                self.deliver(&OwncastEvent::Joined { event, person, at }).await;
                self.books.meets(viewer);
            }
            Step::Leaves(viewer) => {
                self.here.retain(|here| *here != viewer);
                let (event, person) = (self.fresh(Source::Owncast), self.people[viewer].clone());
                self.deliver(&OwncastEvent::Parted { event, person, at }).await;
            }
            Step::Writes(viewer, line) => {
                let event = self.fresh(Source::Owncast);
                self.writes(&event, viewer, line).await;
                if self.books.writes(viewer, LINES[line], at.ms()) {
                    self.sold.push(RedemptionKey { at, event: event.clone() });
                }
                self.lines.push((event, viewer, line));
            }
            Step::Repeats(which) => {
                if let Some((event, viewer, line)) = self.lines.get(which % self.lines.len().max(1)).cloned()
                {
                    let outcome = self.writes(&event, viewer, line).await;
                    assert_ne!(outcome, Outcome::Done, "{event} again");
                }
            }
            Step::Ticks(twice) => {
                let clients: Vec<Person> =
                    self.here.iter().map(|viewer| self.people[*viewer].clone()).collect();
                self.owncast.watched_by(&clients);
                self.tick().await;
                if twice {
                    self.tick().await;
                }
                self.books.ticks(&self.here);
            }
            Step::Refunds(which) => {
                self.closes(which, Status::Refunded).await;
            }
            Step::Fulfils(which) => self.closes(which, Status::Fulfilled).await,
            Step::Starts => {
                let (event, title) = (self.fresh(Source::Owncast), "Again".to_owned());
                self.deliver(&OwncastEvent::StreamStarted { event, title, at }).await;
                self.books.starts();
            }
            Step::Stops => {
                let event = self.fresh(Source::Owncast);
                self.deliver(&OwncastEvent::StreamStopped { event, at }).await;
                self.books.stops();
            }
            Step::Waits(seconds) => self.bot.clock.push(Span::seconds(seconds)),
        }
    }

    /// Compares everything that both the bot and the bookkeeper hold.
    async fn compare(&self) {
        self.bot.faults.stop();
        for (viewer, person) in self.people.iter().enumerate() {
            let balance = self.bot.balance(&person.id).await;
            assert_eq!(balance, self.books.balance(viewer), "balance of {}", person.name);
        }
        for name in ["hydrate", "song", "red", "charity", "wave"] {
            let loaded = self.bot.store().load(&self.people[0].id, Some(&RewardId::new(name).unwrap())).await;
            let usage = loaded.unwrap().everybody;
            let counted = (usage.count, usage.points.get());
            assert_eq!(counted, self.books.uses(name), "uses of {name}");
        }
        assert_eq!(self.bot.queue().await.len(), self.books.waiting());
    }
}

fn play(steps: &[Step], faults: Option<u64>) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let mut evening = Evening::new(faults).await;
        for step in steps {
            evening.step(step).await;
        }
        evening.compare().await;
    });
}

fn cases(cases: u32) -> ProptestConfig {
    // A failing history is printed when it has shrunk to a few steps, so no file is needed.
    ProptestConfig { cases, failure_persistence: None, max_shrink_iters: 200, ..ProptestConfig::default() }
}

proptest! {
    #![proptest_config(cases(24))]

    #[test]
    fn balances_match_the_model(steps in steps()) {
        play(&steps, None);
    }
}

proptest! {
    #![proptest_config(cases(12))]

    #[test]
    fn balances_match_the_model_under_faults(steps in steps(), seed in any::<u64>()) {
        play(&steps, Some(seed));
    }

    #[test]
    fn concurrent_histories_keep_totals_correct(steps in steps(), seed in any::<u64>()) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(together(&steps, seed));
    }
}

/// Runs all messages, ticks, refunds, starts and stops of a history concurrently, with faults. Their order is
/// unknown, but the totals must be correct, and each message must be answered once.
async fn together(steps: &[Step], seed: u64) {
    let evening = Evening::new(Some(seed)).await;
    let (bot, owncast, people) = (&evening.bot, &evening.owncast, &evening.people);
    owncast.watched_by(people);
    let numbered: Vec<(usize, &Step)> = steps.iter().enumerate().collect();
    let happen = |(n, step): &(usize, &Step)| {
        let (n, step) = (*n, (*step).clone());
        async move {
            let at = bot.now().saturating_add(Span::seconds(u32::try_from(n).unwrap()));
            let event = event(&format!("e{n}"));
            let deliver = async |event| retried(async || on_event(&bot.context, &event).await).await;
            match step {
                Step::Writes(viewer, line) => {
                    let line = chat_line(event.id(), &people[viewer], LINES[line], at);
                    deliver(OwncastEvent::Chat(line)).await;
                }
                Step::Joins(viewer) => {
                    deliver(OwncastEvent::Joined { event, person: people[viewer].clone(), at }).await;
                }
                Step::Starts => {
                    deliver(OwncastEvent::StreamStarted { event, title: String::new(), at }).await;
                }
                Step::Stops => {
                    deliver(OwncastEvent::StreamStopped { event, at }).await;
                }
                Step::Ticks(_) => {
                    // A tick that failed is as good as killed: the next one resumes it.
                    let _ = on_tick(&bot.context, owncast, at).await;
                }
                Step::Refunds(which) => {
                    let waiting = bot.store().waiting(100).await.unwrap_or_default();
                    if let Some(entry) = waiting.get(which % waiting.len().max(1)) {
                        let key = entry.key();
                        retried(async || queue::on_close(&bot.context, &event, &key, Status::Refunded).await)
                            .await;
                    }
                }
                Step::Leaves(_) | Step::Repeats(_) | Step::Fulfils(_) | Step::Waits(_) => {}
            }
        }
    };
    // Each event is delivered twice, as if every webhook were configured twice.
    let twice = numbered.iter().chain(&numbered).map(happen);
    stream::iter(twice).buffer_unordered(10).collect::<Vec<()>>().await;
    bot.faults.stop();
    for (n, step) in numbered {
        if let Step::Writes(_, line) = step {
            let rows = bot.outbox(&event(&format!("e{n}"))).await;
            assert_eq!(rows.is_empty(), LINES[*line] == "hello", "{step:?}: {rows:?}");
        }
    }
    let milestones = ["charity reached 50: step 50", "charity reached 120: step 120"];
    let mut said = Vec::new();
    for n in 0..steps.len() {
        said.extend(bot.lines(&event(&format!("e{n}"))).await);
    }
    for milestone in milestones {
        assert!(said.iter().filter(|line| *line == milestone).count() <= 1, "{milestone} twice");
    }
}
