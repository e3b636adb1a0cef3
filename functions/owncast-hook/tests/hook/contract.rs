//! Every payload of Owncast's versions, with its effect on the table. Each is sent twice, and the copy
//! changes nothing.

use std::collections::BTreeMap;
use std::path::Path;

use ownchatbot_domain::command::ViewerRef;
use ownchatbot_domain::{ClientId, Effect, Span};
use serde_json::json;

use crate::harness::{HookTest, event, song, user};

/// The versions whose payloads are in most tests.
const EVERY: [&str; 4] = ["0.1.3", "0.2.3", "0.2.5", "0.3.0"];
const VIEWER: &str = "user id";

/// The fixtures of one event by version.
fn fixtures(name: &str) -> BTreeMap<String, Vec<u8>> {
    let all = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/owncast/tests/fixtures");
    let versions =
        std::fs::read_dir(all).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_dir());
    versions
        .filter_map(|version| {
            let body = std::fs::read(version.join(format!("{name}.json"))).ok()?;
            Some((version.file_name().unwrap().to_str().unwrap().to_owned(), body))
        })
        .collect()
}

/// A hook for each fixture of `name`, which must exist for exactly `versions`.
async fn hooks(name: &str, versions: &[&str]) -> Vec<(HookTest, Vec<u8>)> {
    let found = fixtures(name);
    assert_eq!(found.keys().collect::<Vec<_>>(), versions, "versions of {name}");
    let mut hooks = Vec::new();
    for (version, body) in found {
        // Owncast signs since 0.3.0.
        let test = if *version < *"0.3.0" { HookTest::unsigned().await } else { HookTest::signed().await };
        hooks.push((test, body));
    }
    hooks
}

/// Sends `body`, and a second later again.
async fn arrives_twice(test: &HookTest, body: &[u8]) {
    let first = test.post(body).await;
    assert_eq!((first.status.as_u16(), &*first.text), (200, ""));
    let after = test.items().await;
    test.clock.push(Span::seconds(1));
    assert_eq!(test.post(body).await.status, 200);
    assert_eq!(test.items().await, after, "the copy changed something");
}

async fn known_viewers(test: &HookTest, name: &str) -> usize {
    test.table.store.matching_viewers(&ViewerRef::Name(name.to_owned())).await.unwrap().len()
}

#[test]
fn every_fixture_is_tested() {
    let all = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/owncast/tests/fixtures");
    let mut names: Vec<String> = std::fs::read_dir(all)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_dir())
        .flat_map(|version| std::fs::read_dir(version).unwrap())
        .map(|file| file.unwrap().path().file_stem().unwrap().to_str().unwrap().to_owned())
        .collect();
    names.sort();
    names.dedup();
    let tested = [
        "CHAT",
        "CHAT-first-connection",
        "CHAT-plugin",
        "FEDIVERSE_ENGAGEMENT_FOLLOW",
        "NAME_CHANGE",
        "SCHEDULED_EVENTS",
        "STREAM_STARTED",
        "STREAM_STOPPED",
        "STREAM_TITLE_UPDATED",
        "USER_JOINED",
        "USER_PARTED",
        "VISIBILITY-UPDATE",
    ];
    assert_eq!(names, tested);
}

#[tokio::test]
async fn viewer_who_writes_is_created_and_welcomed() {
    for (test, body) in hooks("CHAT", &["0.1.3", "0.2.3", "0.2.5", "0.3.0", "develop"]).await {
        arrives_twice(&test, &body).await;
        let viewer = test.viewer(VIEWER).await;
        let person = viewer.profile.unwrap().person;
        assert_eq!((&*person.name, person.former_names), ("display name", vec!["somebody".to_owned()]));
        assert_eq!(viewer.account.balance.get(), 100);
        assert_eq!(test.effects("id").await, []);
    }
}

