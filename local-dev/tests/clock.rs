//! Schedules and timers in the real program.

#![allow(clippy::unwrap_used, reason = "a test")]

mod common;

use std::path::Path;
use std::time::{Duration, Instant};

use common::{Local, refusal};
use ownchatbot_app::ports::Clock;
use ownchatbot_boot::SystemClock;
use ownchatbot_simulator::{Options, Simulator, Webhook};

/// Waits until the file of the schedules contains `count` timers.
async fn until_kept(folder: &Path, count: usize) {
    let deadline = Instant::now() + Duration::from_secs(10);
    loop {
        let kept = std::fs::read_to_string(folder.join("schedules.json")).unwrap_or_default();
        if kept.matches("timer:").count() == count {
            return;
        }
        assert!(Instant::now() < deadline, "not {count} timers: {kept}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test]
async fn timer_survives_a_kill_and_ends_once() {
    let folder = tempfile::tempdir().unwrap();
    let owncast = Simulator::start(Options::with_time(|| SystemClock.now().ms())).await.unwrap();
    let start = || {
        let local = Local::connected(folder.path(), owncast.url(), owncast.token(), &[]);
        owncast.set_webhook(Some(Webhook::new(local.field("chat_hook"))));
        local
    };
    let local = start();
    let cleo = owncast.viewer("Cleo").moderator();
    cleo.connect().await;
    cleo.says("!timer 5s tea").await;
    cleo.says("!timer 1h bread").await;
    owncast.wait_for("both timers", |seen| seen.said.len() == 2).await.unwrap();
    until_kept(folder.path(), 2).await;
    local.kill();
    let local = start();
    owncast.wait_for("the end", |seen| seen.said.len() == 3).await.unwrap();
    assert_eq!(owncast.said().last().unwrap(), "Time is up: tea");
    until_kept(folder.path(), 1).await;
    local.interrupt();
}

#[test]
fn damaged_schedules_are_reported_with_advice() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("schedules.json"), "{").unwrap();
    let message = refusal(&["--data-dir", folder.path().to_str().unwrap(), "--simulator-port", "0"]);
    assert!(message.contains("schedules.json") && message.contains("Move"), "{message}");
    assert!(!message.contains("panicked"), "{message}");
}
