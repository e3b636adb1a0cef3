//! The link and the code that are whispered.

use ownchatbot_app::sign_in::{SignIn, preview_link};
use ownchatbot_domain::config::Section;
use ownchatbot_domain::settings::{Answers, ChatSettings};
use ownchatbot_domain::{ClientId, Span};
use ownchatbot_testkit::bot::{Bot, signing_key};
use ownchatbot_testkit::builders::person;
use ownchatbot_testkit::scripted::Shown;

use crate::{by_code, by_link, deliver, done, invitation, invited, set, signed_in, visitor, world};

#[tokio::test]
async fn whoever_asks_in_chat_is_whispered_a_link_and_a_code() {
    let (bot, owncast, ann) = world().await;
    bot.hears("m", &ann, "!panel").await.unwrap();
    assert_eq!(owncast.attempts().len(), 0, "nothing is said before it is committed");
    assert_eq!(deliver(&bot, &owncast, "m").await, done(1));
    let [Shown { to, line }] = owncast.shown().try_into().unwrap();
    assert_eq!(to, Some(ClientId(7)));
    insta::assert_snapshot!(line, @"[Open your panel](https://bot.example/userpanel/enter/e6191342c33a863298de8360e86b00fb), or type the code QMAP-NZZ2 in the panel under the stream. Both are only for you, and work once within 5 minutes.");
}

#[tokio::test]
async fn where_nobody_knows_the_address_there_is_a_code_and_no_link() {
    let (bot, owncast, ann) = world().await;
    set(&bot, Section::Address { public_url: None, owncast_url: None }).await;
    bot.hears("m", &ann, "!panel").await.unwrap();
    deliver(&bot, &owncast, "m").await;
    let line = owncast.lines().remove(0);
    insta::assert_snapshot!(line, @"Type the code QMAP-NZZ2 in the panel under the stream. It is only for you, and works once within 5 minutes.");
    let code = line.split(' ').nth(3).unwrap();
    signed_in(by_code(&bot, code, "session").await);
}

#[tokio::test]
async fn the_way_in_is_whispered_even_where_answers_are_public() {
    let (bot, owncast, ann) = world().await;
    set(&bot, Section::Chat(ChatSettings { answers: Answers::Public, ..ChatSettings::default() })).await;
    invited(&bot, &owncast, &ann, "m").await;
    assert_eq!(owncast.shown()[0].to, Some(ClientId(7)));
}

#[tokio::test]
async fn code_and_link_work_once_each_and_neither_uses_up_the_other() {
    for code_first in [true, false] {
        let (bot, owncast, ann) = world().await;
        let way = invited(&bot, &owncast, &ann, "m").await;
        for (n, by_code_now) in [code_first, !code_first].into_iter().enumerate() {
            for again in [false, true] {
                let id = format!("session {n} {again}");
                let outcome = if by_code_now {
                    by_code(&bot, &way.code, &id).await
                } else {
                    by_link(&bot, &way.token, &id).await
                };
                if again {
                    assert_eq!(outcome, SignIn::Unknown);
                    assert_eq!(visitor(&bot, &id).await, None);
                } else {
                    assert_eq!(signed_in(outcome).viewer, ann.id);
                    assert_eq!(visitor(&bot, &id).await.as_deref(), Some("Ann"));
                }
            }
        }
    }
}

#[tokio::test]
async fn a_link_tells_whom_it_signs_in_and_is_not_used_up_by_looking() {
    let (bot, owncast, ann) = world().await;
    let way = invited(&bot, &owncast, &ann, "m").await;
    let behind = async |token: &str| {
        let person = preview_link(&bot.context, &signing_key(), token).await.unwrap();
        person.map(|person| person.name)
    };
    for _ in 0..3 {
        assert_eq!(behind(&way.token).await.as_deref(), Some("Ann"));
    }
    // A code is for typing, and no link; nor is the text of one.
    for other in [way.code.as_str(), "", "0123456789abcdef0123456789abcdef", "ÄÖÜ #"] {
        assert_eq!(behind(other).await, None, "{other}");
        if other != way.code {
            assert_eq!(by_link(&bot, other, "session").await, SignIn::Unknown);
        }
    }
    signed_in(by_link(&bot, &way.token, "session").await);
    assert_eq!(behind(&way.token).await, None);
}

