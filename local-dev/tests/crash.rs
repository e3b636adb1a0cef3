//! The program is killed under load and started again.

#![allow(clippy::unwrap_used, reason = "a test")]

mod common;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use common::Local;
use ownchatbot_app::ports::Clock;
use ownchatbot_boot::SystemClock;
use ownchatbot_domain::{Points, ViewerId};
use ownchatbot_embedded::{EmbeddedDynamoDb, TABLE, sdk_config};
use ownchatbot_simulator::{Clock as SimulatorClock, Options, Seen, Simulator};
use ownchatbot_store::Store;
use tokio::task::JoinSet;

const VIEWERS: usize = 40;
/// The number of acknowledged events after which the program is killed.
const KILLED_AFTER: usize = 35;

/// The messages of viewer `number`, who starts with 100 points and spends 50 and 20 of them.
fn lines(number: usize) -> Vec<(String, &'static str)> {
    let id = |what: &str| format!("{what}-{number}");
    vec![(id("hydrate"), "!hydrate"), (id("give"), "!charity 20"), (id("points"), "!points")]
}

fn body(number: usize, id: &str, text: &str) -> String {
    // A connection of its own for each message, so that every whisper can be told apart.
    let client =
        number * 3 + ["hydrate", "give", "points"].iter().position(|kind| id.starts_with(kind)).unwrap();
    serde_json::json!({"type": "CHAT", "eventData": {
        "id": id, "clientId": client, "rawBody": text, "body": text, "visible": true,
        "timestamp": "2026-09-10T18:00:00Z",
        "user": {"id": format!("viewer-{number}"), "displayName": format!("Viewer{number}"), "isBot": false},
    }})
    .to_string()
}

/// Sends every line of every viewer, those of different viewers at the same time, until `hook` no longer
/// responds. Returns the ids of the events that were acknowledged.
async fn send_all(hook: &str, acknowledged: Arc<AtomicUsize>) -> Vec<String> {
    let client = reqwest::Client::builder().timeout(Duration::from_secs(20)).build().unwrap();
    let mut viewers = JoinSet::new();
    for number in 0..VIEWERS {
        let (client, hook, acknowledged) = (client.clone(), hook.to_owned(), acknowledged.clone());
        viewers.spawn(async move {
            let mut confirmed = Vec::new();
            for (id, text) in lines(number) {
                match client.post(&hook).body(body(number, &id, text)).send().await {
                    Ok(response) if response.status() == 200 => {
                        acknowledged.fetch_add(1, Ordering::SeqCst);
                        confirmed.push(id);
                    }
                    // Contention gives a 503 and changes nothing; a cut connection gives no response.
                    _ => break,
                }
            }
            confirmed
        });
    }
    viewers.join_all().await.concat()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_acknowledged_is_lost_and_nothing_is_paid_twice() {
    let folder = tempfile::tempdir().unwrap();
    let clock = SimulatorClock::new(|| SystemClock.now().ms());
    let owncast = Simulator::start(Options { clock, ..Options::default() }).await.unwrap();
    let start =
        || Local::connected(folder.path(), owncast.url(), owncast.token(), &["--demo-rewards", "true"]);

    let local = start();
    let count = Arc::new(AtomicUsize::new(0));
    let load = tokio::spawn({
        let (hook, count) = (local.field("chat_hook").to_owned(), count.clone());
        async move { send_all(&hook, count).await }
    });
    while count.load(Ordering::SeqCst) < KILLED_AFTER && !load.is_finished() {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    local.kill();
    let acknowledged = load.await.unwrap();
    assert!(acknowledged.len() >= KILLED_AFTER && acknowledged.len() < VIEWERS * 3, "{}", acknowledged.len());

    // After the restart the bot answers everything that was acknowledged, although no event is sent again.
    let local = start();
    let of = |kind: &str| acknowledged.iter().filter(|id| id.starts_with(kind)).count();
    let (public, private) = (of("hydrate") + of("give"), of("points"));
    let all_said = |seen: &Seen| seen.said.len() >= public && seen.whispers.len() >= private;
    owncast.wait_for("all that was acknowledged", all_said).await.unwrap();

    // Everything is sent once more, as with two webhooks: events that were acknowledged change nothing again.
    let hook = local.field("chat_hook").to_owned();
    let mut missing = VIEWERS * 3;
    while missing > 0 {
        missing = VIEWERS * 3 - send_all(&hook, Arc::default()).await.len();
    }
    assert!(local.interrupt().success());

    let database = EmbeddedDynamoDb::in_file(&folder.path().join("ownchatbot.sqlite")).await.unwrap();
    let store = Store::new(aws_sdk_dynamodb::Client::new(&sdk_config(database.endpoint())), TABLE);
    let totals = store.verify_totals().await.unwrap();
    assert_eq!((totals.violations, totals.viewers), (Vec::new(), VIEWERS));
    assert_eq!(store.waiting(1000).await.unwrap().len(), VIEWERS);
    for number in 0..VIEWERS {
        let viewer = ViewerId::new(format!("viewer-{number}")).unwrap();
        let loaded = store.load(&viewer, None).await.unwrap();
        assert_eq!(loaded.account.balance, Points::new(30).unwrap(), "{viewer}");
    }
}
