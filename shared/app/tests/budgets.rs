//! The budgets of the design: requests counted on the wire, and capacity units as the table reports them.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test")]

use ownchatbot_testkit::configure::save_section;
use std::collections::BTreeMap;

use ownchatbot_app::click::on_click;
use ownchatbot_app::sign_in::{self, SignIn};
use ownchatbot_app::tick::on_tick;
use ownchatbot_app::{Outcome, presence, stream};
use ownchatbot_domain::Command;
use ownchatbot_domain::command::SimpleCommand;
use ownchatbot_domain::config::Section;
use ownchatbot_domain::line::Line;
use ownchatbot_domain::phrase::{Find, Phrase};
use ownchatbot_domain::reward::Access;
use ownchatbot_domain::{EventId, Person, PhraseId, RewardId, Source, Span};
use ownchatbot_testkit::bot::{Bot, signing_key};
use ownchatbot_testkit::builders::{crowd, event, moderator, person};
use ownchatbot_testkit::scripted::ScriptedOwncast;

/// A warm process: its configuration is cached, and it has met Ann, who has 1,000 points.
async fn warm() -> (Bot, Person) {
    warm_with(Vec::new()).await
}

/// The same, with phrases that the bot answers.
async fn warm_with(phrases: Vec<Phrase>) -> (Bot, Person) {
    let (bot, ann) = (Bot::new().await, person("Ann"));
    save_section(bot.store(), &Section::Phrases(phrases), 0).await.unwrap();
    bot.endow(&ann, 1000).await;
    bot.goes_live().await;
    // The first use of a reward in a stream costs more, because it has to find out that it is the first.
    for line in ["hello", "!red", "!charity 1", "!hydrate", "!confetti"] {
        bot.hears(&format!("warm{line}"), &ann, line).await.unwrap();
    }
    bot.clock.push(Span::seconds(1));
    bot.faults.reset();
    bot.table.capacity.measure();
    (bot, ann)
}

/// The requests since the last reset, as `BatchGetItem 1, PutItem 1`.
fn requests(bot: &Bot) -> String {
    shown(bot.faults.requests())
}

/// The capacity units since measuring began.
fn units(bot: &Bot) -> String {
    shown(bot.table.capacity.used())
}

fn shown<K: std::fmt::Display>(counts: BTreeMap<K, u32>) -> String {
    let counts = counts.into_iter().filter(|(_, count)| *count > 0);
    counts.map(|(name, count)| format!("{name} {count}")).collect::<Vec<_>>().join(", ")
}

#[tokio::test]
async fn plain_chat_of_a_known_viewer_costs_nothing() {
    let (bot, ann) = warm().await;
    for (n, line) in ["hello again", "! ", "so !points", "!unheardof"].into_iter().enumerate() {
        assert_eq!(bot.hears(&format!("m{n}"), &ann, line).await.unwrap(), Outcome::Ignored, "{line}");
    }
    assert_eq!((requests(&bot).as_str(), units(&bot).as_str()), ("", ""));
}

#[tokio::test]
async fn query_command_costs_one_read_and_one_write() {
    for line in [
        "!points",
        "!help",
        "!rewards",
        "!hydrat",
        "!song",
        "!uptime",
        "!watchtime",
        "!streak",
        "!top x",
        "!give",
        "!timer 5m",
    ] {
        let (bot, ann) = warm().await;
        assert_eq!(bot.hears("m", &ann, line).await.unwrap(), Outcome::Done);
        assert_eq!(requests(&bot), "BatchGetItem 1, PutItem 1", "{line}");
    }
    let (bot, ann) = warm().await;
    bot.hears("m", &ann, "!points").await.unwrap();
    // Three items of under 4 KB, read as last written; one item of under 1 KB written.
    assert_eq!(units(&bot), "BatchGetItem 3, PutItem 1");
}

fn phrase(answer: &str, access: Access) -> Phrase {
    Phrase {
        id: PhraseId::new("p").unwrap(),
        find: Find::words("good night").unwrap(),
        cooldown: Span::minutes(1),
        access,
        answer: Line::new(answer).unwrap(),
    }
}

