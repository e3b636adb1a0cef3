//! When the way in is not whispered.

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
    by_code, code_to_type, confirm_link_code, deliver, done, dropped, dropped_whispers, invited, lane,
    signed_in, world,
};

async fn states(bot: &Bot, id: &str) -> Vec<RowState> {
    bot.store().lane(&lane(id)).await.unwrap().into_iter().map(|row| row.state).collect()
}

async fn due(bot: &Bot) -> usize {
    bot.store().due(bot.now().saturating_add(Span::days(9)), 1000).await.unwrap().len()
}

/// The way in of the message `m` was given up at once and for good.
async fn given_up(bot: &Bot, owncast: &ScriptedOwncast) {
    assert_eq!(states(bot, "m").await, [RowState::Dropped]);
    assert_eq!((dropped_whispers(bot).await, due(bot).await), (1, 0));
    owncast.is_away(false);
    owncast.says_of_connections(Ownership::Theirs);
    owncast.answers(|_| Answer::Confirmed);
    let shown = owncast.shown().len();
    bot.clock.push(Span::minutes(1));
    assert_eq!(deliver(bot, owncast, "m").await, dropped(0));
    assert_eq!(owncast.shown().len(), shown, "nothing comes later");
}

#[tokio::test]
async fn what_is_delivered_ten_seconds_after_the_message_is_not_sent() {
    let (bot, owncast, ann) = world().await;
    bot.hears("m", &ann, "!panel").await.unwrap();
    bot.clock.push(Span::seconds(10));
    assert_eq!(deliver(&bot, &owncast, "m").await, dropped(1));
    assert_eq!((owncast.asked(), owncast.attempts().len()), (0, 0));
    given_up(&bot, &owncast).await;
}

#[tokio::test]
async fn what_is_delivered_a_moment_before_is_sent() {
    let (bot, owncast, ann) = world().await;
    bot.hears("m", &ann, "!panel").await.unwrap();
    bot.clock.push(Span::from_ms(9999));
    assert_eq!(deliver(&bot, &owncast, "m").await, done(1));
    assert_eq!(dropped_whispers(&bot).await, 0);
}

/// The ten seconds begin when the message was typed, wherever the time went.
#[tokio::test]
async fn a_message_that_took_long_leaves_less_time_to_deliver() {
    let (bot, owncast, ann) = world().await;
    for (id, until, expect) in [("in time", 3999, done(1)), ("late", 4000, dropped(1))] {
        let line = chat_line(id, &ann, "!panel", bot.now());
        bot.clock.push(Span::seconds(6));
        chat::on_chat(&bot.context, &line).await.unwrap();
        bot.clock.push(Span::from_ms(until));
        assert_eq!(deliver(&bot, &owncast, id).await, expect, "{id}");
    }
}

#[tokio::test]
async fn an_owncast_whose_clock_is_ahead_gets_no_more_time() {
    let (bot, owncast, ann) = world().await;
    let ahead = chat_line("m", &ann, "!panel", bot.now().saturating_add(Span::minutes(3)));
    chat::on_chat(&bot.context, &ahead).await.unwrap();
    bot.clock.push(Span::seconds(10));
    assert_eq!(deliver(&bot, &owncast, "m").await, dropped(1));
}

/// Nothing is offered in answer to `line`, and the answer holds no secret.
async fn is_told_to_ask_again(bot: &Bot, owncast: &ScriptedOwncast, line: &ChatLine, to: Option<ClientId>) {
    chat::on_chat(&bot.context, line).await.unwrap();
    assert_eq!(deliver(bot, owncast, line.event.id()).await, done(1));
    let again = "Ann, that came too late to be safe. Write !panel again.".to_owned();
    assert_eq!(owncast.take_shown(), [Shown { to, line: again }]);
    let table = format!("{:?}", bot.table.items().await);
    assert!(!table.contains("SIGNIN#"), "{table}");
}

#[tokio::test]
async fn a_message_that_is_old_when_it_comes_offers_nothing() {
    let (bot, owncast, ann) = world().await;
    let line = chat_line("m", &ann, "!panel", bot.now());
    bot.clock.push(Span::seconds(10));
    is_told_to_ask_again(&bot, &owncast, &line, Some(ClientId(7))).await;
}

