//! Every event of every version, and bodies that differ from the contract.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::path::Path;

use ownchatbot_app::event::{ChatLine, OwncastEvent};
use ownchatbot_domain::{ClientId, EventId, Person, Source, Timestamp, ViewerId};
use ownchatbot_owncast::{Unreadable, read_event};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

/// When the events arrive, in milliseconds since 1970. No fixture contains this time.
const RECEIVED: i64 = 1_789_000_000_000;
/// The time in Owncast's own test values, 72 seconds after 1970, in milliseconds.
const SENT: i64 = 72_000;

fn fixture(version: &str, name: &str) -> Vec<u8> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/fixtures")
        .join(version)
        .join(format!("{name}.json"));
    fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn at(ms: i64) -> Timestamp {
    Timestamp::from_ms(ms)
}

fn id(text: &str) -> EventId {
    EventId::new(Source::Owncast, text).unwrap()
}

fn read(raw: &[u8]) -> Result<OwncastEvent, Unreadable> {
    read_event(raw, at(RECEIVED))
}

fn read_json(event: &Value) -> Result<OwncastEvent, Unreadable> {
    read(event.to_string().as_bytes())
}

fn somebody() -> Person {
    Person {
        id: ViewerId::new("user id").unwrap(),
        name: "display name".to_owned(),
        former_names: vec!["somebody".to_owned()],
        authenticated: false,
        moderator: false,
        bot: false,
        banned: false,
    }
}

/// The expected event of the fixture with this name, in every version.
fn meaning(name: &str, raw: &[u8]) -> OwncastEvent {
    let (event, at_sent) = (id("id"), at(SENT));
    match name {
        "CHAT" => OwncastEvent::Chat(ChatLine {
            event,
            person: somebody(),
            client: Some(ClientId(51)),
            text: "raw body".to_owned(),
            at: at_sent,
        }),
        "CHAT-first-connection" => OwncastEvent::Chat(ChatLine {
            event: id("kVq2GmMHg"),
            person: Person { authenticated: true, moderator: true, ..somebody() },
            client: Some(ClientId(0)),
            text: "!song never :beerparrot: gonna <3".to_owned(),
            at: at(1_789_063_500_123),
        }),
        "CHAT-plugin" => OwncastEvent::Chat(ChatLine {
            event: id("p1"),
            person: Person {
                id: ViewerId::new("plugin").unwrap(),
                name: "Greeter".to_owned(),
                bot: true,
                ..somebody()
            },
            client: Some(ClientId(7)),
            text: "hello".to_owned(),
            at: at_sent,
        }),
        "USER_JOINED" => OwncastEvent::Joined { event, person: somebody(), at: at_sent },
        "USER_PARTED" => OwncastEvent::Parted { event, person: somebody(), at: at_sent },
        "NAME_CHANGE" => OwncastEvent::Renamed {
            event: id(&hex::encode(Sha256::digest(raw))),
            person: Person {
                name: "new name".to_owned(),
                former_names: vec!["somebody".to_owned(), "display name".to_owned()],
                ..somebody()
            },
            at: at(RECEIVED),
        },
        "VISIBILITY-UPDATE" => OwncastEvent::VisibilityChanged {
            event,
            messages: vec!["message1".to_owned(), "message2".to_owned()],
            visible: false,
            at: at_sent,
        },
        "STREAM_STARTED" => {
            OwncastEvent::StreamStarted { event: id("Xk3GmMHg"), title: "my stream".to_owned(), at: at_sent }
        }
        "STREAM_STOPPED" => OwncastEvent::StreamStopped { event: id("Xk3GmMHg"), at: at_sent },
        "STREAM_TITLE_UPDATED" => {
            OwncastEvent::TitleChanged { event: id("Xk3GmMHg"), title: "my stream".to_owned(), at: at_sent }
        }
        "FEDIVERSE_ENGAGEMENT_FOLLOW" => OwncastEvent::Followed {
            event: id("owncast-made id"),
            handle: "alice@social.example".to_owned(),
            name: "Alice".to_owned(),
            at: at_sent,
        },
        "SCHEDULED_EVENTS" => OwncastEvent::ScheduledStream,
        other => panic!("{other}: add the expected event of this fixture here"),
    }
}