#[tokio::test]
async fn phrase_costs_one_transaction_and_the_reads_its_answer_needs() {
    let everybody = Access::Everybody;
    for (phrase, line, cost) in [
        (phrase("Sleep well", everybody), "good morning", ""),
        (phrase("Sleep well", everybody), "!nosuch good night", ""),
        (phrase("Sleep well", Access::Moderators), "good night", ""),
        (phrase("Sleep well", Access::Authenticated), "good night", ""),
        (phrase("Sleep well", Access::Members), "good night", "BatchGetItem 1"),
        (phrase("Sleep well", Access::Followers), "good night", "BatchGetItem 1"),
        (phrase("Sleep well, {name}: {earn}", everybody), "good night", "TransactWriteItems 1"),
        (phrase("{title} {uptime}", everybody), "good night", "GetItem 1, TransactWriteItems 1"),
        (phrase("{goal}", everybody), "good night", "BatchGetItem 1, TransactWriteItems 1"),
    ] {
        let (bot, ann) = warm_with(vec![phrase.clone()]).await;
        bot.hears("m", &ann, line).await.unwrap();
        assert_eq!(requests(&bot), cost, "{line} with {phrase:?}");
    }
}

#[tokio::test]
async fn commands_read_only_the_items_they_need() {
    for (line, cost) in [
        ("!top", "BatchGetItem 1, GetItem 1, PutItem 1"),
        ("!top off", "BatchGetItem 1, TransactWriteItems 1"),
        ("!give Ann 5", "BatchGetItem 2, PutItem 1, Query 1"),
        ("!give id:id-Ann 5", "BatchGetItem 2, PutItem 1"),
    ] {
        let (bot, ann) = warm().await;
        assert_eq!(bot.hears("m", &ann, line).await.unwrap(), Outcome::Done);
        assert_eq!(requests(&bot), cost, "{line}");
    }
    let (bot, meg) = (warm().await.0, moderator("Meg"));
    bot.hears("hello", &meg, "hello").await.unwrap();
    for line in ["!timer 5m", "!timer cancel"] {
        bot.faults.reset();
        bot.hears(line, &meg, line).await.unwrap();
        assert_eq!(requests(&bot), "BatchGetItem 1, GetItem 1, TransactWriteItems 1", "{line}");
    }
}

#[tokio::test]
async fn spending_costs_one_read_and_one_transaction() {
    for line in ["!hydrate", "!red", "!charity 5", "!confetti"] {
        let (bot, ann) = warm().await;
        assert_eq!(bot.hears("m", &ann, line).await.unwrap(), Outcome::Done);
        assert_eq!(requests(&bot), "BatchGetItem 1, TransactWriteItems 1", "{line}");
    }
}

#[tokio::test]
async fn refusal_costs_one_read_and_one_write() {
    let (bot, ann) = warm().await;
    for line in ["!charity 5000", "!song", "!addpoints Bob 5"] {
        bot.faults.reset();
        assert_eq!(bot.hears(line, &ann, line).await.unwrap(), Outcome::Done);
        let limit = if line.starts_with("!add") { 4 } else { 2 };
        assert!(bot.faults.total() <= limit, "{line}: {}", requests(&bot));
    }
}

#[tokio::test]
async fn repeated_event_costs_no_more_than_the_original() {
    let (bot, ann) = warm().await;
    bot.hears("m", &ann, "!hydrate").await.unwrap();
    bot.faults.reset();
    assert_eq!(bot.hears("m", &ann, "!hydrate").await.unwrap(), Outcome::Duplicate);
    assert_eq!(requests(&bot), "BatchGetItem 1, TransactWriteItems 1");
}

/// Ann clicks; the event is new with each call.
async fn click(bot: &Bot, ann: &Person, key: &str, command: &Command) -> bool {
    let event = EventId::new(Source::Click, key).unwrap();
    on_click(&bot.context, &event, &ann.id, command).await.unwrap().done
}

fn uses(reward: &str, argument: &str) -> Command {
    Command::Use { reward: RewardId::new(reward).unwrap(), argument: argument.to_owned() }
}

