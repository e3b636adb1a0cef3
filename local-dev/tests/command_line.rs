//! The program as a newcomer meets it.

#![allow(clippy::unwrap_used, reason = "a test")]

mod common;

use std::net::TcpListener;

use common::{Local, refusal};

#[test]
fn it_prints_where_everything_is() {
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
fn addresses_and_secrets_outlive_a_restart() {
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
fn in_memory_nothing_is_kept() {
    let local = Local::start(&["--simulator-port", "0", "--memory"]);
    assert!(local.ready["data_dir"].is_null());
}

#[test]
fn older_owncasts_do_not_sign() {
    let local = Local::start(&["--simulator-port", "0", "--memory", "--simulator-version", "0.2.5"]);
    assert!(local.ready["webhook_secret"].is_null());
}

#[test]
fn a_port_that_is_taken_is_named_with_what_to_do() {
    let taken = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let said = refusal(&["--memory", "--simulator-port", &port]);
    assert!(said.contains(&format!("port {port} cannot be used")), "{said}");
    assert!(said.contains("--simulator-port 0"), "{said}");
    let said = refusal(&["--memory", "--simulator-port", "0", "--port", &port]);
    assert!(said.contains("--port 0"), "{said}");
}

#[test]
fn a_folder_that_cannot_be_used_is_named_with_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    std::fs::write(&file, "").unwrap();
    let said = refusal(&["--simulator-port", "0", "--data-dir", file.to_str().unwrap()]);
    assert!(said.contains("--data-dir") && said.contains("--memory"), "{said}");

    std::fs::write(folder.path().join("ownchatbot.sqlite"), "this is no database, whatever its name says")
        .unwrap();
    let said = refusal(&["--simulator-port", "0", "--data-dir", folder.path().to_str().unwrap()]);
    assert!(said.contains("could not open the database file"), "{said}");
    assert!(said.contains("ownchatbot.sqlite") && said.contains("Move "), "{said}");
}

#[test]
fn one_folder_has_one_bot() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().to_str().unwrap();
    let first = Local::start(&["--simulator-port", "0", "--data-dir", data]);
    let said = refusal(&["--simulator-port", "0", "--data-dir", data]);
    assert!(said.contains("in use by another OwnchatBot"), "{said}");
    first.kill();
    Local::start(&["--simulator-port", "0", "--data-dir", data]);
}

#[test]
fn half_a_connection_is_refused() {
    let said = refusal(&["--memory", "--owncast-url", "http://127.0.0.1:1"]);
    assert!(said.contains("--owncast-token"), "{said}");
    let said = refusal(&["--memory", "--webhook-secret", "abc123"]);
    assert!(said.contains("public secret"), "{said}");
}
