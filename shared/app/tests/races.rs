//! Concurrency, repeated events, conflicts and lost responses: each event is applied once, or not at all.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test")]

use std::time::Duration;

use futures_util::{StreamExt, future::join_all, stream};
use ownchatbot_app::event::ChatLine;
use ownchatbot_app::{AppError, Context, Outcome, OwncastEvent, chat, on_event};
use ownchatbot_domain::{Person, RewardId, Span};
use ownchatbot_store::Store;
use ownchatbot_store::StoreError;
use ownchatbot_testkit::bot::Bot;
use ownchatbot_testkit::builders::{chat_line, crowd, event, goal, person};
use ownchatbot_testkit::clock::ManualClock;
use ownchatbot_testkit::faults::Fault;

const EVERYTHING: &[Fault] =
    &[Fault::Conflict, Fault::Throttled, Fault::LostAnswer, Fault::Unreachable, Fault::Partly];

/// Delivers `event` until it is handled, as catching up does.
async fn settle(context: &Context<ManualClock>, event: &OwncastEvent) -> Outcome {
    for _ in 0..20 {
        match on_event(context, event).await {
            Ok(outcome) => return outcome,
            Err(AppError::Contended { .. }) => {}
            Err(broken) => panic!("{broken:?}"),
        }
    }
    panic!("{event:?} is not handled after twenty tries")
}

/// The events of an evening with seven viewers who have 1,000 points and use everything, in order of time.
fn evening(bot: &Bot, people: &[Person]) -> Vec<OwncastEvent> {
    let mut events = Vec::new();
    let at = || {
        bot.clock.push(Span::seconds(1));
        bot.now()
    };
    events.push(OwncastEvent::StreamStarted { event: event("start"), title: "One".to_owned(), at: at() });
    events.push(OwncastEvent::TitleChanged { event: event("title"), title: "Two".to_owned(), at: at() });
    for person in people {
        let (name, person) = (&person.name, person.clone());
        let joined = event(&format!("join-{name}"));
        events.push(OwncastEvent::Joined { event: joined, person: person.clone(), at: at() });
        for (n, text) in
            ["!points", "!hydrate", "!red", "!charity 7", "!confetti", "!nonsense"].iter().enumerate()
        {
            let line = chat_line(&format!("{name}-{n}"), &person, text, at());
            events.push(OwncastEvent::Chat(line));
        }
        let parted = event(&format!("part-{name}"));
        events.push(OwncastEvent::Parted { event: parted, person, at: at() });
    }
    let (handle, name) = ("eve@example.org".to_owned(), "Eve".to_owned());
    events.push(OwncastEvent::Followed { event: event("follow"), handle, name, at: at() });
    events.push(OwncastEvent::StreamStopped { event: event("stop"), at: at() });
    events
}

#[tokio::test]
async fn event_delivered_three_times_out_of_order_is_applied_once() {
    for (seed, faults) in [(1, false), (2, false), (3, true), (4, true)] {
        let bot = Bot::new().await;
        let people = crowd(7);
        for person in &people {
            bot.endow(person, 1000).await;
        }
        let events = evening(&bot, &people);
        let mut copies: Vec<&OwncastEvent> = events.iter().chain(&events).chain(&events).collect();
        fastrand::Rng::with_seed(seed).shuffle(&mut copies);
        if faults {
            bot.faults.at_random(20, EVERYTHING, seed);
        }
        let processes = [bot.another_process(), bot.another_process(), bot.another_process()];
        let deliveries = copies.into_iter().zip(processes.iter().cycle());
        let deliveries = deliveries.map(|(event, process)| settle(process, event));
        stream::iter(deliveries).buffer_unordered(12).collect::<Vec<_>>().await;
        bot.faults.stop();

        for person in &people {
            let balance = bot.balance(&person.id).await;
            assert_eq!(balance, 1000 - 50 - 10 - 7 - 75, "{} with seed {seed}", person.name);
            let rows = bot.store().ledger(&person.id).await.unwrap();
            assert_eq!(rows.len(), 6, "welcome, endowment and four uses: {rows:?}");
        }
        assert_eq!(bot.queue().await.len(), people.len());
        assert_eq!(bot.lines(&event("Viewer3-1")).await, ["Viewer3 redeemed hydrate."]);
        assert_eq!(bot.lines(&event("Viewer3-5")).await, [""; 0]);
        let state = bot.store().stream().await.unwrap();
        assert_eq!((state.live, state.title.as_str()), (false, "Two"), "by time, not by arrival");
    }
}

