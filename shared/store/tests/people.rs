//! Viewers, their names, and who is meant by one.

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
async fn a_name_finds_nobody_one_or_many() {
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
async fn an_id_finds_one_viewer() {
    let bot = Bot::new().await;
    bot.endow(&person("Ann"), 5).await;
    let found = bot.store().matching_viewers(&ViewerRef::Id(person("Ann").id)).await.unwrap();
    let [ann] = found.as_slice() else { panic!("{found:?}") };
    assert_eq!((ann.name.as_str(), ann.balance), ("Ann", points(5)));
    let nobody = ViewerRef::Id(ViewerId::new("nobody").unwrap());
    assert_eq!(bot.store().matching_viewers(&nobody).await.unwrap(), []);
}

#[tokio::test]
async fn another_name_takes_its_place_in_the_index() {
    let (bot, ann) = (Bot::new().await, person("Ann"));
    bot.endow(&ann, 5).await;
    let anna = Person { name: "Anna".to_owned(), former_names: vec!["Ann".to_owned()], ..ann.clone() };
    assert_eq!(presence::on_renamed(&bot.context, &bot.fresh_event(), &anna).await.unwrap(), Outcome::Done);
    assert_eq!((called(&bot, "Ann").await.len(), called(&bot, "Anna").await.len()), (0, 1));
    let profile = bot.store().load(&ann.id, None).await.unwrap().profile.unwrap();
    assert_eq!(profile.person, anna);
    assert_eq!(bot.balance(&ann.id).await, 5);
    // A repeat changes nothing, and so does a copy of the same event at another process.
    assert_eq!(
        presence::on_renamed(&bot.another_process(), &bot.fresh_event(), &anna).await.unwrap(),
        Outcome::Ignored
    );
}

#[tokio::test]
async fn only_another_case_keeps_the_place_in_the_index() {
    let (bot, ann) = (Bot::new().await, person("Ann"));
    bot.endow(&ann, 5).await;
    let loud = Person { name: "ANN".to_owned(), ..ann };
    presence::on_renamed(&bot.context, &bot.fresh_event(), &loud).await.unwrap();
    assert_eq!(called(&bot, "ann").await, ["id-Ann 5"]);
}

#[tokio::test]
async fn a_name_that_moves_on_leaves_others_of_that_name_alone() {
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
async fn rights_are_kept_up_to_date() {
    let (bot, ann) = (Bot::new().await, person("Ann"));
    bot.endow(&ann, 5).await;
    let promoted = Person { moderator: true, authenticated: true, ..ann };
    assert_eq!(bot.answer(&promoted, "!points").await, ["[Ann, you have 5 points]"]);
    let profile = bot.store().load(&promoted.id, None).await.unwrap().profile.unwrap();
    assert_eq!(profile.person, promoted);
}

#[tokio::test]
async fn comings_and_goings_are_noted() {
    let (bot, ann) = (Bot::new().await, person("Ann"));
    let began = bot.now();
    assert_eq!(presence::on_parted(&bot.context, &ann).await.unwrap(), Outcome::Ignored, "a stranger");
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
async fn bots_are_never_met() {
    let bot = Bot::new().await;
    let machine = Person { bot: true, ..person("Machine") };
    assert_eq!(presence::on_joined(&bot.context, &machine).await.unwrap(), Outcome::Ignored);
    assert_eq!(bot.hears("m", &machine, "!points").await.unwrap(), Outcome::Ignored);
    assert_eq!(bot.lines(&ownchatbot_testkit::builders::event("m")).await, [""; 0]);
    assert_eq!(bot.table.item("VIEWER#id-Machine", "BALANCE").await, None);
}

#[tokio::test]
async fn strange_names_are_kept_as_they_are() {
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

/// DynamoDB may answer a batch of reads while a transaction is half visible; the embedded one never does, so half of a
/// newcomer is made by hand.
#[tokio::test]
async fn half_a_newcomer_is_read_again_instead_of_taken_for_poor() {
    let bot = Bot::new().await;
    for missing in ["BALANCE", "PROFILE"] {
        let ann = person(&format!("Ann-{missing}"));
        bot.endow(&ann, 5).await;
        let pk = format!("VIEWER#{}", ann.id);
        bot.table.remove(&pk, missing).await;
        let half = bot.store().load(&ann.id, None).await;
        assert!(matches!(half, Err(StoreError::Busy { .. })), "{half:?}");
    }
}
