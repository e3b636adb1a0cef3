//! Invitations that are not whispered.

use ownchatbot_app::chat;
use ownchatbot_app::event::ChatLine;
use ownchatbot_app::ports::Ownership;
use ownchatbot_app::sign_in::SignIn;
use ownchatbot_domain::{ClientId, Person, Span};
use ownchatbot_store::RowState;
use ownchatbot_testkit::bot::Bot;
use ownchatbot_testkit::builders::{chat_line, event, person};
use ownchatbot_testkit::scripted::{Answer, ScriptedOwncast, Shown};

use crate::{
    by_code, code_to_type, confirm_link_code, deliver, done, dropped, dropped_whispers, invited, lane, setup,
    signed_in,
};

async fn states(bot: &Bot, id: &str) -> Vec<RowState> {
    bot.store().lane(&lane(id)).await.unwrap().into_iter().map(|row| row.state).collect()
}

async fn due(bot: &Bot) -> usize {
    bot.store().due(bot.now().saturating_add(Span::days(9)), 1000).await.unwrap().len()
}

/// Asserts that the invitation of the message `m` was dropped and is not retried.
async fn assert_dropped(bot: &Bot, owncast: &ScriptedOwncast) {
    assert_eq!(states(bot, "m").await, [RowState::Dropped]);
    assert_eq!((dropped_whispers(bot).await, due(bot).await), (1, 0));
    owncast.is_away(false);
    owncast.says_of_connections(Ownership::Theirs);
    owncast.answers(|_| Answer::Confirmed);
    let shown = owncast.shown().len();
    bot.clock.push(Span::minutes(1));
    assert_eq!(deliver(bot, owncast, "m").await, dropped(0));
    assert_eq!(owncast.shown().len(), shown, "nothing is whispered later");
}

#[tokio::test]
async fn invitation_is_dropped_ten_seconds_after_the_message() {
    let (bot, owncast, ann) = setup().await;
    bot.hears("m", &ann, "!panel").await.unwrap();
    bot.clock.push(Span::seconds(10));
    assert_eq!(deliver(&bot, &owncast, "m").await, dropped(1));
    assert_eq!((owncast.asked(), owncast.attempts().len()), (0, 0));
    assert_dropped(&bot, &owncast).await;
}

#[tokio::test]
async fn invitation_is_sent_just_before_ten_seconds() {
    let (bot, owncast, ann) = setup().await;
    bot.hears("m", &ann, "!panel").await.unwrap();
    bot.clock.push(Span::from_ms(9999));
    assert_eq!(deliver(&bot, &owncast, "m").await, done(1));
    assert_eq!(dropped_whispers(&bot).await, 0);
}

/// The ten seconds start when the message was typed, so a slow webhook leaves less time to deliver.
#[tokio::test]
async fn slow_message_leaves_less_time_to_deliver() {
    let (bot, owncast, ann) = setup().await;
    for (id, until, expect) in [("in time", 3999, done(1)), ("late", 4000, dropped(1))] {
        let line = chat_line(id, &ann, "!panel", bot.now());
        bot.clock.push(Span::seconds(6));
        chat::on_chat(&bot.context, &line).await.unwrap();
        bot.clock.push(Span::from_ms(until));
        assert_eq!(deliver(&bot, &owncast, id).await, expect, "{id}");
    }
}

#[tokio::test]
async fn owncast_clock_ahead_adds_no_time() {
    let (bot, owncast, ann) = setup().await;
    let ahead = chat_line("m", &ann, "!panel", bot.now().saturating_add(Span::minutes(3)));
    chat::on_chat(&bot.context, &ahead).await.unwrap();
    bot.clock.push(Span::seconds(10));
    assert_eq!(deliver(&bot, &owncast, "m").await, dropped(1));
}

/// Asserts that `line` gets no offer, and an answer without a secret.
async fn assert_asked_to_repeat(bot: &Bot, owncast: &ScriptedOwncast, line: &ChatLine, to: Option<ClientId>) {
    chat::on_chat(&bot.context, line).await.unwrap();
    assert_eq!(deliver(bot, owncast, line.event.id()).await, done(1));
    let again = "Ann, that came too late to be safe. Write !panel again.".to_owned();
    assert_eq!(owncast.take_shown(), [Shown { to, line: again }]);
    let table = format!("{:?}", bot.table.items().await);
    assert!(!table.contains("SIGNIN#"), "{table}");
}

