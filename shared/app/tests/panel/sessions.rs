//! Sessions: how long they last, and what ends them.

use ownchatbot_app::sign_in::{SignIn, sign_out, visitor as look};
use ownchatbot_domain::{Person, Span};
use ownchatbot_testkit::bot::{Bot, signing_key};
use ownchatbot_testkit::builders::person;

use crate::{by_code, by_link, code_to_type, confirm_link_code, invited, setup, signed_in, visitor};

/// Signs `person` in as the session `id`.
async fn session(bot: &Bot, person: &Person, id: &str) {
    let code = code_to_type(bot, id).await;
    bot.answer(person, &format!("!link {code}")).await;
    assert_eq!(signed_in(confirm_link_code(bot, id, id).await).viewer, person.id);
}

#[tokio::test]
async fn unlink_ends_all_sessions_of_that_viewer_only() {
    let (bot, _, ann) = setup().await;
    let bob = person("Bob");
    session(&bot, &ann, "phone").await;
    session(&bot, &ann, "desk").await;
    session(&bot, &bob, "bob").await;
    insta::assert_snapshot!(bot.answer(&ann, "!unlink").await.join("\n"), @"[Ann, every panel of yours is signed out.]");
    assert_eq!((visitor(&bot, "phone").await, visitor(&bot, "desk").await), (None, None));
    assert_eq!(visitor(&bot, "bob").await.as_deref(), Some("Bob"));
    // Signing in again opens a new session, and the old ones stay void.
    session(&bot, &ann, "again").await;
    assert_eq!(visitor(&bot, "again").await.as_deref(), Some("Ann"));
    assert_eq!((visitor(&bot, "phone").await, visitor(&bot, "desk").await), (None, None));
    bot.answer(&ann, "!unlink").await;
    assert_eq!((visitor(&bot, "again").await, visitor(&bot, "phone").await), (None, None));
}

/// A viewer who was lured into typing an attacker's code writes `!unlink`. The attacker must not be signed in
/// after that.
#[tokio::test]
async fn unlink_voids_a_linked_code_that_is_not_yet_used() {
    let (bot, _, ann) = setup().await;
    let code = code_to_type(&bot, "an attacker's panel").await;
    bot.answer(&ann, &format!("!link {code}")).await;
    bot.answer(&ann, "!unlink").await;
    assert_eq!(confirm_link_code(&bot, "an attacker's panel", "session").await, SignIn::Unknown);
    assert_eq!(visitor(&bot, "session").await, None);
}

/// A viewer whose screen is on the stream writes `!unlink` after everybody has seen the whispered secrets.
#[tokio::test]
async fn unlink_voids_whispered_codes_and_links() {
    let (bot, owncast, ann) = setup().await;
    let seen = invited(&bot, &owncast, &ann, "m").await;
    bot.answer(&ann, "!unlink").await;
    let behind = ownchatbot_app::sign_in::preview_link(&bot.context, &signing_key(), &seen.token).await;
    assert_eq!(behind.unwrap(), None);
    assert_eq!(by_code(&bot, &seen.code, "a").await, SignIn::Unknown);
    assert_eq!(by_link(&bot, &seen.token, "b").await, SignIn::Unknown);
    let new = invited(&bot, &owncast, &ann, "n").await;
    signed_in(by_code(&bot, &new.code, "c").await);
    signed_in(by_link(&bot, &new.token, "d").await);
}

/// Sessions and offers of an erased viewer must not be valid for a new viewer with the same id.
#[tokio::test]
async fn old_sessions_do_not_sign_in_a_returned_viewer() {
    let (bot, owncast, ann) = setup().await;
    session(&bot, &ann, "old").await;
    let way = invited(&bot, &owncast, &ann, "m").await;
    // The ledger stays, so the totals do not match.
    bot.table.allow_violations();
    for item in ["PROFILE", "BALANCE"] {
        bot.table.remove("VIEWER#id-Ann", item).await;
    }
    assert_eq!(visitor(&bot, "old").await, None);
    assert_eq!(by_link(&bot, &way.token, "gone").await, SignIn::Unknown);
    bot.clock.push(Span::minutes(1));
    bot.endow(&ann, 100).await;
    assert_eq!(visitor(&bot, "old").await, None);
    assert_eq!(by_code(&bot, &way.code, "new").await, SignIn::Unknown);
}

