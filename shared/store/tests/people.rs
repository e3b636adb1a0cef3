//! Viewers, and looking them up by name.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test")]

use ownchatbot_app::{Outcome, presence};
use ownchatbot_domain::command::ViewerRef;
use ownchatbot_domain::{Person, Span, ViewerId};
use ownchatbot_store::StoreError;
use ownchatbot_testkit::bot::Bot;
use ownchatbot_testkit::builders::{person, points};

async fn called(bot: &Bot, name: &str) -> Vec<String> {
    let found = bot.store().matching_viewers(&ViewerRef::Name(name.to_owned())).await.unwrap();
    found.into_iter().map(|found| format!("{} {}", found.viewer, found.balance)).collect()
}

#[tokio::test]
async fn name_matches_none_one_or_many_viewers() {
    let bot = Bot::new().await;
    assert_eq!(called(&bot, "Ann").await, [""; 0]);
    bot.endow(&person("Ann"), 5).await;
    for typed in ["Ann", "@ann", " ANN "] {
        assert_eq!(called(&bot, typed).await, ["id-Ann 5"], "{typed}");
    }
    let other = Person { id: ViewerId::new("id-other").unwrap(), name: "aNN".to_owned(), ..person("Ann") };
    bot.endow(&other, 7).await;
    assert_eq!(called(&bot, "Ann").await, ["id-Ann 5", "id-other 7"]);
    assert_eq!(called(&bot, "An").await, [""; 0], "whole names only");
    assert_eq!(called(&bot, "@").await, [""; 0]);
}

#[tokio::test]
async fn id_matches_one_viewer() {
    let bot = Bot::new().await;
    bot.endow(&person("Ann"), 5).await;
    let found = bot.store().matching_viewers(&ViewerRef::Id(person("Ann").id)).await.unwrap();
    let [ann] = found.as_slice() else { panic!("{found:?}") };
    assert_eq!((ann.name.as_str(), ann.balance), ("Ann", points(5)));
    let unknown = ViewerRef::Id(ViewerId::new("nobody").unwrap());
    assert_eq!(bot.store().matching_viewers(&unknown).await.unwrap(), []);
}

#[tokio::test]
async fn rename_moves_the_name_pointer() {
    let (bot, ann) = (Bot::new().await, person("Ann"));
    bot.endow(&ann, 5).await;
    let anna = Person { name: "Anna".to_owned(), former_names: vec!["Ann".to_owned()], ..ann.clone() };
    assert_eq!(presence::on_renamed(&bot.context, &bot.fresh_event(), &anna).await.unwrap(), Outcome::Done);
    assert_eq!((called(&bot, "Ann").await.len(), called(&bot, "Anna").await.len()), (0, 1));
    let profile = bot.store().load(&ann.id, None).await.unwrap().profile.unwrap();
    assert_eq!(profile.person, anna);
    assert_eq!(bot.balance(&ann.id).await, 5);
    // Repeating the event changes nothing, here or in another process.
    assert_eq!(
        presence::on_renamed(&bot.another_process(), &bot.fresh_event(), &anna).await.unwrap(),
        Outcome::Ignored
    );
}

#[tokio::test]
async fn rename_by_case_keeps_the_name_pointer() {
    let (bot, ann) = (Bot::new().await, person("Ann"));
    bot.endow(&ann, 5).await;
    let loud = Person { name: "ANN".to_owned(), ..ann };
    presence::on_renamed(&bot.context, &bot.fresh_event(), &loud).await.unwrap();
    assert_eq!(called(&bot, "ann").await, ["id-Ann 5"]);
}

#[tokio::test]
async fn rename_keeps_the_pointers_of_namesakes() {
    let bot = Bot::new().await;
    let one = person("Ann");
    let two = Person { id: ViewerId::new("id-two").unwrap(), ..person("Ann") };
    bot.endow(&one, 1).await;
    bot.endow(&two, 2).await;
    presence::on_renamed(&bot.context, &bot.fresh_event(), &Person { name: "Eve".to_owned(), ..one })
        .await
        .unwrap();
    assert_eq!(called(&bot, "Ann").await, ["id-two 2"]);
}

#[tokio::test]
async fn message_updates_roles() {
    let (bot, ann) = (Bot::new().await, person("Ann"));
    bot.endow(&ann, 5).await;
    let promoted = Person { moderator: true, authenticated: true, ..ann };
    assert_eq!(bot.answer(&promoted, "!points").await, ["[Ann, you have 5 points]"]);
    let profile = bot.store().load(&promoted.id, None).await.unwrap().profile.unwrap();
    assert_eq!(profile.person, promoted);
}

#[tokio::test]
async fn join_and_part_update_last_seen() {
    let (bot, ann) = (Bot::new().await, person("Ann"));
    let began = bot.now();
    assert_eq!(presence::on_parted(&bot.context, &ann).await.unwrap(), Outcome::Ignored, "an unknown viewer");
    bot.endow(&ann, 5).await;
    for later in [1, 2] {
        bot.clock.push(Span::minutes(1));
        let outcome = if later == 1 {
            presence::on_joined(&bot.context, &ann).await
        } else {
            presence::on_parted(&bot.context, &ann).await
        };
        assert_eq!(outcome.unwrap(), Outcome::Done);
        let profile = bot.store().load(&ann.id, None).await.unwrap().profile.unwrap();
        assert_eq!(
            (profile.first_seen, profile.last_seen),
            (began, began.saturating_add(Span::minutes(later)))
        );
    }
}

#[tokio::test]
async fn bot_accounts_are_not_created() {
    let bot = Bot::new().await;
    let machine = Person { bot: true, ..person("Machine") };
    assert_eq!(presence::on_joined(&bot.context, &machine).await.unwrap(), Outcome::Ignored);
    assert_eq!(bot.hears("m", &machine, "!points").await.unwrap(), Outcome::Ignored);
    assert_eq!(bot.lines(&ownchatbot_testkit::builders::event("m")).await, [""; 0]);
    assert_eq!(bot.table.item("VIEWER#id-Machine", "BALANCE").await, None);
}

#[tokio::test]
async fn odd_names_are_stored_unchanged() {
    let bot = Bot::new().await;
    for (n, name) in ["#", "a#b", "👩‍👩‍👧‍👦", "\u{202e}evil", "<script>", "  "].into_iter().enumerate()
    {
        let odd =
            Person { id: ViewerId::new(format!("odd{n}")).unwrap(), name: name.to_owned(), ..person("x") };
        bot.endow(&odd, 3).await;
        let profile = bot.store().load(&odd.id, None).await.unwrap().profile.unwrap();
        assert_eq!(profile.person.name, name);
        let found = called(&bot, name).await.len();
        assert_eq!(found, usize::from(!name.trim().is_empty()), "{name:?}");
    }
}

/// A batch read of DynamoDB can see a transaction half done. The embedded one never does, so half of a new
/// viewer is made by hand.
#[tokio::test]
async fn half_created_viewer_is_busy() {
    let bot = Bot::new().await;
    bot.table.allow_violations();
    for missing in ["BALANCE", "PROFILE"] {
        let ann = person(&format!("Ann-{missing}"));
        bot.endow(&ann, 5).await;
        let pk = format!("VIEWER#{}", ann.id);
        bot.table.remove(&pk, missing).await;
        let half = bot.store().load(&ann.id, None).await;
        assert!(matches!(half, Err(StoreError::Busy { .. })), "{half:?}");
    }
}
