//! The whispered link and code.

use ownchatbot_app::sign_in::{SignIn, preview_link};
use ownchatbot_domain::config::Section;
use ownchatbot_domain::settings::{Answers, ChatSettings};
use ownchatbot_domain::{ClientId, Span};
use ownchatbot_testkit::bot::{Bot, signing_key};
use ownchatbot_testkit::builders::person;
use ownchatbot_testkit::scripted::Shown;

use crate::{by_code, by_link, deliver, done, invitation, invited, set, setup, signed_in, visitor};

#[tokio::test]
async fn panel_command_whispers_a_link_and_a_code() {
    let (bot, owncast, ann) = setup().await;
    bot.hears("m", &ann, "!panel").await.unwrap();
    assert_eq!(owncast.attempts().len(), 0, "nothing is whispered before the commit");
    assert_eq!(deliver(&bot, &owncast, "m").await, done(1));
    let [Shown { to, line }] = owncast.shown().try_into().unwrap();
    assert_eq!(to, Some(ClientId(7)));
    insta::assert_snapshot!(line, @"[Open your panel](https://bot.example/userpanel/enter/e6191342c33a863298de8360e86b00fb), or type the code QMAP-NZZ2 in the panel under the stream. Both are only for you, and work once within 5 minutes.");
}

#[tokio::test]
async fn invitation_has_no_link_without_a_public_url() {
    let (bot, owncast, ann) = setup().await;
    set(&bot, Section::Address { public_url: None, owncast_url: None }).await;
    bot.hears("m", &ann, "!panel").await.unwrap();
    deliver(&bot, &owncast, "m").await;
    let line = owncast.lines().remove(0);
    insta::assert_snapshot!(line, @"Type the code QMAP-NZZ2 in the panel under the stream. It is only for you, and works once within 5 minutes.");
    let code = line.split(' ').nth(3).unwrap();
    signed_in(by_code(&bot, code, "session").await);
}

#[tokio::test]
async fn invitation_is_whispered_even_if_answers_are_public() {
    let (bot, owncast, ann) = setup().await;
    set(&bot, Section::Chat(ChatSettings { answers: Answers::Public, ..ChatSettings::default() })).await;
    invited(&bot, &owncast, &ann, "m").await;
    assert_eq!(owncast.shown()[0].to, Some(ClientId(7)));
}

#[tokio::test]
async fn code_and_link_work_once_each_independently() {
    for code_first in [true, false] {
        let (bot, owncast, ann) = setup().await;
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
async fn preview_names_the_viewer_and_keeps_the_link() {
    let (bot, owncast, ann) = setup().await;
    let way = invited(&bot, &owncast, &ann, "m").await;
    let behind = async |token: &str| {
        let person = preview_link(&bot.context, &signing_key(), token).await.unwrap();
        person.map(|person| person.name)
    };
    for _ in 0..3 {
        assert_eq!(behind(&way.token).await.as_deref(), Some("Ann"));
    }
    // Neither a code nor the text of a link is a link's token.
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
async fn code_and_link_expire_after_five_minutes() {
    let nearly = Span::from_ms(5 * 60_000 - 1);
    let (bot, owncast, ann) = setup().await;
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
async fn whispered_code_ignores_case_and_dashes() {
    let (bot, owncast, ann) = setup().await;
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
async fn each_request_gets_its_own_working_invitation() {
    let (bot, owncast, ann) = setup().await;
    let (one, two) = (invited(&bot, &owncast, &ann, "1").await, invited(&bot, &owncast, &ann, "2").await);
    assert!(one.code != two.code && one.token != two.token);
    let bobs = invited(&bot, &owncast, &person("Bob"), "3").await;
    assert_eq!(signed_in(by_code(&bot, &bobs.code, "bob").await).viewer, person("Bob").id);
    signed_in(by_code(&bot, &two.code, "a").await);
    signed_in(by_code(&bot, &one.code, "b").await);
    assert_eq!(visitor(&bot, "bob").await.as_deref(), Some("Bob"));
}

/// I7: the content of the table does not let its reader sign in.
#[tokio::test]
async fn table_contains_no_usable_secret() {
    let (bot, owncast, ann) = setup().await;
    let way = invited(&bot, &owncast, &ann, "m").await;
    signed_in(by_code(&bot, &way.code, "the id of the session").await);
    by_code(&bot, "ABCD-EFGH", "nobody").await;
    let seed = "the seed of a panel";
    let shown = crate::code_to_type(&bot, seed).await;
    let table = format!("{:?}", bot.table.items().await);
    let bare = way.code.replace('-', "");
    let secrets = [&way.token, &way.code, &bare, "the id of the session", seed, &shown, "192.0.2.1"];
    for secret in secrets {
        assert!(!table.contains(secret), "{secret} is in the table");
    }
    assert!(table.contains("SIGNIN#") && table.contains("SESSION#") && table.contains("WRONG#"));
}

#[tokio::test]
async fn panel_is_refused_without_a_signing_key() {
    let mut bot = Bot::new().await;
    bot.context.signing = None;
    let ann = person("Ann");
    insta::assert_snapshot!(bot.answer(&ann, "!panel").await.join("\n"), @"[Ann, the panel is not set up here yet.]");
    insta::assert_snapshot!(bot.answer(&ann, "!link ABCD-EFGH").await.join("\n"), @"[Ann, that code is invalid or has expired. Ask the panel for a new one.]");
}

#[tokio::test]
async fn new_viewer_is_added_and_invited_at_once() {
    let (bot, owncast, _) = setup().await;
    let zoe = person("Zoë");
    let way = invited(&bot, &owncast, &zoe, "m").await;
    signed_in(by_code(&bot, &way.code, "session").await);
    assert_eq!(visitor(&bot, "session").await.as_deref(), Some("Zoë"));
    assert_eq!(bot.balance(&zoe.id).await, 100, "the viewer got the welcome points");
    assert_eq!(invitation(&owncast.lines()[0]), way);
}