/// Sends sixty-four redeems of one viewer who has points for ten, and checks that ten succeed.
async fn redeem_64_times(bot: &Bot, percent: u8, seed: u64) {
    let ann = person("Ann");
    bot.endow(&ann, 500).await;
    bot.faults.at_random(percent, EVERYTHING, seed);
    let lines: Vec<_> = (0..64)
        .map(|n| OwncastEvent::Chat(chat_line(&format!("m{n}"), &ann, "!hydrate", bot.now())))
        .collect();
    join_all(lines.iter().map(|line| settle(&bot.context, line))).await;
    bot.faults.stop();
    let mut answers = Vec::new();
    for n in 0..64 {
        answers.extend(bot.lines(&event(&format!("m{n}"))).await);
    }
    answers.sort();
    let refused = "[Ann, hydrate costs 50 points and you need 50 more.]".to_owned();
    let redeemed = "Ann redeemed hydrate.".to_owned();
    assert_eq!(answers, [vec![redeemed; 10], vec![refused; 54]].concat());
    assert_eq!((bot.queue().await.len(), bot.balance(&ann.id).await), (10, 0));
    let usage = bot.store().load(&ann.id, Some(&RewardId::new("hydrate").unwrap())).await.unwrap();
    assert_eq!((usage.everybody.count, usage.own.count), (10, 10));
}

#[tokio::test]
async fn concurrent_redeems_never_exceed_the_balance() {
    redeem_64_times(&Bot::new().await, 0, 0).await;
}

#[tokio::test]
async fn concurrent_redeems_never_exceed_the_balance_under_faults() {
    for seed in 1..=2 {
        let bot = Bot::new().await;
        redeem_64_times(&bot, 25, seed).await;
        assert!(bot.faults.happened() > 20, "{:?}", bot.faults);
    }
}

/// Thirty-two viewers contribute concurrently. Returns all lines of the bot.
async fn rush_on_a_goal(bot: &Bot, faults: (u8, u64), amount: impl Fn(usize) -> String) -> Vec<String> {
    let people = crowd(32);
    for person in &people {
        bot.endow(person, 1000).await;
    }
    bot.faults.at_random(faults.0, EVERYTHING, faults.1);
    let line = |(n, person): (usize, &Person)| chat_line(&format!("m{n}"), person, &amount(n), bot.now());
    let lines: Vec<ChatLine> = people.iter().enumerate().map(line).collect();
    let lines: Vec<OwncastEvent> = lines.into_iter().map(OwncastEvent::Chat).collect();
    join_all(lines.iter().map(|line| settle(&bot.context, line))).await;
    bot.faults.stop();
    let mut said = Vec::new();
    for n in 0..32 {
        said.extend(bot.lines(&event(&format!("m{n}"))).await);
    }
    bot.verify_totals().await;
    said
}

#[track_caller]
fn said_once(said: &[String], line: &str) {
    let times = said.iter().filter(|said| *said == line).count();
    assert_eq!(times, 1, "{line}: {said:#?}");
}

async fn progress(bot: &Bot) -> i64 {
    let goal = RewardId::new("charity").unwrap();
    bot.store().load(&person("Viewer0").id, Some(&goal)).await.unwrap().everybody.points.get()
}

#[tokio::test]
async fn concurrent_contributions_never_exceed_the_target() {
    for faults in [(0, 0), (20, 1), (20, 2)] {
        let bot = Bot::with_rewards(&[goal("charity", 1000, &[250, 500, 510])]).await;
        let said = rush_on_a_goal(&bot, faults, |n| format!("!charity {}", 20 + n * 2)).await;
        assert_eq!(progress(&bot).await, 1000, "with {faults:?}");
        for step in [250, 500, 510] {
            said_once(&said, &format!("charity reached {step}: step {step}"));
        }
        said_once(&said, "charity is reached! 1,000 points. Thank you all.");
        let mut left = 0;
        for person in crowd(32) {
            left += bot.balance(&person.id).await;
        }
        assert_eq!(left, 32 * 1000 - 1000, "nothing is taken beyond the target");
    }
}