#[test]
fn fixtures_of_every_version_are_read() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures");
    let mut read_per_version = Vec::new();
    for version in fs::read_dir(root).unwrap().map(Result::unwrap).filter(|entry| entry.path().is_dir()) {
        let mut count = 0;
        for file in fs::read_dir(version.path()).unwrap() {
            let path = file.unwrap().path();
            let raw = fs::read(&path).unwrap();
            let name = path.file_stem().unwrap().to_str().unwrap();
            assert_eq!(read(&raw), Ok(meaning(name, &raw)), "{}", path.display());
            count += 1;
        }
        read_per_version.push((version.file_name().into_string().unwrap(), count));
    }
    read_per_version.sort();
    let expected = [("0.1.3", 9), ("0.2.3", 9), ("0.2.5", 10), ("0.3.0", 11), ("develop", 2)];
    assert_eq!(read_per_version, expected.map(|(version, count)| (version.to_owned(), count)));
}

#[test]
fn both_spellings_of_a_type_are_read() {
    for (file, kind) in [("NAME_CHANGE", "NAME_CHANGED"), ("VISIBILITY-UPDATE", "VISIBILITY_UPDATE")] {
        let mut event: Value = serde_json::from_slice(&fixture("0.3.0", file)).unwrap();
        event["type"] = kind.into();
        let raw = event.to_string();
        assert_eq!(read(raw.as_bytes()), Ok(meaning(file, raw.as_bytes())));
    }
}

#[test]
fn unknown_type_gives_only_its_name() {
    for event in [
        json!({"type": "FEDIVERSE_ENGAGEMENT_LIKE", "eventData": {"user": 7}}),
        json!({"type": "FEDIVERSE_ENGAGEMENT_LIKE"}),
        json!({"type": "FEDIVERSE_ENGAGEMENT_LIKE", "eventData": [null]}),
    ] {
        assert_eq!(read_json(&event), Ok(OwncastEvent::Unknown("FEDIVERSE_ENGAGEMENT_LIKE".to_owned())));
    }
    let Ok(OwncastEvent::Unknown(kind)) = read_json(&json!({"type": "Z\u{202e}\n".repeat(999)})) else {
        panic!()
    };
    assert_eq!(kind, "Z".repeat(60));
}

#[test]
fn renames_without_an_id_are_told_apart_by_hash() {
    let raw = fixture("0.3.0", "NAME_CHANGE");
    let other = String::from_utf8(raw.clone()).unwrap().replace("new name", "newer name");
    let ids = [&raw, &raw, &other.into_bytes()].map(|raw| match read(raw) {
        Ok(OwncastEvent::Renamed { event, .. }) => event,
        other => panic!("{other:?}"),
    });
    assert_eq!(ids[0], ids[1]);
    assert_ne!(ids[1], ids[2]);
}

fn chat() -> Value {
    serde_json::from_slice(&fixture("0.3.0", "CHAT")).unwrap()
}

/// A chat event with one field of `eventData` replaced.
fn chat_with(pointer: &str, value: Value) -> Result<ChatLine, Unreadable> {
    let mut event = chat();
    let (parent, key) = pointer.rsplit_once('/').unwrap();
    event.pointer_mut(&format!("/eventData{parent}")).unwrap()[key] = value;
    read_json(&event).map(|event| match event {
        OwncastEvent::Chat(line) => line,
        other => panic!("{other:?}"),
    })
}

#[test]
fn unneeded_fields_may_hold_anything() {
    let expected = match meaning("CHAT", b"") {
        OwncastEvent::Chat(line) => line,
        other => panic!("{other:?}"),
    };
    for pointer in [
        "/status",
        "/serverURL",
        "/visible",
        "/body",
        "/ids",
        "/name",
        "/username",
        "/streamTitle",
        "/newHere",
        "/user/displayColor",
        "/user/createdAt",
        "/user/isBot",
        "/user/authenticated",
        "/user/scopes",
        "/user/nameChangedAt",
        "/user/disabledAt",
        "/user/newHere",
    ] {
        for value in [Value::Null, json!(-7), json!(1.5), json!([[{}]]), json!({"a": [1]})] {
            assert_eq!(chat_with(pointer, value.clone()).as_ref(), Ok(&expected), "{pointer} = {value}");
        }
    }
    assert_eq!(chat_with("/status", json!("online")), Ok(expected));
}