#[tokio::test]
async fn a_message_that_was_caught_up_offers_nothing_and_is_answered_in_public() {
    let (bot, owncast, ann) = world().await;
    let line = ChatLine { client: None, ..chat_line("m", &ann, "!panel", bot.now()) };
    is_told_to_ask_again(&bot, &owncast, &line, None).await;
}

#[tokio::test]
async fn a_connection_that_is_somebody_elses_by_now_hears_nothing() {
    let (bot, owncast, ann) = world().await;
    owncast.belongs_to(ClientId(7), &person("Bob").id);
    bot.hears("m", &ann, "!panel").await.unwrap();
    assert_eq!(deliver(&bot, &owncast, "m").await, dropped(1));
    assert_eq!((owncast.asked(), owncast.attempts().len()), (1, 0));
    given_up(&bot, &owncast).await;
}

#[tokio::test]
async fn an_owncast_that_cannot_be_asked_is_not_asked_again() {
    let (bot, owncast, ann) = world().await;
    owncast.is_away(true);
    bot.hears("m", &ann, "!panel").await.unwrap();
    assert_eq!(deliver(&bot, &owncast, "m").await, dropped(1));
    assert_eq!((owncast.asked(), owncast.attempts().len()), (1, 0));
    given_up(&bot, &owncast).await;
}

#[tokio::test]
async fn a_whisper_that_owncast_does_not_confirm_is_not_tried_again() {
    for answer in [Answer::Down, Answer::Refused, Answer::Lost] {
        let (bot, owncast, ann) = world().await;
        let script = answer.clone();
        owncast.answers(move |_| script.clone());
        bot.hears("m", &ann, "!panel").await.unwrap();
        assert_eq!(deliver(&bot, &owncast, "m").await, dropped(1), "{answer:?}");
        assert_eq!(owncast.attempts().len(), 1);
        given_up(&bot, &owncast).await;
    }
}

#[tokio::test]
async fn whoever_was_not_reached_asks_again_and_is() {
    let (bot, owncast, ann) = world().await;
    owncast.is_away(true);
    bot.hears("m", &ann, "!panel").await.unwrap();
    deliver(&bot, &owncast, "m").await;
    owncast.is_away(false);
    let way = invited(&bot, &owncast, &ann, "n").await;
    signed_in(by_code(&bot, &way.code, "session").await);
}

/// Owncast 0.1 has no such call.
#[tokio::test]
async fn an_owncast_that_cannot_tell_whose_connection_it_is_gets_no_secret() {
    let (bot, owncast, ann) = world().await;
    owncast.says_of_connections(Ownership::Unknown);
    bot.hears("m", &ann, "!panel").await.unwrap();
    assert_eq!(deliver(&bot, &owncast, "m").await, done(1));
    let [Shown { to, line }] = owncast.shown().try_into().unwrap();
    assert_eq!(to, Some(ClientId(7)));
    insta::assert_snapshot!(line, @"Open the panel under the stream, ask it for a code, and write !link and that code here.");
    assert_eq!((states(&bot, "m").await, dropped_whispers(&bot).await), (vec![RowState::Done], 0));
    // And that way leads in.
    let code = code_to_type(&bot, "seed").await;
    bot.hears("n", &ann, &format!("!link {code}")).await.unwrap();
    signed_in(confirm_link_code(&bot, "seed", "session").await);
}

#[tokio::test]
async fn whoever_is_banned_is_not_heard() {
    let (bot, _, ann) = world().await;
    let code = code_to_type(&bot, "seed").await;
    let banned = Person { banned: true, ..ann };
    for (id, text) in [("m", "!panel".to_owned()), ("n", format!("!link {code}"))] {
        bot.hears(id, &banned, &text).await.unwrap();
        assert_eq!(bot.outbox(&event(id)).await, []);
    }
    assert_eq!(confirm_link_code(&bot, "seed", "session").await, SignIn::Waiting);
}