#[tokio::test]
async fn both_are_over_five_minutes_after_they_were_asked_for() {
    let nearly = Span::from_ms(5 * 60_000 - 1);
    let (bot, owncast, ann) = world().await;
    let early = invited(&bot, &owncast, &ann, "early").await;
    bot.clock.push(nearly);
    signed_in(by_code(&bot, &early.code, "a").await);
    signed_in(by_link(&bot, &early.token, "b").await);
    let late = invited(&bot, &owncast, &ann, "late").await;
    bot.clock.push(nearly);
    assert!(preview_link(&bot.context, &signing_key(), &late.token).await.unwrap().is_some());
    bot.clock.push(Span::from_ms(1));
    assert_eq!(preview_link(&bot.context, &signing_key(), &late.token).await.unwrap(), None);
    assert_eq!(by_code(&bot, &late.code, "c").await, SignIn::Unknown);
    assert_eq!(by_link(&bot, &late.token, "d").await, SignIn::Unknown);
    assert_eq!((visitor(&bot, "c").await, visitor(&bot, "d").await), (None, None));
}

#[tokio::test]
async fn a_code_works_however_it_is_typed() {
    let (bot, owncast, ann) = world().await;
    let typed: [fn(&str) -> String; 5] = [
        |code| code.to_lowercase(),
        |code| code.replace('-', ""),
        |code| code.replace('-', " "),
        |code| format!("  {}\n", code.replace('-', "–").to_lowercase()),
        |code| code.chars().map(|c| format!("{c} ")).collect(),
    ];
    for (n, typed) in typed.into_iter().enumerate() {
        let way = invited(&bot, &owncast, &ann, &format!("m{n}")).await;
        let typed = typed(&way.code);
        assert!(matches!(by_code(&bot, &typed, &format!("s{n}")).await, SignIn::Done(_)), "{typed}");
    }
}

#[tokio::test]
async fn each_question_gets_its_own_and_all_of_them_work() {
    let (bot, owncast, ann) = world().await;
    let (one, two) = (invited(&bot, &owncast, &ann, "1").await, invited(&bot, &owncast, &ann, "2").await);
    assert!(one.code != two.code && one.token != two.token);
    let bobs = invited(&bot, &owncast, &person("Bob"), "3").await;
    assert_eq!(signed_in(by_code(&bot, &bobs.code, "bob").await).viewer, person("Bob").id);
    signed_in(by_code(&bot, &two.code, "a").await);
    signed_in(by_code(&bot, &one.code, "b").await);
    assert_eq!(visitor(&bot, "bob").await.as_deref(), Some("Bob"));
}

/// I7. What is in the table is worth nothing to whoever reads it.
#[tokio::test]
async fn nothing_in_the_table_lets_anybody_in() {
    let (bot, owncast, ann) = world().await;
    let way = invited(&bot, &owncast, &ann, "m").await;
    signed_in(by_code(&bot, &way.code, "the id of the session").await);
    by_code(&bot, "ABCD-EFGH", "nobody").await;
    let seed = "the seed of a panel";
    let shown = crate::code_to_type(&bot, seed).await;
    let table = format!("{:?}", bot.table.items().await);
    let bare = way.code.replace('-', "");
    let secrets = [&way.token, &way.code, &bare, "the id of the session", seed, &shown, "192.0.2.1"];
    for secret in secrets {
        assert!(!table.contains(secret), "{secret} lies in the table");
    }
    assert!(table.contains("SIGNIN#") && table.contains("SESSION#") && table.contains("WRONG#"));
}

#[tokio::test]
async fn a_bot_without_a_key_says_that_there_is_no_panel() {
    let mut bot = Bot::new().await;
    bot.context.signing = None;
    let ann = person("Ann");
    insta::assert_snapshot!(bot.answer(&ann, "!panel").await.join("\n"), @"[Ann, the panel is not set up here yet.]");
    insta::assert_snapshot!(bot.answer(&ann, "!link ABCD-EFGH").await.join("\n"), @"[Ann, that code is invalid or has expired. Ask the panel for a new one.]");
}

#[tokio::test]
async fn a_stranger_is_met_and_gets_the_panel_at_once() {
    let (bot, owncast, _) = world().await;
    let zoe = person("Zoë");
    let way = invited(&bot, &owncast, &zoe, "m").await;
    signed_in(by_code(&bot, &way.code, "session").await);
    assert_eq!(visitor(&bot, "session").await.as_deref(), Some("Zoë"));
    assert_eq!(bot.balance(&zoe.id).await, 100, "and welcomed");
    assert_eq!(invitation(&owncast.lines()[0]), way);
}