#[tokio::test]
async fn command_from_the_first_connection_is_handled_once() {
    for (test, body) in hooks("CHAT-first-connection", &EVERY).await {
        arrives_twice(&test, &body).await;
        assert_eq!(test.balance(VIEWER).await, 0);
        let waiting = test.table.store.waiting(10).await.unwrap();
        assert_eq!(waiting.len(), 1);
        assert_eq!(waiting[0].note.as_deref(), Some("never :beerparrot: gonna <3"));
        let said = "display name redeemed song: never :beerparrot: gonna &lt;3".to_owned();
        assert_eq!(test.effects("kVq2GmMHg").await, [Effect::Say(said)]);
        let person = test.viewer(VIEWER).await.profile.unwrap().person;
        assert!(person.moderator && person.authenticated);
    }
}

#[tokio::test]
async fn answer_goes_to_connection_0_where_owncast_omits_the_number() {
    for (test, body) in hooks("CHAT-first-connection", &EVERY).await {
        test.save(&song(1000)).await;
        arrives_twice(&test, &body).await;
        let line = "display name, song costs 1,000 points and you need 900 more.".to_owned();
        assert_eq!(test.effects("kVq2GmMHg").await, [Effect::Whisper { client: ClientId(0), line }]);
        assert_eq!(test.balance(VIEWER).await, 100);
    }
}

#[tokio::test]
async fn message_of_a_plugin_changes_nothing() {
    for (test, body) in hooks("CHAT-plugin", &["0.3.0"]).await {
        let before = test.items().await;
        arrives_twice(&test, &body).await;
        assert_eq!(test.items().await, before);
    }
}

#[tokio::test]
async fn joining_creates_the_viewer_and_parting_updates_last_seen() {
    for (test, body) in hooks("USER_JOINED", &EVERY).await {
        assert_eq!(test.post(&body).await.status, 200);
        let met = test.viewer(VIEWER).await;
        assert_eq!((&*met.profile.unwrap().person.name, met.account.balance.get()), ("display name", 100));
        test.clock.push(Span::minutes(1));
        assert_eq!(test.post(&body).await.status, 200);
        let again = test.viewer(VIEWER).await;
        assert_eq!(again.account.balance.get(), 100, "welcomed once");
        let profile = again.profile.unwrap();
        assert_eq!(profile.last_seen.since(profile.first_seen), Span::minutes(1));
    }
    for (test, body) in hooks("USER_PARTED", &EVERY).await {
        let before = test.items().await;
        assert_eq!(test.post(&body).await.status, 200);
        assert_eq!(test.items().await, before, "an unknown viewer is not created");
        test.post(&event("USER_JOINED", &json!({ "id": "j", "user": user(VIEWER) }))).await;
        test.clock.push(Span::minutes(5));
        arrives_twice_but_for_the_time(&test, &body).await;
        let profile = test.viewer(VIEWER).await.profile.unwrap();
        assert_eq!(profile.last_seen.since(profile.first_seen), Span::minutes(5));
    }
}

async fn arrives_twice_but_for_the_time(test: &HookTest, body: &[u8]) {
    assert_eq!(test.post(body).await.status, 200);
    let after = test.items().await;
    assert_eq!(test.post(body).await.status, 200);
    assert_eq!(test.items().await, after);
}

#[tokio::test]
async fn renamed_viewer_is_found_by_the_new_name_only() {
    for (test, body) in hooks("NAME_CHANGE", &EVERY).await {
        let mut before = user(VIEWER);
        before["displayName"] = "display name".into();
        test.post(&event("USER_JOINED", &json!({ "id": "j", "user": before }))).await;
        assert_eq!(known_viewers(&test, "display name").await, 1);
        arrives_twice(&test, &body).await;
        let person = test.viewer(VIEWER).await.profile.unwrap().person;
        assert_eq!(
            (&*person.name, person.former_names),
            ("new name", vec!["somebody".into(), "display name".into()])
        );
        assert_eq!(
            (known_viewers(&test, "display name").await, known_viewers(&test, "new name").await),
            (0, 1)
        );
    }
}