#[tokio::test]
async fn signing_out_ends_one_session() {
    let (bot, _, ann) = setup().await;
    session(&bot, &ann, "phone").await;
    session(&bot, &ann, "desk").await;
    for _ in 0..2 {
        sign_out(&bot.context, &signing_key(), "phone").await.unwrap();
        assert_eq!(visitor(&bot, "phone").await, None);
        assert_eq!(visitor(&bot, "desk").await.as_deref(), Some("Ann"));
    }
}

#[tokio::test]
async fn unknown_session_id_signs_nobody_in() {
    let (bot, _, ann) = setup().await;
    session(&bot, &ann, "phone").await;
    for id in ["", "Phone", "phone ", "0123456789abcdef0123456789abcdef", "#"] {
        assert_eq!(visitor(&bot, id).await, None, "{id}");
    }
    let another_key = ownchatbot_app::SigningKey::parse("another-signing-key-of-32-characters").unwrap();
    assert!(look(&bot.context, &another_key, "phone").await.unwrap().is_none());
}

#[tokio::test]
async fn unused_session_expires_after_thirty_days() {
    let (bot, _, ann) = setup().await;
    session(&bot, &ann, "used").await;
    session(&bot, &ann, "unused").await;
    let thirty_days = Span::days(30);
    bot.clock.push(Span::from_ms(thirty_days.ms() - 1));
    assert_eq!(visitor(&bot, "used").await.as_deref(), Some("Ann"));
    bot.clock.push(Span::from_ms(1));
    assert_eq!(visitor(&bot, "unused").await, None);
    assert_eq!(visitor(&bot, "used").await.as_deref(), Some("Ann"));
    bot.clock.push(thirty_days);
    assert_eq!(visitor(&bot, "used").await, None);
}

#[tokio::test]
async fn session_is_extended_once_a_day() {
    let (bot, _, ann) = setup().await;
    session(&bot, &ann, "s").await;
    let writes = async |after: Span| {
        bot.clock.push(after);
        bot.faults.reset();
        assert_eq!(visitor(&bot, "s").await.as_deref(), Some("Ann"));
        bot.faults.total() - 2
    };
    let day = Span::days(1).ms();
    let mut counts = Vec::new();
    for after in [0, day - 1, 1, 0, 1000, day - 1001, 1, 3 * day] {
        counts.push(writes(Span::from_ms(after)).await);
    }
    assert_eq!(counts, [0, 0, 1, 0, 0, 0, 1, 1]);
    // The extension is in the table, so it holds in another process too.
    bot.clock.push(Span::from_ms(30 * day - 1));
    assert!(look(&bot.another_process(), &signing_key(), "s").await.unwrap().is_some());
}

#[tokio::test]
async fn ended_session_is_not_extended() {
    let (bot, _, ann) = setup().await;
    session(&bot, &ann, "s").await;
    bot.answer(&ann, "!unlink").await;
    bot.clock.push(Span::days(2));
    bot.faults.reset();
    assert_eq!(visitor(&bot, "s").await, None);
    assert_eq!(bot.faults.requests().keys().cloned().collect::<Vec<_>>(), ["BatchGetItem", "GetItem"]);
}

#[tokio::test]
async fn visitor_has_the_current_name_and_rights() {
    let (bot, _, ann) = setup().await;
    session(&bot, &ann, "s").await;
    let promoted = Person { name: "Anna".to_owned(), moderator: true, ..ann };
    bot.hears("m", &promoted, "hello").await.unwrap();
    bot.endow(&promoted, 42).await;
    let visitor = look(&bot.context, &signing_key(), "s").await.unwrap().unwrap();
    assert_eq!((visitor.person, visitor.loaded.account.balance.get()), (promoted, 42));
}
