//! Repeated events, several processes, and lost responses of the table.

use futures_util::future::join_all;
use ownchatbot_app::chat;
use ownchatbot_app::sign_in::{self, SignIn};
use ownchatbot_app::{AppError, Outcome};
use ownchatbot_testkit::bot::signing_key;
use ownchatbot_testkit::builders::chat_line;
use ownchatbot_testkit::faults::Fault;

use crate::{by_code, by_link, deliver_by, done, invitation, invited, setup, signed_in, visitor};

/// The keys of the sign-in offers in the table.
async fn offers(bot: &ownchatbot_testkit::bot::Bot) -> Vec<String> {
    let items = bot.table.items().await.into_iter();
    let keys = items.filter_map(|item| item["pk"].as_s().ok().cloned());
    keys.filter(|pk| pk.starts_with("SIGNIN#")).collect()
}

#[tokio::test]
async fn repeated_message_makes_one_offer_per_proof() {
    let (bot, owncast, ann) = setup().await;
    let line = chat_line("m", &ann, "!panel", bot.now());
    let processes = [bot.another_process(), bot.another_process(), bot.another_process()];
    let copies = processes.iter().chain(&processes).map(|process| chat::on_chat(process, &line));
    let outcomes: Vec<Outcome> = join_all(copies).await.into_iter().map(Result::unwrap).collect();
    assert_eq!(outcomes.iter().filter(|outcome| **outcome == Outcome::Done).count(), 1, "{outcomes:?}");
    assert_eq!((offers(&bot).await.len(), bot.outbox(&line.event).await.len()), (2, 1));
    assert_eq!(deliver_by(&processes[0], &bot, &owncast, "m").await, done(1));
    let way = invitation(&owncast.lines()[0]);
    signed_in(by_code(&bot, &way.code, "a").await);
    // A late repeat does not restore a proof that was used up.
    assert_eq!(chat::on_chat(&processes[1], &line).await.unwrap(), Outcome::Duplicate);
    assert_eq!(by_code(&bot, &way.code, "b").await, SignIn::Unknown);
    assert_eq!(offers(&bot).await.len(), 1);
}

#[tokio::test]
async fn every_process_whispers_the_same_secrets() {
    let (bot, owncast, ann) = setup().await;
    for (id, process) in [("1", bot.another_process()), ("2", bot.another_process())] {
        chat::on_chat(&process, &chat_line(id, &ann, "!panel", bot.now())).await.unwrap();
        // The process restarts before the delivery, so only the event and the signing key are left.
        drop(process);
        let _ = owncast.take_shown();
        assert_eq!(deliver_by(&bot.another_process(), &bot, &owncast, id).await, done(1));
        let way = invitation(&owncast.lines()[0]);
        signed_in(by_code(&bot, &way.code, &format!("code {id}")).await);
        signed_in(by_link(&bot, &way.token, &format!("link {id}")).await);
    }
}

#[tokio::test]
async fn concurrent_sign_ins_with_one_proof_open_one_session() {
    let (bot, owncast, ann) = setup().await;
    let way = invited(&bot, &owncast, &ann, "m").await;
    let ids: Vec<String> = (0..16).map(|n| format!("session {n}")).collect();
    let tries = ids.iter().map(|id| by_link(&bot, &way.token, id));
    let outcomes = join_all(tries).await;
    let opened: Vec<bool> = outcomes.iter().map(|outcome| matches!(outcome, SignIn::Done(_))).collect();
    assert_eq!(opened.iter().filter(|opened| **opened).count(), 1, "{outcomes:?}");
    for (id, opened) in ids.iter().zip(opened) {
        assert_eq!(visitor(&bot, id).await.is_some(), opened);
    }
}

#[tokio::test]
async fn sign_in_with_a_lost_response_succeeds() {
    let (bot, owncast, ann) = setup().await;
    let way = invited(&bot, &owncast, &ann, "m").await;
    let mut lost = 0;
    // All attempts that the SDK makes by itself.
    let plan = move |operation: &str| {
        lost += u32::from(operation == "TransactWriteItems");
        (operation == "TransactWriteItems" && lost <= 3).then_some(Fault::LostAnswer)
    };
    bot.faults.plan(plan);
    let session = signed_in(by_code(&bot, &way.code, "session").await);
    assert_eq!((session.viewer, visitor(&bot, "session").await.as_deref()), (ann.id, Some("Ann")));
    assert_eq!(bot.faults.happened(), 3);
    // No other session can be opened with the same proof.
    bot.faults.stop();
    assert_eq!(by_code(&bot, &way.code, "another").await, SignIn::Unknown);
}

#[tokio::test]
async fn unreachable_table_signs_nobody_in_and_uses_no_proof_up() {
    let (mut bot, owncast, ann) = setup().await;
    let way = invited(&bot, &owncast, &ann, "m").await;
    bot.context.deadline = std::time::Duration::from_millis(100);
    bot.faults.plan(|operation| (operation == "TransactWriteItems").then_some(Fault::Conflict));
    let failed = sign_in::by_link(&bot.context, &signing_key(), &way.token, "session").await;
    assert!(matches!(failed, Err(AppError::Contended { .. })), "{failed:?}");
    assert_eq!(visitor(&bot, "session").await, None);
    bot.faults.stop();
    signed_in(by_link(&bot, &way.token, "session").await);
}