#[tokio::test]
async fn message_that_arrives_late_gets_no_offer() {
    let (bot, owncast, ann) = setup().await;
    let line = chat_line("m", &ann, "!panel", bot.now());
    bot.clock.push(Span::seconds(10));
    assert_asked_to_repeat(&bot, &owncast, &line, Some(ClientId(7))).await;
}

#[tokio::test]
async fn caught_up_message_gets_no_offer_and_a_public_answer() {
    let (bot, owncast, ann) = setup().await;
    let line = ChatLine { client: None, ..chat_line("m", &ann, "!panel", bot.now()) };
    assert_asked_to_repeat(&bot, &owncast, &line, None).await;
}

#[tokio::test]
async fn connection_of_another_viewer_gets_no_whisper() {
    let (bot, owncast, ann) = setup().await;
    owncast.belongs_to(ClientId(7), &person("Bob").id);
    bot.hears("m", &ann, "!panel").await.unwrap();
    assert_eq!(deliver(&bot, &owncast, "m").await, dropped(1));
    assert_eq!((owncast.asked(), owncast.attempts().len()), (1, 0));
    assert_dropped(&bot, &owncast).await;
}

#[tokio::test]
async fn failed_ownership_check_is_not_retried() {
    let (bot, owncast, ann) = setup().await;
    owncast.is_away(true);
    bot.hears("m", &ann, "!panel").await.unwrap();
    assert_eq!(deliver(&bot, &owncast, "m").await, dropped(1));
    assert_eq!((owncast.asked(), owncast.attempts().len()), (1, 0));
    assert_dropped(&bot, &owncast).await;
}

#[tokio::test]
async fn unconfirmed_invitation_is_not_retried() {
    for answer in [Answer::Down, Answer::Refused, Answer::Lost] {
        let (bot, owncast, ann) = setup().await;
        let script = answer.clone();
        owncast.answers(move |_| script.clone());
        bot.hears("m", &ann, "!panel").await.unwrap();
        assert_eq!(deliver(&bot, &owncast, "m").await, dropped(1), "{answer:?}");
        assert_eq!(owncast.attempts().len(), 1);
        assert_dropped(&bot, &owncast).await;
    }
}

#[tokio::test]
async fn viewer_without_invitation_can_ask_again() {
    let (bot, owncast, ann) = setup().await;
    owncast.is_away(true);
    bot.hears("m", &ann, "!panel").await.unwrap();
    deliver(&bot, &owncast, "m").await;
    owncast.is_away(false);
    let way = invited(&bot, &owncast, &ann, "n").await;
    signed_in(by_code(&bot, &way.code, "session").await);
}

/// Owncast 0.1 has no call for the ownership of a connection.
#[tokio::test]
async fn no_secret_is_whispered_when_ownership_is_unknown() {
    let (bot, owncast, ann) = setup().await;
    owncast.says_of_connections(Ownership::Unknown);
    bot.hears("m", &ann, "!panel").await.unwrap();
    assert_eq!(deliver(&bot, &owncast, "m").await, done(1));
    let [Shown { to, line }] = owncast.shown().try_into().unwrap();
    assert_eq!(to, Some(ClientId(7)));
    insta::assert_snapshot!(line, @"Open the panel under the stream, ask it for a code, and write !link and that code here.");
    assert_eq!((states(&bot, "m").await, dropped_whispers(&bot).await), (vec![RowState::Done], 0));
    // Signing in by the code that the panel shows works.
    let code = code_to_type(&bot, "seed").await;
    bot.hears("n", &ann, &format!("!link {code}")).await.unwrap();
    signed_in(confirm_link_code(&bot, "seed", "session").await);
}

#[tokio::test]
async fn banned_viewer_cannot_sign_in() {
    let (bot, _, ann) = setup().await;
    let code = code_to_type(&bot, "seed").await;
    let banned = Person { banned: true, ..ann };
    for (id, text) in [("m", "!panel".to_owned()), ("n", format!("!link {code}"))] {
        bot.hears(id, &banned, &text).await.unwrap();
        assert_eq!(bot.outbox(&event(id)).await, []);
    }
    assert_eq!(confirm_link_code(&bot, "seed", "session").await, SignIn::Waiting);
}