#[tokio::test]
async fn click_costs_the_same_as_its_command() {
    for (command, done, cost) in [
        (uses("hydrate", ""), true, "BatchGetItem 1, TransactWriteItems 1"),
        (uses("red", ""), true, "BatchGetItem 1, TransactWriteItems 1"),
        (uses("charity", "5"), true, "BatchGetItem 1, TransactWriteItems 1"),
        (uses("confetti", ""), true, "BatchGetItem 1, TransactWriteItems 1"),
        (uses("song", ""), false, "BatchGetItem 1, PutItem 1"),
        (
            Command::Simple(SimpleCommand::OnBoards { shown: false }),
            true,
            "BatchGetItem 1, TransactWriteItems 1",
        ),
        (Command::Simple(SimpleCommand::Unlink), true, "BatchGetItem 1, TransactWriteItems 1"),
    ] {
        let (bot, ann) = warm().await;
        assert_eq!(click(&bot, &ann, "key", &command).await, done, "{command:?}");
        assert_eq!(requests(&bot), cost, "{command:?}");
        // A repeat reads the reply to the first.
        bot.faults.reset();
        assert_eq!(click(&bot, &ann, "key", &command).await, done, "{command:?}");
        assert_eq!(
            (bot.faults.total(), bot.faults.requests()["GetItem"]),
            (3, 1),
            "{command:?}: {}",
            requests(&bot)
        );
    }
    let (bot, ann) = warm().await;
    let entry = bot.queue().await.remove(0).key();
    bot.faults.reset();
    assert!(click(&bot, &ann, "back", &Command::TakeBack(entry)).await);
    assert_eq!(requests(&bot), "BatchGetItem 1, GetItem 1, TransactWriteItems 1");
}

#[tokio::test]
async fn signed_in_visitor_costs_two_reads() {
    let (bot, ann) = warm().await;
    let (context, key) = (&bot.context, &signing_key());
    let code = sign_in::code_to_type(context, key, "seed").await.unwrap();
    assert_eq!(requests(&bot), "PutItem 1");
    bot.faults.reset();
    bot.hears("m", &ann, &format!("!link {code}")).await.unwrap();
    assert_eq!(requests(&bot), "BatchGetItem 1, GetItem 1, TransactWriteItems 1");
    bot.faults.reset();
    assert!(matches!(sign_in::confirm_link_code(context, key, "seed", "id").await.unwrap(), SignIn::Done(_)));
    assert_eq!(requests(&bot), "BatchGetItem 1, GetItem 1, TransactWriteItems 1");
    for (id, cost) in [("id", "BatchGetItem 1, GetItem 1"), ("nobody's", "GetItem 1")] {
        bot.faults.reset();
        sign_in::visitor(context, key, id).await.unwrap();
        assert_eq!(requests(&bot), cost);
    }
    bot.faults.reset();
    bot.hears("n", &ann, "!panel").await.unwrap();
    assert_eq!(requests(&bot), "BatchGetItem 1, TransactWriteItems 1");
    bot.faults.reset();
    let wrong = sign_in::by_code(context, key, "ABCD-EFGH", Some("192.0.2.1"), "other").await.unwrap();
    assert_eq!(
        (wrong, requests(&bot).as_str()),
        (SignIn::Unknown, "BatchGetItem 1, GetItem 1, UpdateItem 2")
    );
}

#[tokio::test]
async fn configuration_is_read_once_in_five_seconds() {
    let (bot, ann) = warm().await;
    bot.clock.push(Span::from_ms(3999));
    bot.hears("a", &ann, "hello").await.unwrap();
    assert_eq!(requests(&bot), "");
    bot.clock.push(Span::from_ms(1));
    bot.hears("b", &ann, "hello").await.unwrap();
    bot.hears("c", &ann, "hello").await.unwrap();
    assert_eq!(requests(&bot), "Query 1");
}

#[tokio::test]
async fn new_viewer_in_chat_costs_one_read_and_one_transaction() {
    let (bot, _) = warm().await;
    bot.hears("m", &person("Bob"), "hello").await.unwrap();
    assert_eq!(requests(&bot), "BatchGetItem 1, TransactWriteItems 1");
    bot.hears("n", &person("Bob"), "hello").await.unwrap();
    assert_eq!(requests(&bot), "BatchGetItem 1, TransactWriteItems 1", "known from now on");
}

#[tokio::test]
async fn join_costs_one_read_and_one_write_and_part_one_write() {
    let (bot, ann) = warm().await;
    presence::on_joined(&bot.context, &ann).await.unwrap();
    assert_eq!(requests(&bot), "BatchGetItem 1, UpdateItem 1");
    bot.faults.reset();
    presence::on_parted(&bot.context, &ann).await.unwrap();
    assert_eq!(requests(&bot), "UpdateItem 1");
    bot.faults.reset();
    bot.clock.push(Span::minutes(1));
    stream::on_stopped(&bot.context, &event("stop"), bot.now()).await.unwrap();
    // The stream before and after, the use of all rewards for its record, and the settings.
    assert_eq!(requests(&bot), "BatchGetItem 1, GetItem 2, Query 1, TransactWriteItems 1, UpdateItem 1");
}

