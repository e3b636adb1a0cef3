//! The options and the output of the real program.

#![allow(clippy::unwrap_used, reason = "a test")]

mod common;

use std::net::TcpListener;

use common::{Local, refusal};

#[test]
fn ready_line_contains_all_urls() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let local = Local::start(&["--simulator-port", "0", "--data-dir", data.to_str().unwrap()]);
    let edge = local.field("edge").to_owned();
    assert!(edge.starts_with("http://127.0.0.1:"));
    for (field, path) in [
        ("chat_hook", "/chatHook/"),
        ("kofi_hook", "/kofiHook/"),
        ("viewer_panel", "/userpanel"),
        ("mgmt", "/mgmt"),
        ("overlays", "/overlay"),
    ] {
        assert!(local.field(field).starts_with(&format!("{edge}{path}")), "{field}");
    }
    assert_eq!(local.field("webhook_secret").len(), 32);
    assert!(local.field("owncast").starts_with("http://127.0.0.1:"));
    assert_eq!(local.field("data_dir"), data.canonicalize().unwrap().to_str().unwrap());
    assert!(local.interrupt().success());
}

#[test]
fn urls_and_secrets_survive_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().to_str().unwrap();
    std::fs::write(folder.path().join("notes.txt"), "mine").unwrap();
    let path = |local: &Local| local.field("chat_hook").rsplit('/').next().unwrap().to_owned();
    let first = Local::start(&["--simulator-port", "0", "--data-dir", data]);
    let token = path(&first);
    first.kill();
    let second =
        Local::start(&["--simulator-port", "0", "--data-dir", data, "--public-url", "https://bot.example"]);
    assert_eq!(path(&second), token);
    assert!(second.field("chat_hook").starts_with("https://bot.example/chatHook/"));
    assert!(second.interrupt().success());
    assert_eq!(std::fs::read_to_string(folder.path().join("notes.txt")).unwrap(), "mine");
}

#[test]
fn memory_mode_has_no_data_folder() {
    let local = Local::start(&["--simulator-port", "0", "--memory"]);
    assert!(local.ready["data_dir"].is_null());
}

#[test]
fn older_owncast_has_no_webhook_secret() {
    let local = Local::start(&["--simulator-port", "0", "--memory", "--simulator-version", "0.2.5"]);
    assert!(local.ready["webhook_secret"].is_null());
}

#[test]
fn port_in_use_is_reported_with_advice() {
    let taken = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let message = refusal(&["--memory", "--simulator-port", &port]);
    assert!(message.contains(&format!("port {port} cannot be used")), "{message}");
    assert!(message.contains("--simulator-port 0"), "{message}");
    let message = refusal(&["--memory", "--simulator-port", "0", "--port", &port]);
    assert!(message.contains("--port 0"), "{message}");
}

#[test]
fn unusable_data_folder_is_reported_with_advice() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    std::fs::write(&file, "").unwrap();
    let message = refusal(&["--simulator-port", "0", "--data-dir", file.to_str().unwrap()]);
    assert!(message.contains("--data-dir") && message.contains("--memory"), "{message}");

    std::fs::write(folder.path().join("ownchatbot.sqlite"), "this is no database, whatever its name says")
        .unwrap();
    let message = refusal(&["--simulator-port", "0", "--data-dir", folder.path().to_str().unwrap()]);
    assert!(message.contains("could not open the database file"), "{message}");
    assert!(message.contains("ownchatbot.sqlite") && message.contains("Move "), "{message}");
}

#[test]
fn second_bot_on_a_data_folder_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().to_str().unwrap();
    let first = Local::start(&["--simulator-port", "0", "--data-dir", data]);
    let message = refusal(&["--simulator-port", "0", "--data-dir", data]);
    assert!(message.contains("in use by another OwnchatBot"), "{message}");
    first.kill();
    Local::start(&["--simulator-port", "0", "--data-dir", data]);
}

#[test]
fn incomplete_or_weak_options_are_refused() {
    let message = refusal(&["--memory", "--owncast-url", "http://127.0.0.1:1"]);
    assert!(message.contains("--owncast-token"), "{message}");
    let message = refusal(&["--memory", "--webhook-secret", "abc123"]);
    assert!(message.contains("public secret"), "{message}");
}
