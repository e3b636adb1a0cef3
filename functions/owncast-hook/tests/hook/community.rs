//! Commands of viewers and moderators that concern each other, through the hook.

use ownchatbot_domain::config::Section;
use ownchatbot_domain::line::Line;
use ownchatbot_domain::phrase::{Find, Phrase};
use ownchatbot_domain::reward::Access;
use ownchatbot_domain::{Effect, PhraseId, Span};
use ownchatbot_store::Commit;
use ownchatbot_testkit::builders;
use ownchatbot_testkit::configure::save_section;
use serde_json::{Value, json};

use crate::harness::{HookTest, chat, event, user};

/// A chat message of `user`.
fn says(message: &str, user: &Value, text: &str) -> Vec<u8> {
    event("CHAT", &json!({ "id": message, "clientId": 7, "user": user, "rawBody": text, "body": text }))
}

async fn arrives(test: &HookTest, body: &[u8]) {
    assert_eq!(test.post(body).await.status, 200);
}

async fn listening_for(test: &HookTest, words: &str) {
    let phrase = Phrase {
        id: PhraseId::new("p").unwrap(),
        find: Find::words(words).unwrap(),
        cooldown: Span::ZERO,
        access: Access::Everybody,
        answer: Line::new("Hello {name}").unwrap(),
    };
    assert_eq!(
        save_section(&test.table.store, &Section::Phrases(vec![phrase]), 0).await.unwrap(),
        Commit::Applied
    );
}

#[tokio::test]
async fn give_moves_points_between_two_viewers() {
    let test = HookTest::signed().await;
    arrives(&test, &chat("1", "bob", "hello")).await;
    arrives(&test, &chat("2", "ann", "!give \"bob's name\" 30")).await;
    assert_eq!(test.effects("2").await, [Effect::Say("ann's name gave bob's name 30 points.".to_owned())]);
    assert_eq!((test.balance("ann").await, test.balance("bob").await), (70, 130));
}

#[tokio::test]
async fn moderator_sets_a_timer() {
    let test = HookTest::signed().await;
    let mut meg = user("meg");
    meg["scopes"] = json!(["MODERATOR"]);
    arrives(&test, &says("1", &meg, "!timer 5m pizza")).await;
    let effects = test.effects("1").await;
    let [Effect::Say(line), Effect::Schedule(_)] = effects.as_slice() else { panic!("{effects:?}") };
    assert_eq!(line, "Timer pizza ends in 5:00.");
    assert_eq!(test.table.store.timers().await.unwrap().running.len(), 1);
}

#[tokio::test]
async fn phrase_in_chat_is_answered_once() {
    let test = HookTest::signed().await;
    listening_for(&test, "hello").await;
    for _ in 0..2 {
        arrives(&test, &chat("1", "ann", "well, HELLO there")).await;
    }
    assert_eq!(test.effects("1").await, [Effect::Say("Hello ann's name".to_owned())]);
}

#[tokio::test]
async fn hiding_a_message_hides_its_note_in_every_spelling() {
    for (kind, ids, visible) in [
        ("VISIBILITY-UPDATE", "ids", "visible"),
        ("VISIBILITY_UPDATE", "ids", "visible"),
        ("VISIBILITY-UPDATE", "MessageIDs", "Visible"),
    ] {
        let test = HookTest::signed().await;
        arrives(&test, &chat("rude", "ann", "!song something rude")).await;
        let change =
            |id: &str, shown: bool| event(kind, &json!({ "id": id, ids: ["other", "rude"], visible: shown }));
        let hidden =
            async || test.table.store.waiting(10).await.unwrap().pop().map(|entry| entry.note_hidden);
        assert_eq!(hidden().await, Some(false));
        arrives(&test, &change("v1", false)).await;
        assert_eq!(hidden().await, Some(true), "{kind} {ids}");
        arrives(&test, &change("v2", true)).await;
        assert_eq!(hidden().await, Some(false), "{kind} {ids}");
    }
}

#[tokio::test]
async fn banned_viewers_earn_and_spend_nothing_and_get_no_answer() {
    let test = HookTest::signed().await;
    listening_for(&test, "hello").await;
    arrives(&test, &chat("before", "eve", "hi")).await;
    arrives(&test, &chat("bob", "bob", "hi")).await;
    let mut eve = user("eve");
    eve["disabledAt"] = "2026-09-10T18:00:00Z".into();
    eve["scopes"] = json!(["MODERATOR"]);
    arrives(&test, &event("USER_JOINED", &json!({ "id": "j", "user": eve.clone() }))).await;
    let before = test.items().await;
    for (n, text) in [
        "hello",
        "!points",
        "!song a song",
        "!give \"bob's name\" 50",
        "!timer 5m",
        "!top off",
        "!addpoints \"eve's name\" 50",
        "!pointz",
    ]
    .into_iter()
    .enumerate()
    {
        arrives(&test, &says(&format!("m{n}"), &eve, text)).await;
    }
    assert_eq!(test.items().await, before, "nothing is spent, answered or scheduled");
    // Others cannot give them points either.
    arrives(&test, &chat("gift", "bob", "!give \"eve's name\" 50")).await;
    let refused = "bob's name, eve's name is banned and cannot get points.".to_owned();
    let expect = Effect::Whisper { client: ownchatbot_domain::ClientId(7), line: refused };
    assert_eq!(test.effects("gift").await, [expect]);
    assert_eq!((test.balance("eve").await, test.balance("bob").await), (100, 100));
    // An unknown viewer who is banned already is not created.
    let mut mallory = user("mallory");
    mallory["disabledAt"] = "2026-09-10T18:00:00Z".into();
    arrives(&test, &says("x", &mallory, "!points")).await;
    assert!(test.viewer("mallory").await.profile.is_none());
    assert!(test.table.store.outbox_rows(&builders::event("x")).await.unwrap().is_empty());
}