#[test]
fn numbers_beyond_every_type_and_endless_nesting_are_skipped() {
    let whole = chat().to_string();
    let put = |value: &str| whole.replacen("\"status\":{", &format!("\"more\":{value},\"status\":{{"), 1);
    for value in [
        "1e999",
        "-99999999999999999999999999999999",
        &format!("{}1{}", "[".repeat(90_000), "]".repeat(90_000)),
    ] {
        assert!(matches!(read(put(value).as_bytes()), Ok(OwncastEvent::Chat(_))), "{}", &value[..5]);
    }
}

#[test]
fn missing_required_fields_are_errors() {
    let bad_user = Err(Unreadable::Field("user"));
    for value in [Value::Null, json!("user id"), json!(["user id"])] {
        assert_eq!(chat_with("/user", value), bad_user);
    }
    for (pointer, value) in
        [("/user/id", Value::Null), ("/user/id", json!("a#b")), ("/user/id", json!("x".repeat(200)))]
    {
        assert!(matches!(chat_with(pointer, value), Err(Unreadable::Id("user.id", _))));
    }
    for value in [json!("51"), json!(-1), json!(1.5), json!([]), json!(1e30)] {
        assert_eq!(chat_with("/clientId", value), Err(Unreadable::Field("clientId")));
    }
    for (event, field) in [
        (json!({}), "type"),
        (json!({"type": 7}), "type"),
        (json!({"type": "CHAT"}), "eventData"),
        (json!({"type": "CHAT", "eventData": [1]}), "eventData"),
        (json!({"type": "CHAT", "eventData": {"user": {"id": "a"}}}), "rawBody"),
        (json!({"type": "USER_JOINED", "eventData": {}}), "user"),
        (json!({"type": "VISIBILITY-UPDATE", "eventData": {"visible": true}}), "ids"),
        (json!({"type": "VISIBILITY-UPDATE", "eventData": {"ids": ["a"]}}), "visible"),
        (json!({"type": "FEDIVERSE_ENGAGEMENT_FOLLOW", "eventData": {}}), "username"),
        (json!({"type": "FEDIVERSE_ENGAGEMENT_FOLLOW", "eventData": {"username": "@"}}), "username"),
        (json!({"type": "FEDIVERSE_ENGAGEMENT_FOLLOW", "eventData": {"username": "a b"}}), "username"),
    ] {
        assert_eq!(read_json(&event), Err(Unreadable::Field(field)), "{event}");
    }
}

#[test]
fn bodies_that_are_not_json_objects_are_errors_without_content() {
    let deep = "[".repeat(200_000);
    let twice = chat().to_string().replacen("\"user\":", "\"user\":null,\"user\":", 1);
    for raw in [
        b"".as_slice(),
        b"{",
        b"secret",
        b"{}x",
        b"\xff\xfe",
        b"{\"type\":\"\xff\"}",
        br#"{"type":"\ud800"}"#,
        &chat().to_string().as_bytes()[..100],
        deep.as_bytes(),
        twice.as_bytes(),
    ] {
        let error = read(raw).unwrap_err();
        assert!(matches!(error, Unreadable::NotJson { .. }), "{error:?}");
        assert!(!error.to_string().contains("secret"));
    }
    for raw in ["null", "7", "\"CHAT\"", r#"["CHAT",{"user":{"id":"a"},"rawBody":"!points"}]"#] {
        assert_eq!(read(raw.as_bytes()), Err(Unreadable::NotAnObject), "{raw}");
    }
}

#[test]
fn invalid_ids_and_times_fall_back_to_hash_and_arrival() {
    let hash = |event: &Value| id(&hex::encode(Sha256::digest(event.to_string())));
    for value in [Value::Null, json!(""), json!(7), json!("a#b"), json!("a\nb"), json!("x".repeat(129))] {
        let mut event = chat();
        event["eventData"]["id"] = value;
        let Ok(OwncastEvent::Chat(line)) = read_json(&event) else { panic!("{event}") };
        assert_eq!(line.event, hash(&event));
    }
    for value in [
        Value::Null,
        json!(""),
        json!("0001-01-01T00:00:00Z"),
        json!(1_789),
        json!("soon"),
        json!("1969-12-31T23:59:59Z"),
    ] {
        assert_eq!(chat_with("/timestamp", value.clone()).unwrap().at, at(RECEIVED), "{value}");
    }
    assert_eq!(
        chat_with("/timestamp", json!("2026-09-10T20:00:00+02:00")).unwrap().at,
        at(1_789_063_200_000)
    );
}

