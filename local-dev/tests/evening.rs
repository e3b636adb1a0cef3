//! A whole stream with the real program, checked in Owncast and in the table.

#![allow(clippy::unwrap_used, reason = "a test")]

mod common;

use common::Local;
use ownchatbot_app::ports::Clock;
use ownchatbot_boot::SystemClock;
use ownchatbot_domain::Status;
use ownchatbot_embedded::{EmbeddedDynamoDb, TABLE, sdk_config};
use ownchatbot_owncast::WebhookSecret;
use ownchatbot_simulator::{ApiFault, Options, Outcome, Seen, Simulator, Version, Webhook};
use ownchatbot_store::Store;
use tempfile::TempDir;

const SECRET: &str = "a secret for one evening";

async fn owncast(version: Version) -> Simulator {
    let options = Options { version, ..Options::with_time(|| SystemClock.now().ms()) };
    Simulator::start(options).await.unwrap()
}

fn bot(folder: &TempDir, owncast: &Simulator, more: &[&str]) -> Local {
    let demo = ["--demo-rewards", "true"];
    let local = Local::connected(folder.path(), owncast.url(), owncast.token(), &[&demo, more].concat());
    let hook = local.field("chat_hook");
    let secret = local.ready["webhook_secret"].as_str();
    owncast
        .set_webhook(Some(secret.map_or_else(|| Webhook::new(hook), |secret| Webhook::signed(hook, secret))));
    local
}

async fn opened(folder: &TempDir) -> (EmbeddedDynamoDb, Store) {
    let embedded = EmbeddedDynamoDb::in_file(&folder.path().join("ownchatbot.sqlite")).await.unwrap();
    let client = aws_sdk_dynamodb::Client::new(&sdk_config(embedded.endpoint()));
    (embedded, Store::new(client, TABLE))
}

async fn an_evening_with(version: Version, more: &[&str]) {
    let folder = tempfile::tempdir().unwrap();
    let owncast = owncast(version).await;
    let local = bot(&folder, &owncast, more);
    let (ann, cleo) = (owncast.viewer("Ann"), owncast.viewer("Cleo").moderator());
    ann.connect().await;
    ann.connect().await;
    cleo.connect().await;

    ann.says("!points").await;
    owncast.wait_for("the balance", |seen| !seen.whispers.is_empty()).await.unwrap();
    assert_eq!(ann.whispers(), ["Ann, you have 100 points"]);
    assert!(cleo.whispers().is_empty());
    ann.says("!hydrate").await;
    ann.says("hello everybody").await;
    owncast.wait_for("the redeem", |seen| seen.said.len() == 1).await.unwrap();
    cleo.says("!addpoints Ann 400 for the song").await;
    cleo.says("!queue").await;
    owncast.wait_for("two answers", |seen| seen.whispers.len() == 3).await.unwrap();
    ann.says("!charity 300").await;
    owncast.wait_for("the milestone", |seen| seen.said.len() == 3).await.unwrap();
    assert_eq!(
        owncast.said(),
        [
            "Ann redeemed hydrate.",
            "Ann gave 300 points to charity: 300 of 1,000.",
            "charity reached 250: karaoke"
        ]
    );
    let mut answers = cleo.whispers();
    answers.sort();
    assert_eq!(answers, ["1 waiting: hydrate for Ann", "Ann got 400 points and now has 450."]);

    assert!(local.interrupt().success());
    let (_database, store) = opened(&folder).await;
    assert_eq!(store.verify_totals().await.unwrap().violations, [] as [String; 0]);
    let waiting = store.waiting(10).await.unwrap();
    assert_eq!(waiting.len(), 1);
    assert!(waiting.iter().all(|entry| entry.status == Status::Waiting && entry.reward_name == "hydrate"));
}

#[tokio::test]
async fn an_evening_with_owncast_0_3_0() {
    an_evening_with(Version::V0_3_0, &["--webhook-secret", SECRET]).await;
}

#[tokio::test]
async fn an_evening_with_owncast_0_2_5() {
    an_evening_with(Version::V0_2_5, &[]).await;
}

#[tokio::test]
async fn an_evening_with_owncast_0_1_3() {
    an_evening_with(Version::V0_1_3, &[]).await;
}

#[tokio::test]
async fn watching_pays_only_while_live() {
    let folder = tempfile::tempdir().unwrap();
    let owncast = owncast(Version::V0_3_0).await;
    let _local = bot(&folder, &owncast, &["--webhook-secret", SECRET, "--points-interval", "1s"]);
    let ann = owncast.viewer("Ann");
    ann.connect().await;
    ann.connect().await;
    owncast.go_live("the show").await;
    // Each tick pays a viewer 10 points, regardless of the number of tabs.
    let clients = |seen: &Seen| seen.calls.iter().filter(|call| call.path.ends_with("/clients")).count();
    owncast.wait_for("two ticks", |seen| clients(seen) >= 2).await.unwrap();
    owncast.go_offline().await;
    owncast.wait_until_delivered().await.unwrap();
    ann.says("!points").await;
    owncast.wait_for("the balance", |seen| !seen.whispers.is_empty()).await.unwrap();
    let said = ann.whispers().concat();
    let points: i64 = said.trim_start_matches("Ann, you have ").trim_end_matches(" points").parse().unwrap();
    assert!((110..=160).contains(&points) && points % 10 == 0, "{said}");
}

#[tokio::test]
async fn failed_chat_lines_are_sent_when_owncast_is_back() {
    let folder = tempfile::tempdir().unwrap();
    let owncast = owncast(Version::V0_3_0).await;
    let local = bot(&folder, &owncast, &["--webhook-secret", SECRET]);
    let ann = owncast.viewer("Ann");
    ann.connect().await;
    owncast.set_api_fault(ApiFault::Fail(503));
    ann.says("!hydrate").await;
    let tries = |seen: &Seen| seen.calls.iter().filter(|call| call.path.ends_with("/chat/send")).count();
    owncast.wait_for("two quick tries", |seen| tries(seen) == 2).await.unwrap();
    // The bot is killed and restarted between two attempts.
    local.kill();
    owncast.set_api_fault(ApiFault::None);
    let _local = bot(&folder, &owncast, &["--webhook-secret", SECRET]);
    // It may have been killed during an attempt; the line then waits until the lease has expired.
    let said = |seen: &Seen| !seen.said.is_empty();
    if owncast.wait_for("the redeem", said).await.is_err() {
        owncast.wait_for("the redeem", said).await.unwrap();
    }
    assert_eq!(owncast.said(), ["Ann redeemed hydrate."]);
}

#[tokio::test]
async fn unsigned_events_are_refused_when_a_secret_is_set() {
    let folder = tempfile::tempdir().unwrap();
    let owncast = owncast(Version::V0_2_5).await;
    let _local = bot(&folder, &owncast, &["--webhook-secret", SECRET]);
    assert!(WebhookSecret::parse(SECRET).is_ok());
    let ann = owncast.viewer("Ann");
    ann.connect().await;
    ann.says("!points").await;
    let seen = owncast.wait_until_delivered().await.unwrap();
    assert!(seen.deliveries.iter().all(|delivery| delivery.outcome == Outcome::Status(401)));
}
