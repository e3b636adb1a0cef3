//! Random evenings. Whatever happens in whatever order, with a fifth of all requests going wrong: the table adds up, and
//! everybody has exactly what a much simpler bookkeeper says they have.

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
/// What is written oftener stands here oftener.
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

/// Something that happens.
#[derive(Debug, Clone)]
enum Step {
    /// Somebody comes into chat, or opens another tab.
    Joins(usize),
    /// Somebody leaves.
    Leaves(usize),
    /// Somebody writes.
    Writes(usize, usize),
    /// An earlier message arrives again.
    Repeats(usize),
    /// Everybody in chat is paid, perhaps twice for the same slot.
    Ticks(bool),
    /// Something paid for is given back, perhaps twice.
    Refunds(usize),
    /// Something paid for is done.
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

/// Rewards with every limit there is, tight enough to be met in an evening.
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

/// Does `work` again until it is settled, as its caller would.
async fn settled<T: std::fmt::Debug>(work: impl AsyncFn() -> Result<T, AppError>) -> T {
    let mut last = None;
    for _ in 0..40 {
        match work().await {
            Ok(value) => return value,
            Err(error) => last = Some(error),
        }
    }
    panic!("not settled after forty tries: {last:?}")
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
        // As the bookkeeper has it: a tick whenever there is one, and no streams that go on.
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
        settled(async || on_event(&self.bot.context, event).await).await
    }

    async fn writes(&self, event: &EventId, viewer: usize, line: usize) -> Outcome {
        let line = chat_line(event.id(), &self.people[viewer], LINES[line], self.bot.now());
        self.deliver(&OwncastEvent::Chat(line)).await
    }

    async fn closes(&mut self, which: usize, to: Status) {
        if self.sold.is_empty() {
            return;
        }
        // The newest matter most: what is older is often closed already.
        let place = self.sold.len() - 1 - which % self.sold.len().min(3);
        let (key, click) = (self.sold[place].clone(), self.fresh(Source::Click));
        settled(async || queue::on_close(&self.bot.context, &click, &key, to).await).await;
        self.books.closes(place, to == Status::Refunded);
    }

    async fn tick(&self) {
        let slot = self.bot.now();
        settled(async || match on_tick(&self.bot.context, &self.owncast, slot).await {
            Ok(report) => Ok(report),
            Err(ownchatbot_app::RunError::App(error)) => Err(error),
            Err(other) => panic!("{other:?}"),
        })
        .await;
    }

    async fn step(&mut self, step: &Step) {
        // No two things happen at the very same moment, so that the order of events is known.
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

    /// Compares everything that both keep.
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
        self.bot.verify_totals().await;
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
    // A failing history is printed as it shrinks to a few steps; nothing needs to be kept in a file.
    ProptestConfig { cases, failure_persistence: None, max_shrink_iters: 200, ..ProptestConfig::default() }
}

proptest! {
    #![proptest_config(cases(24))]

    #[test]
    fn everybody_has_what_the_bookkeeper_says(steps in steps()) {
        play(&steps, None);
    }
}

proptest! {
    #![proptest_config(cases(12))]

    #[test]
    fn a_fifth_of_all_requests_going_wrong_changes_nothing(steps in steps(), seed in any::<u64>()) {
        play(&steps, Some(seed));
    }

    #[test]
    fn whatever_happens_together_adds_up(steps in steps(), seed in any::<u64>()) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(together(&steps, seed));
    }
}

/// All messages, ticks, refunds, starts and stops of a history at once, with faults: no bookkeeper can know the order,
/// but everything must add up, and each message be answered once.
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
            let deliver = async |event| settled(async || on_event(&bot.context, &event).await).await;
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
                    // A tick that the faults have stopped is as good as killed: the next one goes on.
                    let _ = on_tick(&bot.context, owncast, at).await;
                }
                Step::Refunds(which) => {
                    let waiting = bot.store().waiting(100).await.unwrap_or_default();
                    if let Some(entry) = waiting.get(which % waiting.len().max(1)) {
                        let key = entry.key();
                        settled(async || queue::on_close(&bot.context, &event, &key, Status::Refunded).await)
                            .await;
                    }
                }
                Step::Leaves(_) | Step::Repeats(_) | Step::Fulfils(_) | Step::Waits(_) => {}
            }
        }
    };
    // Each twice, as if every webhook were configured twice.
    let twice = numbered.iter().chain(&numbered).map(happen);
    stream::iter(twice).buffer_unordered(10).collect::<Vec<()>>().await;
    bot.faults.stop();
    bot.verify_totals().await;
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
