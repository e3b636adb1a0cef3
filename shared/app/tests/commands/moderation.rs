//! Messages that moderators hide: the notes of their redemptions are hidden with them.

use ownchatbot_app::live::public_snapshot;
use ownchatbot_app::{Outcome, OwncastEvent, on_event, queue};
use ownchatbot_domain::{Person, RedemptionKey, Span, Status};
use ownchatbot_testkit::bot::Bot;
use ownchatbot_testkit::builders::{event, person};

/// Ann has redeemed a song with the message `m`, and nobody has hidden it.
async fn redeemed() -> (Bot, Person) {
    let (bot, ann) = (Bot::new().await, person("Ann"));
    bot.endow(&ann, 500).await;
    bot.hears("m", &ann, "!song something rude").await.unwrap();
    assert_eq!(hidden(&bot).await, [false]);
    (bot, ann)
}

async fn hidden(bot: &Bot) -> Vec<bool> {
    bot.queue().await.iter().map(|entry| entry.note_hidden).collect()
}

/// Hides or shows messages now, with the event `id`.
async fn moderate(bot: &Bot, id: &str, messages: &[&str], visible: bool) -> Outcome {
    let messages = messages.iter().map(|id| (*id).to_owned()).collect();
    let change = OwncastEvent::VisibilityChanged { event: event(id), messages, visible, at: bot.now() };
    on_event(&bot.context, &change).await.unwrap()
}

#[tokio::test]
async fn note_is_hidden_with_its_message_and_shown_again() {
    let (bot, _) = redeemed().await;
    bot.clock.push(Span::minutes(1));
    assert_eq!(moderate(&bot, "hide", &["m"], false).await, Outcome::Done);
    assert_eq!(hidden(&bot).await, [true]);
    assert_eq!(bot.queue().await[0].note.as_deref(), Some("something rude"), "the note is kept");
    bot.clock.push(Span::minutes(90));
    assert_eq!(moderate(&bot, "show", &["m"], true).await, Outcome::Done);
    assert_eq!(hidden(&bot).await, [false]);
    assert_eq!(moderate(&bot, "hide", &["m"], false).await, Outcome::Ignored, "a late repeat");
    assert_eq!(hidden(&bot).await, [false]);
}

#[tokio::test]
async fn hidden_note_is_removed_from_the_alerts() {
    let (bot, ann) = redeemed().await;
    bot.hears("n", &ann, "!hydrate").await.unwrap();
    let alerts = async || public_snapshot(&bot.context).await.unwrap().alerts.len();
    assert_eq!(alerts().await, 2);
    assert_eq!(moderate(&bot, "hide", &["m"], false).await, Outcome::Done);
    assert_eq!(alerts().await, 1, "only that of the other redemption");
}

#[tokio::test]
async fn repeated_hide_does_not_undo_a_later_show() {
    let (bot, _) = redeemed().await;
    assert_eq!(moderate(&bot, "hide", &["m"], false).await, Outcome::Done);
    assert_eq!(moderate(&bot, "show", &["m"], true).await, Outcome::Done);
    assert_eq!(moderate(&bot, "hide", &["m"], false).await, Outcome::Duplicate);
    assert_eq!(hidden(&bot).await, [false]);
}

#[tokio::test]
async fn message_hidden_after_a_minute_keeps_its_note() {
    let (bot, _) = redeemed().await;
    bot.clock.push(Span::from_ms(60_001));
    assert_eq!(moderate(&bot, "hide", &["m"], false).await, Outcome::Ignored);
    assert_eq!(hidden(&bot).await, [false]);
}

#[tokio::test]
async fn note_is_hidden_when_owncasts_clock_is_wrong() {
    for minutes in [0, 10] {
        let (bot, _) = redeemed().await;
        let at = match minutes {
            0 => bot.now().saturating_sub(Span::minutes(10)),
            minutes => bot.now().saturating_add(Span::minutes(minutes)),
        };
        let messages = vec!["m".to_owned()];
        let hide = OwncastEvent::VisibilityChanged { event: event("hide"), messages, visible: false, at };
        assert_eq!(on_event(&bot.context, &hide).await.unwrap(), Outcome::Done);
    }
}

#[tokio::test]
async fn all_notes_of_one_event_are_hidden_and_invalid_ids_are_ignored() {
    let (bot, ann) = redeemed().await;
    bot.clock.push(Span::seconds(1));
    bot.hears("plain", &ann, "hello").await.unwrap();
    bot.hears("asked", &ann, "!points").await.unwrap();
    bot.hears("bought", &ann, "!hydrate").await.unwrap();
    bot.hears("refused", &ann, "!song another").await.unwrap();
    let odd = "x".repeat(500);
    let messages = ["m", "m", "", "#", &odd, "\n", "plain", "asked", "bought", "refused", "nobody"];
    assert_eq!(moderate(&bot, "hide", &messages, false).await, Outcome::Done);
    let entries = bot.queue().await;
    let notes: Vec<_> = entries.iter().map(|entry| (entry.reward_name.as_str(), entry.note_hidden)).collect();
    assert_eq!(notes, [("song", true), ("hydrate", false)], "a redemption without note is unchanged");
    assert_eq!(moderate(&bot, "none", &[], false).await, Outcome::Ignored);
    assert_eq!(moderate(&bot, "odd", &["", "#"], true).await, Outcome::Ignored);
}

#[tokio::test]
async fn many_hidden_messages_cost_one_request() {
    let (bot, _) = redeemed().await;
    let many: Vec<String> = (0..500).map(|n| format!("unheard-of-{n}")).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    bot.faults.reset();
    assert_eq!(moderate(&bot, "hide", &many, false).await, Outcome::Ignored);
    assert_eq!(bot.faults.total(), 1, "{:?}", bot.faults.requests());
}

#[tokio::test]
async fn note_of_a_finished_redemption_is_hidden() {
    let (bot, _) = redeemed().await;
    let key: RedemptionKey = bot.queue().await[0].key();
    queue::on_close(&bot.context, &event("done"), &key, Status::Fulfilled).await.unwrap();
    assert_eq!(moderate(&bot, "hide", &["m"], false).await, Outcome::Done);
    assert!(bot.store().redemption(&key).await.unwrap().unwrap().note_hidden);
}
