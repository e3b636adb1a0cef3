//! The code that the panel shows and the viewer types in chat.

use futures_util::future::join_all;
use ownchatbot_app::sign_in::SignIn;
use ownchatbot_domain::Span;
use ownchatbot_testkit::builders::person;

use crate::{by_code, by_link, code_to_type, confirm_link_code, invited, setup, signed_in, visitor};

const UNKNOWN: &str = "[Ann, that code is invalid or has expired. Ask the panel for a new one.]";

#[tokio::test]
async fn panel_waits_for_its_code_and_is_signed_in_once() {
    let (bot, _, ann) = setup().await;
    assert_eq!(confirm_link_code(&bot, "seed", "session").await, SignIn::Unknown, "no code was requested");
    let code = code_to_type(&bot, "seed").await;
    insta::assert_snapshot!(code, @"VHC8-RA6E");
    for _ in 0..2 {
        assert_eq!(confirm_link_code(&bot, "seed", "session").await, SignIn::Waiting);
    }
    assert_eq!(confirm_link_code(&bot, "another seed", "x").await, SignIn::Unknown);
    let answer = bot.answer(&ann, &format!("!link {code}")).await.join("\n");
    insta::assert_snapshot!(answer, @"[Ann, a panel is signed in as you now. If that was not you, write !unlink: it signs every panel out.]");
    assert_eq!(signed_in(confirm_link_code(&bot, "seed", "session").await).viewer, ann.id);
    assert_eq!(visitor(&bot, "session").await.as_deref(), Some("Ann"));
    assert_eq!(confirm_link_code(&bot, "seed", "another session").await, SignIn::Unknown);
    assert_eq!(visitor(&bot, "another session").await, None);
}

#[tokio::test]
async fn panel_code_signs_in_only_through_chat() {
    let (bot, owncast, ann) = setup().await;
    let code = code_to_type(&bot, "seed").await;
    assert_eq!(by_code(&bot, &code, "a").await, SignIn::Unknown);
    assert_eq!(by_link(&bot, &code, "b").await, SignIn::Unknown);
    // A whispered code cannot be used with !link either.
    let way = invited(&bot, &owncast, &ann, "m").await;
    assert_eq!(bot.answer(&ann, &format!("!link {}", way.code)).await, [UNKNOWN]);
    signed_in(by_code(&bot, &way.code, "c").await);
}

#[tokio::test]
async fn link_code_ignores_case_and_dashes() {
    let (bot, _, ann) = setup().await;
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
async fn second_viewer_with_the_same_code_is_refused() {
    let (bot, _, ann) = setup().await;
    let code = code_to_type(&bot, "seed").await;
    bot.answer(&person("Bob"), &format!("!link {code}")).await;
    assert_eq!(bot.answer(&ann, &format!("!link {code}")).await, [UNKNOWN]);
    assert_eq!(signed_in(confirm_link_code(&bot, "seed", "session").await).viewer, person("Bob").id);
    assert_eq!(bot.answer(&ann, &format!("!link {code}")).await, [UNKNOWN]);
}

#[tokio::test]
async fn one_of_many_concurrent_viewers_is_linked() {
    let (bot, ..) = setup().await;
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
async fn unknown_and_expired_codes_are_refused() {
    let (bot, _, ann) = setup().await;
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
async fn code_typed_just_before_expiry_signs_in_afterwards() {
    let (bot, _, ann) = setup().await;
    let code = code_to_type(&bot, "seed").await;
    bot.clock.push(Span::from_ms(5 * 60_000 - 1));
    bot.answer(&ann, &format!("!link {code}")).await;
    bot.clock.push(Span::seconds(3));
    signed_in(confirm_link_code(&bot, "seed", "session").await);
}

#[tokio::test]
async fn repeated_request_extends_the_code() {
    let (bot, _, ann) = setup().await;
    let code = code_to_type(&bot, "seed").await;
    for wait in [Span::minutes(4), Span::minutes(6)] {
        bot.clock.push(wait);
        assert_eq!(code_to_type(&bot, "seed").await, code);
        assert_eq!(confirm_link_code(&bot, "seed", "session").await, SignIn::Waiting);
    }
    bot.clock.push(Span::minutes(4));
    bot.answer(&ann, &format!("!link {code}")).await;
    // Another request does not undo the link.
    assert_eq!(code_to_type(&bot, "seed").await, code);
    assert_eq!(signed_in(confirm_link_code(&bot, "seed", "session").await).viewer, ann.id);
}

#[tokio::test]
async fn link_without_a_code_explains_how_it_works() {
    let (bot, _, ann) = setup().await;
    insta::assert_snapshot!(bot.answer(&ann, "!link").await.join("\n"), @"[Ann, open the panel under the stream, ask it for a code, and write !link and that code here.]");
}
