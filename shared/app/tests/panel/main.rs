//! The panel: signing in, and clicks.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test")]

mod clicks;
mod linking;
mod rate_limits;
mod repeats;
mod sessions;
mod take_back;
mod undelivered;
mod whispered;

use ownchatbot_testkit::configure::save_section;
use std::time::Duration;

use ownchatbot_app::click::on_click;
use ownchatbot_app::deliver::{Deliveries, DeliveryTargets, on_rows};
use ownchatbot_app::sign_in::{self, SignIn};
use ownchatbot_app::{Context, Outcome};
use ownchatbot_domain::Command;
use ownchatbot_domain::config::Section;
use ownchatbot_domain::{EventId, Person, Reply, RewardId, Source, Span};
use ownchatbot_schedules::Local;
use ownchatbot_store::Commit;
use ownchatbot_store::{Lane, LaneId, Session};
use ownchatbot_testkit::bot::{Bot, signing_key};
use ownchatbot_testkit::builders::{event, person};
use ownchatbot_testkit::clock::ManualClock;
use ownchatbot_testkit::scripted::ScriptedOwncast;

/// The URL of the bot's pages.
const PUBLIC_URL: &str = "https://bot.example";

/// A bot with a public URL, its Owncast, and Ann, who has 100 points.
async fn setup() -> (Bot, ScriptedOwncast, Person) {
    let mut bot = Bot::new().await;
    bot.context.retry_delay = Duration::ZERO;
    let address = Section::Address { public_url: Some(PUBLIC_URL.to_owned()), owncast_url: None };
    set(&bot, address).await;
    let ann = person("Ann");
    bot.endow(&ann, 100).await;
    (bot, ScriptedOwncast::default(), ann)
}

/// Saves a section of the settings, and waits until the process has the old ones no longer cached.
async fn set(bot: &Bot, section: Section) {
    let seen = bot.store().config().await.unwrap().versions.section(section.name());
    assert_eq!(save_section(bot.store(), &section, seen).await.unwrap(), Commit::Applied);
    bot.clock.push(Span::seconds(5));
}

/// Delivers the effects of the message `id`, as the table's stream would.
async fn deliver(bot: &Bot, owncast: &ScriptedOwncast, id: &str) -> Deliveries {
    deliver_by(&bot.context, bot, owncast, id).await
}

async fn deliver_by(
    process: &Context<ManualClock>,
    bot: &Bot,
    owncast: &ScriptedOwncast,
    id: &str,
) -> Deliveries {
    let schedules = &Local::open(None, bot.clock.clone()).unwrap();
    let rows = bot.outbox(&event(id)).await.into_iter();
    let rows = rows.filter(|row| row.effect.is_some()).map(|row| (row.lane, row.n));
    let (done, failed) = on_rows(process, DeliveryTargets { owncast, schedules }, rows).await;
    assert_eq!(failed, []);
    done
}

/// The chat lane of the message `id`.
fn lane(id: &str) -> LaneId {
    LaneId { event: event(id), lane: Lane::Chat }
}

fn done(done: usize) -> Deliveries {
    Deliveries { done, ..Deliveries::default() }
}

fn dropped(dropped: usize) -> Deliveries {
    Deliveries { dropped, ..Deliveries::default() }
}

/// How many whispers were dropped.
async fn dropped_whispers(bot: &Bot) -> i64 {
    let health = bot.table.item("HEALTH", "OUTBOX").await.unwrap_or_default();
    health.get("dropped_whispers").map_or(0, |value| value.as_n().unwrap().parse().unwrap())
}

/// The secrets of an invitation that was whispered.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Invitation {
    token: String,
    code: String,
}

/// Sends `!panel` of `person` as the message `id`. Returns the invitation that is whispered.
async fn invited(bot: &Bot, owncast: &ScriptedOwncast, person: &Person, id: &str) -> Invitation {
    assert_eq!(bot.hears(id, person, "!panel").await.unwrap(), Outcome::Done);
    let _ = owncast.take_shown();
    assert_eq!(deliver(bot, owncast, id).await, done(1));
    invitation(&owncast.lines()[0])
}

/// The secrets in the whispered `line`.
fn invitation(line: &str) -> Invitation {
    let between = |from: &str, to: &str| -> String {
        let (_, rest) = line.split_once(from).unwrap_or_else(|| panic!("no {from} in {line}"));
        rest.split(to).next().unwrap().to_owned()
    };
    Invitation { token: between("/userpanel/enter/", ")"), code: between("the code ", " ") }
}

async fn by_code(bot: &Bot, code: &str, id: &str) -> SignIn {
    sign_in::by_code(&bot.context, &signing_key(), code, Some("192.0.2.1"), id).await.unwrap()
}

async fn by_link(bot: &Bot, token: &str, id: &str) -> SignIn {
    sign_in::by_link(&bot.context, &signing_key(), token, id).await.unwrap()
}

async fn confirm_link_code(bot: &Bot, seed: &str, id: &str) -> SignIn {
    sign_in::confirm_link_code(&bot.context, &signing_key(), seed, id).await.unwrap()
}

async fn code_to_type(bot: &Bot, seed: &str) -> String {
    sign_in::code_to_type(&bot.context, &signing_key(), seed).await.unwrap()
}

/// The name of the viewer who is signed in with the session `id`.
async fn visitor(bot: &Bot, id: &str) -> Option<String> {
    let visitor = sign_in::visitor(&bot.context, &signing_key(), id).await.unwrap();
    visitor.map(|visitor| visitor.person.name)
}

#[track_caller]
fn signed_in(outcome: SignIn) -> Session {
    match outcome {
        SignIn::Done(session) => session,
        other => panic!("not signed in, but {other:?}"),
    }
}

/// The event of a click with the form key `key`.
fn click(key: &str) -> EventId {
    EventId::new(Source::Click, key).unwrap()
}

fn uses(reward: &str, argument: &str) -> Command {
    Command::Use { reward: RewardId::new(reward).unwrap(), argument: argument.to_owned() }
}

/// Clicks as `person`; `key` is the form's one-time key.
async fn clicks(bot: &Bot, key: &str, person: &Person, command: &Command) -> Reply<String> {
    on_click(&bot.context, &click(key), &person.id, command).await.unwrap()
}

/// The text of a reply, with `no: ` before a refusal.
fn reply_text(reply: Reply<String>) -> String {
    if reply.done { reply.line } else { format!("no: {}", reply.line) }
}