/// The fixed cost of a tick, whatever the number of viewers: the stream and the settings, the usage of all
/// rewards and the stream's record, and the leaderboard with the accounts of the viewers on it.
#[derive(Clone, Copy)]
struct Fixed {
    gets: u32,
    batches: u32,
    updates: u32,
}

/// The very first tick: an empty board, and a new peak of viewers.
const FIRST: Fixed = Fixed { gets: 2, batches: 1, updates: 2 };
/// The tick after which the stream counts for watch streaks, without a new peak.
const COUNTS: Fixed = Fixed { gets: 2, batches: 2, updates: 4 };

/// Runs a tick of `people`. Returns its cost without the fixed part, as requests and as capacity units.
async fn tick(bot: &Bot, people: &[Person], fixed: Fixed) -> (String, String) {
    let owncast = ScriptedOwncast::default();
    owncast.watched_by(people);
    bot.clock.push(Span::minutes(10));
    bot.faults.reset();
    bot.table.capacity.measure();
    let report = on_tick(&bot.context, &owncast, bot.now()).await.unwrap();
    assert_eq!(report.paid, people.len());
    let mut requests = bot.faults.requests();
    assert_eq!((requests.remove("Query"), requests.remove("PutItem")), (Some(1), Some(1)));
    for (name, count) in
        [("GetItem", fixed.gets), ("BatchGetItem", fixed.batches), ("UpdateItem", fixed.updates)]
    {
        let counted = requests.entry(name.to_owned()).or_default();
        *counted = counted.checked_sub(count).unwrap_or_else(|| panic!("{name}: {counted} and not {count}"));
    }
    requests.retain(|_, count| *count > 0);
    let mut units = bot.table.capacity.used();
    units.retain(|name, _| ["BatchExecuteStatement", "TransactWriteItems"].contains(name));
    (shown(requests), shown(units))
}

#[tokio::test]
async fn tick_costs_one_write_unit_per_known_viewer() {
    for (many, expect) in [
        (1, "BatchExecuteStatement 1, BatchGetItem 1"),
        (25, "BatchExecuteStatement 1, BatchGetItem 1"),
        (26, "BatchExecuteStatement 2, BatchGetItem 1"),
        (100, "BatchExecuteStatement 4, BatchGetItem 1"),
        (101, "BatchExecuteStatement 5, BatchGetItem 2"),
    ] {
        let bot = Bot::new().await;
        bot.goes_live().await;
        let people = crowd(many);
        tick(&bot, &people, FIRST).await;
        let (requests, units) = tick(&bot, &people, COUNTS).await;
        assert_eq!(requests, expect, "{many} viewers");
        // DynamoDB Local reports no units for statements.
        assert!(units.is_empty() || units == format!("BatchExecuteStatement {many}"), "{units}");
    }
}

#[tokio::test]
async fn streak_without_reward_adds_no_cost_to_a_tick() {
    let bot = Bot::new().await;
    bot.goes_live().await;
    let people = crowd(3);
    tick(&bot, &people, FIRST).await;
    let (requests, _) = tick(&bot, &people, COUNTS).await;
    assert_eq!(requests, "BatchExecuteStatement 1, BatchGetItem 1");
    let loaded = bot.store().load(&people[0].id, None).await.unwrap();
    assert_eq!(loaded.account.streak.length, 1);
}

#[tokio::test]
async fn new_viewer_and_first_tick_of_a_stream_cost_one_transaction_each() {
    let bot = Bot::new().await;
    let people = crowd(10);
    bot.goes_live().await;
    assert_eq!(tick(&bot, &people, FIRST).await.0, "BatchGetItem 1, TransactWriteItems 10", "all are new");
    bot.clock.push(Span::minutes(10));
    bot.goes_live().await;
    let (requests, units) = tick(&bot, &people, Fixed { batches: 2, ..FIRST }).await;
    assert_eq!(requests, "BatchGetItem 1, TransactWriteItems 10", "the first of a stream");
    // Two items each, at twice the price of plain writes.
    assert_eq!(units, "TransactWriteItems 40");
}

#[tokio::test]
async fn known_viewer_without_open_row_opens_it_with_one_write() {
    let bot = Bot::new().await;
    let ann = person("Ann");
    bot.endow(&ann, 100).await;
    bot.goes_live().await;
    assert_eq!(tick(&bot, &[ann], FIRST).await.0, "BatchGetItem 1, UpdateItem 1");
}
