//! The reader with hostile and random input.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::path::Path;

use ownchatbot_app::event::OwncastEvent;
use ownchatbot_domain::Timestamp;
use ownchatbot_owncast::{Unreadable, read_event};
use proptest::prelude::*;
use serde_json::{Value, json};

fn fixture(name: &str) -> Vec<u8> {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/0.3.0");
    fs::read(fixtures.join(format!("{name}.json"))).unwrap()
}

fn read(raw: &[u8]) -> Result<OwncastEvent, Unreadable> {
    read_event(raw, Timestamp::from_ms(1))
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        ".{0,20}".prop_map(Value::from),
        "<img [ -~]{0,30}>".prop_map(Value::from),
        Just(json!("0001-01-01T00:00:00Z")),
    ];
    leaf.prop_recursive(3, 12, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::hash_map("id|user|ids|[a-z]{1,4}", inner, 0..4)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

const KINDS: [&str; 8] = [
    "CHAT",
    "USER_JOINED",
    "NAME_CHANGE",
    "VISIBILITY-UPDATE",
    "STREAM_STARTED",
    "STREAM_TITLE_UPDATED",
    "FEDIVERSE_ENGAGEMENT_FOLLOW",
    "SOMETHING_NEW",
];

const FIELDS: [&str; 17] = [
    "/type",
    "/eventData",
    "/eventData/id",
    "/eventData/user",
    "/eventData/user/id",
    "/eventData/user/displayName",
    "/eventData/user/previousNames",
    "/eventData/user/scopes",
    "/eventData/user/disabledAt",
    "/eventData/timestamp",
    "/eventData/clientId",
    "/eventData/rawBody",
    "/eventData/body",
    "/eventData/ids",
    "/eventData/visible",
    "/eventData/status",
    "/eventData/username",
];

proptest! {
    #[test]
    fn reader_does_not_panic_on_any_bytes(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let _ = read(&bytes);
    }

    #[test]
    fn reader_does_not_panic_on_damaged_bodies(
        kind in prop::sample::select(&KINDS[..7]),
        damage in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
        keep in any::<prop::sample::Index>(),
    ) {
        let mut raw = fixture(kind);
        for (place, byte) in damage {
            let place = place.index(raw.len());
            raw[place] = byte;
        }
        let _ = read(&raw);
        raw.truncate(keep.index(raw.len()));
        let _ = read(&raw);
    }

    #[test]
    fn any_field_values_give_an_event_or_an_error(
        kind in prop::sample::select(&KINDS[..]),
        changes in prop::collection::vec((prop::sample::select(&FIELDS[..]), any_json()), 0..5),
    ) {
        let mut event: Value = serde_json::from_slice(&fixture("CHAT")).unwrap();
        event["type"] = kind.into();
        for (pointer, value) in changes {
            if let Some(place) = event.pointer_mut(pointer) {
                *place = value;
            }
        }
        if let Ok(OwncastEvent::Chat(line)) = read(event.to_string().as_bytes()) {
            prop_assert!(!line.person.name.is_empty());
            prop_assert!(line.person.name.chars().count() <= 60);
            prop_assert!(!line.event.id().is_empty());
        }
    }
}
