//! The code that the panel shows, and that is typed in chat.

use futures_util::future::join_all;
use ownchatbot_app::sign_in::SignIn;
use ownchatbot_domain::Span;
use ownchatbot_testkit::builders::person;

use crate::{by_code, by_link, code_to_type, confirm_link_code, invited, signed_in, visitor, world};

const UNKNOWN: &str = "[Ann, that code is invalid or has expired. Ask the panel for a new one.]";

#[tokio::test]
async fn the_panel_waits_until_its_code_is_typed_and_is_signed_in_once() {
    let (bot, _, ann) = world().await;
    assert_eq!(
        confirm_link_code(&bot, "seed", "session").await,
        SignIn::Unknown,
        "nobody has asked for a code"
    );
    let code = code_to_type(&bot, "seed").await;
    insta::assert_snapshot!(code, @"VHC8-RA6E");
    for _ in 0..2 {
        assert_eq!(confirm_link_code(&bot, "seed", "session").await, SignIn::Waiting);
    }
    assert_eq!(confirm_link_code(&bot, "another seed", "x").await, SignIn::Unknown);
    let told = bot.answer(&ann, &format!("!link {code}")).await.join("\n");
    insta::assert_snapshot!(told, @"[Ann, a panel is signed in as you now. If that was not you, write !unlink: it signs every panel out.]");
    assert_eq!(signed_in(confirm_link_code(&bot, "seed", "session").await).viewer, ann.id);
    assert_eq!(visitor(&bot, "session").await.as_deref(), Some("Ann"));
    assert_eq!(confirm_link_code(&bot, "seed", "another session").await, SignIn::Unknown);
    assert_eq!(visitor(&bot, "another session").await, None);
}

#[tokio::test]
async fn the_code_of_a_panel_is_for_chat_and_lets_nobody_in_by_itself() {
    let (bot, owncast, ann) = world().await;
    let code = code_to_type(&bot, "seed").await;
    assert_eq!(by_code(&bot, &code, "a").await, SignIn::Unknown);
    assert_eq!(by_link(&bot, &code, "b").await, SignIn::Unknown);
    // Nor does a code that was whispered link anything.
    let way = invited(&bot, &owncast, &ann, "m").await;
    assert_eq!(bot.answer(&ann, &format!("!link {}", way.code)).await, [UNKNOWN]);
    signed_in(by_code(&bot, &way.code, "c").await);
}

#[tokio::test]
async fn a_code_is_linked_however_it_is_typed() {
    let (bot, _, ann) = world().await;
    let typed: [fn(&str) -> String; 3] =
        [|code| code.to_lowercase(), |code| code.replace('-', " "), |code| format!("  {code}  ")];
    for (n, typed) in typed.into_iter().enumerate() {
        let seed = format!("seed {n}");
        let typed = typed(&code_to_type(&bot, &seed).await);
        bot.answer(&ann, &format!("!link {typed}")).await;
        assert!(matches!(confirm_link_code(&bot, &seed, &seed).await, SignIn::Done(_)), "{typed}");
    }
}

#[tokio::test]
async fn whoever_types_it_second_is_refused() {
    let (bot, _, ann) = world().await;
    let code = code_to_type(&bot, "seed").await;
    bot.answer(&person("Bob"), &format!("!link {code}")).await;
    assert_eq!(bot.answer(&ann, &format!("!link {code}")).await, [UNKNOWN]);
    assert_eq!(signed_in(confirm_link_code(&bot, "seed", "session").await).viewer, person("Bob").id);
    assert_eq!(bot.answer(&ann, &format!("!link {code}")).await, [UNKNOWN]);
}

#[tokio::test]
async fn of_many_who_type_it_together_one_is_signed_in() {
    let (bot, ..) = world().await;
    let people = ownchatbot_testkit::builders::crowd(8);
    for person in &people {
        bot.endow(person, 100).await;
    }
    let line = format!("!link {}", code_to_type(&bot, "seed").await);
    let answers = join_all(people.iter().map(|person| bot.answer(person, &line))).await;
    let linked = |lines: &Vec<String>| lines.concat().contains("a panel is signed in as you now");
    assert_eq!(answers.iter().filter(|lines| linked(lines)).count(), 1, "{answers:?}");
    let winner = answers.iter().position(linked).unwrap();
    assert_eq!(signed_in(confirm_link_code(&bot, "seed", "session").await).viewer, people[winner].id);
}

#[tokio::test]
async fn codes_that_are_unknown_or_too_old_are_refused() {
    let (bot, _, ann) = world().await;
    let code = code_to_type(&bot, "seed").await;
    let line = format!("!link {code}");
    for unknown in ["!link ABCD-EFGH", "!link hello", "!link 日本語日本語日本"] {
        assert_eq!(bot.answer(&ann, unknown).await, [UNKNOWN], "{unknown}");
    }
    bot.clock.push(Span::from_ms(5 * 60_000 - 1));
    assert_eq!(confirm_link_code(&bot, "seed", "session").await, SignIn::Waiting);
    bot.clock.push(Span::from_ms(1));
    assert_eq!(confirm_link_code(&bot, "seed", "session").await, SignIn::Unknown);
    assert_eq!(bot.answer(&ann, &line).await, [UNKNOWN]);
    assert_eq!(confirm_link_code(&bot, "seed", "session").await, SignIn::Unknown);
}

#[tokio::test]
async fn a_code_that_was_typed_at_the_last_moment_signs_in_a_moment_later() {
    let (bot, _, ann) = world().await;
    let code = code_to_type(&bot, "seed").await;
    bot.clock.push(Span::from_ms(5 * 60_000 - 1));
    bot.answer(&ann, &format!("!link {code}")).await;
    bot.clock.push(Span::seconds(3));
    signed_in(confirm_link_code(&bot, "seed", "session").await);
}

#[tokio::test]
async fn a_panel_that_asks_again_has_its_time_again() {
    let (bot, _, ann) = world().await;
    let code = code_to_type(&bot, "seed").await;
    for wait in [Span::minutes(4), Span::minutes(6)] {
        bot.clock.push(wait);
        assert_eq!(code_to_type(&bot, "seed").await, code);
        assert_eq!(confirm_link_code(&bot, "seed", "session").await, SignIn::Waiting);
    }
    bot.clock.push(Span::minutes(4));
    bot.answer(&ann, &format!("!link {code}")).await;
    // Asking once more does not undo what was typed.
    assert_eq!(code_to_type(&bot, "seed").await, code);
    assert_eq!(signed_in(confirm_link_code(&bot, "seed", "session").await).viewer, ann.id);
}

#[tokio::test]
async fn how_it_works_is_told_to_whoever_types_no_code() {
    let (bot, _, ann) = world().await;
    insta::assert_snapshot!(bot.answer(&ann, "!link").await.join("\n"), @"[Ann, open the panel under the stream, ask it for a code, and write !link and that code here.]");
}