#[test]
fn user_fields_are_cleaned_and_tolerated() {
    let person = |key: &str, value: Value| chat_with(&format!("/user/{key}"), value).unwrap().person;
    for (value, name) in [
        (json!("  Ann\u{202e}\u{0007} "), "Ann".to_owned()),
        (json!("ä".repeat(99)), "ä".repeat(60)),
        (json!("\u{200f} "), "user id".to_owned()),
        (Value::Null, "user id".to_owned()),
        (json!(["Ann"]), "user id".to_owned()),
    ] {
        assert_eq!(person("displayName", value).name, name);
    }
    for (value, banned) in [
        (json!("2026-09-10T18:00:00Z"), true),
        (json!("no time, but set"), true),
        (json!("0001-01-01T00:00:00Z"), false),
        (json!(""), false),
        (Value::Null, false),
    ] {
        assert_eq!(person("disabledAt", value.clone()).banned, banned, "{value}");
    }
    for (value, moderator) in [
        (json!(["MODERATOR"]), true),
        (json!(["OTHER", "MODERATOR"]), true),
        (json!("OTHER,MODERATOR"), true),
        (json!(["MODERATORS", 7]), false),
        (json!([]), false),
        (Value::Null, false),
    ] {
        assert_eq!(person("scopes", value.clone()).moderator, moderator, "{value}");
    }
    for (value, names) in [
        (json!("ann,bob, ,display name,bob"), vec!["ann", "bob"]),
        (json!(["ann", null, 7, "bob\n", "", "display name"]), vec!["ann", "bob"]),
        (json!(""), vec![]),
        (Value::Null, vec![]),
    ] {
        assert_eq!(person("previousNames", value.clone()).former_names, names, "{value}");
    }
    let many: Vec<String> = (0..5_000).map(|n| format!("name {n}")).collect();
    let kept = person("previousNames", json!(many)).former_names;
    assert_eq!(kept, many[many.len() - 50..]);
}

#[test]
fn typed_text_comes_before_rendered_text() {
    assert_eq!(chat_with("/rawBody", json!("")).unwrap().text, "");
    assert_eq!(chat_with("/rawBody", json!("a < b & <3 <i>")).unwrap().text, "a < b & <3 <i>");
    let mut event = chat();
    event["eventData"].as_object_mut().unwrap().remove("rawBody");
    event["eventData"]["body"] = json!("<p>!song a &amp; <em>b</em> &lt;3</p>");
    let Ok(OwncastEvent::Chat(line)) = read_json(&event) else { panic!("{event}") };
    assert_eq!(line.text, "!song a & b <3");
}

#[test]
fn new_visibility_keys_come_before_old_ones() {
    let event = json!({"type": "VISIBILITY-UPDATE", "eventData": {"id": "v", "ids": ["a", 7, "", "b"], "MessageIDs": ["c"],
        "visible": true, "Visible": false}});
    let expected = OwncastEvent::VisibilityChanged {
        event: id("v"),
        messages: vec!["a".to_owned(), "b".to_owned()],
        visible: true,
        at: at(RECEIVED),
    };
    assert_eq!(read_json(&event), Ok(expected));
}

#[test]
fn follower_handle_loses_its_at_sign_and_name_falls_back() {
    let follow = |name: Value| json!({"type": "FEDIVERSE_ENGAGEMENT_FOLLOW", "eventData": {"id": "f", "username": " @bob@b.example", "name": name}});
    for (name, expected) in
        [(json!("Bob"), "Bob"), (Value::Null, "bob@b.example"), (json!("\u{202e}"), "bob@b.example")]
    {
        let Ok(OwncastEvent::Followed { handle, name, .. }) = read_json(&follow(name)) else { panic!() };
        assert_eq!((&*handle, &*name), ("bob@b.example", expected));
    }
}

#[test]
fn title_comes_from_the_event_or_its_status() {
    let event =
        json!({"type": "STREAM_STARTED", "eventData": {"id": "s", "status": {"streamTitle": "from status"}}});
    let expected =
        OwncastEvent::StreamStarted { event: id("s"), title: "from status".to_owned(), at: at(RECEIVED) };
    assert_eq!(read_json(&event), Ok(expected));
}