/// Renamings have no id and no time in Owncast, so they are told apart by their bytes.
#[tokio::test]
async fn late_copy_of_a_renaming_does_not_restore_the_old_name() {
    let test = HookTest::signed().await;
    let renaming = |name: &str, changed: &str| {
        let mut user = user("ann");
        (user["displayName"], user["nameChangedAt"]) = (name.into(), changed.into());
        event("NAME_CHANGE", &json!({ "id": "", "user": user, "newName": name }))
    };
    test.post(&event("USER_JOINED", &json!({ "id": "j", "user": user("ann") }))).await;
    let (first, second) =
        (renaming("Anne", "2026-09-10T18:01:00Z"), renaming("Anna", "2026-09-10T18:02:00Z"));
    for body in [&first, &second, &first, &second, &first] {
        assert_eq!(test.post(body).await.status, 200);
    }
    assert_eq!(test.viewer("ann").await.profile.unwrap().person.name, "Anna");
    // Taking an earlier name again is a renaming of its own.
    test.post(&renaming("Anne", "2026-09-10T18:03:00Z")).await;
    assert_eq!(test.viewer("ann").await.profile.unwrap().person.name, "Anne");
}

#[tokio::test]
async fn hiding_messages_without_notes_changes_nothing() {
    for (test, body) in hooks("VISIBILITY-UPDATE", &EVERY).await {
        let before = test.items().await;
        arrives_twice(&test, &body).await;
        assert_eq!(test.items().await, before);
    }
}

#[tokio::test]
async fn stream_events_update_the_streams_state() {
    let earlier = |kind: &str| {
        let body = json!({ "eventData": { "id": "earlier", "streamTitle": "an old title",
            "timestamp": "1970-01-01T00:01:00Z" }, "type": kind });
        body.to_string().into_bytes()
    };
    for (test, body) in hooks("STREAM_STARTED", &EVERY).await {
        arrives_twice(&test, &body).await;
        let stream = test.table.store.stream().await.unwrap();
        assert_eq!((stream.live, &*stream.title), (true, "my stream"));
        assert_eq!(stream.began.unwrap().ms(), 72_000);
        // An earlier event that arrives late changes nothing.
        test.post(&earlier("STREAM_STOPPED")).await;
        assert!(test.table.store.stream().await.unwrap().live);
    }
    for (test, body) in hooks("STREAM_STOPPED", &EVERY).await {
        test.post(&earlier("STREAM_STARTED")).await;
        assert!(test.table.store.stream().await.unwrap().live);
        arrives_twice(&test, &body).await;
        let stream = test.table.store.stream().await.unwrap();
        assert_eq!((stream.live, stream.newest.unwrap().as_str()), (false, "0000000060000"));
    }
    for (test, body) in hooks("STREAM_TITLE_UPDATED", &EVERY).await {
        arrives_twice(&test, &body).await;
        assert_eq!(test.table.store.stream().await.unwrap().title, "my stream");
    }
}

#[tokio::test]
async fn follower_is_stored() {
    for (test, body) in hooks("FEDIVERSE_ENGAGEMENT_FOLLOW", &["0.2.5", "0.3.0"]).await {
        arrives_twice(&test, &body).await;
        let items = test.items().await;
        let follower = &items["FOLLOWER#alice@social.example / FOLLOWER"];
        assert!(follower.contains(r#"S("Alice")"#), "{follower}");
    }
}

#[tokio::test]
async fn planned_streams_and_unknown_types_are_accepted_and_change_nothing() {
    for (test, body) in hooks("SCHEDULED_EVENTS", &["develop"]).await {
        let before = test.items().await;
        arrives_twice(&test, &body).await;
        let later: [&[u8]; 4] = [
            br#"{"type":"RAID","eventData":{"id":"x","from":{"deep":[1,2.5,null]}}}"#,
            br#"{"type":"RAID"}"#,
            br#"{"type":"","eventData":null}"#,
            br#"{"type":"VISIBILITY_UPDATE","eventData":{"id":"x","ids":["m"],"visible":true}}"#,
        ];
        for body in later {
            arrives_twice(&test, body).await;
        }
        assert_eq!(test.items().await, before);
    }
}

#[tokio::test]
async fn newer_spelling_of_a_renaming_is_handled() {
    let test = HookTest::signed().await;
    arrives_twice(&test, &event("NAME_CHANGED", &json!({ "id": "", "user": user("ann") }))).await;
    assert_eq!(known_viewers(&test, "ann's name").await, 1);
}