#[tokio::test]
async fn concurrent_contributions_below_the_target_all_count() {
    let bot = Bot::with_rewards(&[goal("charity", 100_000, &[100, 200, 300])]).await;
    let said = rush_on_a_goal(&bot, (0, 0), |_| "!charity 1%".to_owned()).await;
    assert_eq!((progress(&bot).await, said.len()), (320, 32 + 3));
    for step in [100, 200, 300] {
        said_once(&said, &format!("charity reached {step}: step {step}"));
    }
}

#[tokio::test]
async fn contention_of_a_crowd_needs_few_transactions() {
    let bot = Bot::with_rewards(&[goal("charity", 1000, &[250, 500])]).await;
    let (people, now) = (crowd(32), bot.now());
    for person in &people {
        bot.endow(person, 1000).await;
    }
    bot.faults.reset();
    let lines: Vec<ChatLine> =
        people.iter().map(|person| chat_line(&person.name, person, "!charity 10", now)).collect();
    let outcomes = join_all(lines.iter().map(|line| chat::on_chat(&bot.context, line))).await;
    assert!(outcomes.iter().all(|outcome| matches!(outcome, Ok(Outcome::Done))), "{outcomes:?}");
    // Without backoff with jitter there would be hundreds.
    let transactions = bot.faults.requests()["TransactWriteItems"];
    assert!(transactions <= 32 * 5, "{transactions} transactions for 32 contributions");
}

#[tokio::test]
async fn contention_until_the_deadline_changes_nothing() {
    let mut bot = Bot::new().await;
    let ann = person("Ann");
    bot.endow(&ann, 80).await;
    bot.context.deadline = Duration::from_millis(150);
    bot.faults.plan(|operation| (operation == "TransactWriteItems").then_some(Fault::Conflict));
    let failed = bot.hears("m", &ann, "!hydrate").await;
    assert!(
        matches!(failed, Err(AppError::Contended { tries: 1.., source: Some(StoreError::Busy { .. }) })),
        "{failed:?}"
    );
    assert_eq!((bot.balance(&ann.id).await, bot.queue().await.len()), (80, 0));
    assert_eq!(bot.outbox(&event("m")).await, []);
    bot.faults.stop();
    assert_eq!(bot.hears("m", &ann, "!hydrate").await.unwrap(), Outcome::Done);
    assert_eq!(bot.hears("m", &ann, "!hydrate").await.unwrap(), Outcome::Duplicate);
    assert_eq!((bot.balance(&ann.id).await, bot.queue().await.len()), (30, 1));
}

#[tokio::test]
async fn commit_with_lost_responses_is_not_repeated() {
    let mut bot = Bot::new().await;
    let ann = person("Ann");
    bot.endow(&ann, 120).await;
    bot.context.deadline = Duration::from_millis(150);
    bot.faults.plan(|operation| (operation == "TransactWriteItems").then_some(Fault::LostAnswer));
    let unknown = bot.hears("m", &ann, "!hydrate").await;
    assert!(matches!(unknown, Err(AppError::Contended { .. })), "{unknown:?}");
    bot.faults.stop();
    assert_eq!(bot.hears("m", &ann, "!hydrate").await.unwrap(), Outcome::Duplicate);
    assert_eq!((bot.balance(&ann.id).await, bot.queue().await.len()), (70, 1));
    assert_eq!(bot.lines(&event("m")).await, ["Ann redeemed hydrate."]);
}

#[tokio::test]
async fn unreadable_table_returns_a_typed_error() {
    let mut bot = Bot::new().await;
    bot.context.deadline = Duration::from_millis(100);
    bot.answer(&person("Ann"), "!points").await;
    bot.faults.plan(|_| Some(Fault::Unreachable));
    let failed = bot.hears("m", &person("Ann"), "!points").await;
    assert!(matches!(failed, Err(AppError::Contended { .. })), "{failed:?}");
    let nowhere = Context::new(Store::new(bot.table.client.clone(), "nowhere"), bot.clock.clone());
    bot.faults.stop();
    let line = chat_line("m", &person("Ann"), "!points", bot.now());
    let failed = chat::on_chat(&nowhere, &line).await;
    assert!(matches!(failed, Err(AppError::Store(StoreError::Broken { .. }))), "{failed:?}");
}
