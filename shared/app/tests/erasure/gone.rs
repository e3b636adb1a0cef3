//! What goes, and what stays without telling of anybody.

use ownchatbot_app::Outcome;
use ownchatbot_app::erasure::{erase_viewer, finish_erasures};
use ownchatbot_domain::board::BoardEntry;
use ownchatbot_domain::command::ViewerRef;
use ownchatbot_domain::{Span, Status, ViewerId};
use ownchatbot_testkit::builders::points;

use crate::{ErasureTest, click, id};

#[tokio::test]
async fn nothing_is_left_of_whoever_is_forgotten() {
    let test = ErasureTest::new().await;
    let before = test.bot.balance(&test.bob.id).await;
    assert!(test.traces().await.len() > 30, "there was something to forget: {:#?}", test.traces().await);
    assert_eq!(test.erase("forget").await, Outcome::Done);
    test.delete_erasure_record().await;
    test.is_erased().await;
    assert_eq!(test.balance().await, None);
    assert_eq!(test.bot.balance(&test.bob.id).await, before, "nobody else has more or less");
    for viewer in [ViewerRef::Name("Annabelle".to_owned()), ViewerRef::Id(test.ann.id.clone())] {
        assert_eq!(test.bot.store().matching_viewers(&viewer).await.unwrap(), []);
    }
}

#[tokio::test]
async fn it_is_done_at_once_and_noted_for_three_minutes() {
    let test = ErasureTest::new().await;
    test.erase("forget").await;
    let erasure = test.bot.store().erasure(&test.ann.id).await.unwrap().unwrap();
    assert_eq!((erasure.gone_at, erasure.place), (Some(test.bot.now()), None));
    let note: Vec<String> =
        test.traces().await.into_iter().filter(|key| !key.starts_with("VIEWER#id-Bob")).collect();
    assert_eq!(note, ["FORGET / id-Annabelle"]);
    test.bot.clock.push(Span::seconds(179));
    test.bot.faults.reset();
    assert_eq!(finish_erasures(&test.bot.context).await.unwrap(), 0);
    assert_eq!(test.bot.faults.total(), 1, "one query");
    test.bot.clock.push(Span::seconds(1));
    finish_erasures(&test.bot.context).await.unwrap();
    assert_eq!(test.bot.store().all_erasures(10).await.unwrap(), []);
    assert_eq!(finish_erasures(&test.bot.context).await.unwrap(), 0);
}

#[tokio::test]
async fn what_was_used_stays_counted_but_for_what_still_waited() {
    let test = ErasureTest::new().await;
    let before = test.usages().await;
    test.erase("forget").await;
    for ((reward, before), (_, after)) in before.iter().zip(test.usages().await) {
        let waited = i64::from(["song", "cheer", "hydrate"].contains(&reward.as_str()));
        let price = [("song", 100), ("hydrate", 50)].into_iter().find(|(name, _)| *name == reward.as_str());
        let price = price.map_or(0, |(_, price)| price);
        let counts = (after.count.cast_signed() + waited, after.points.get() + price);
        assert_eq!(counts, (before.count.cast_signed(), before.points.get()), "{reward}");
    }
    let nobody = ViewerId::erased();
    let rewards = ["charity", "red", "green", "confetti", "wave", "hydrate"].map(id);
    let nobodys = test.bot.store().viewer_usages(&nobody, &rewards).await.unwrap();
    assert_eq!((nobodys[&id("charity")].count, nobodys[&id("charity")].points), (1, points(300)));
    assert_eq!((nobodys[&id("confetti")].count, nobodys[&id("confetti")].points), (2, points(150)));
    assert_eq!((nobodys[&id("green")].count, nobodys[&id("wave")].count), (1, 1));
    assert!(!nobodys.contains_key(&id("hydrate")), "all of it was refunded");
}

#[tokio::test]
async fn the_history_tells_what_was_redeemed_and_not_by_whom() {
    let test = ErasureTest::new().await;
    let outbox = async || {
        let items = test.bot.table.items().await;
        items.iter().filter(|item| item["pk"].as_s().unwrap().starts_with("OUTBOX#")).count()
    };
    let before = outbox().await;
    test.erase("forget").await;
    assert_eq!(outbox().await, before + 1, "the receipt, and nothing is said");
    let mut history = test.bot.store().finished(test.bot.now(), 100).await.unwrap();
    history.retain(|entry| entry.viewer != test.bob.id);
    let shown = history.iter().map(|entry| {
        assert!(entry.viewer.is_erased() && entry.note.is_none() && !entry.note_hidden, "{entry:?}");
        format!("{} of {} at {} {:?}", entry.reward_name, entry.viewer_name, entry.price, entry.status)
    });
    insta::assert_snapshot!(shown.collect::<Vec<_>>().join("\n"), @r"
    hydrate of somebody at 50 Refunded
    confetti of somebody at 75 Fulfilled
    confetti of somebody at 75 Fulfilled
    cheer of somebody at 0 Refunded
    wave of somebody at 0 Fulfilled
    song of somebody at 100 Refunded
    hydrate of somebody at 50 Refunded
    ");
    let waiting = test.bot.queue().await;
    assert_eq!(waiting.iter().map(|entry| &entry.viewer).collect::<Vec<_>>(), [&test.bob.id]);
}

#[tokio::test]
async fn whoever_is_forgotten_is_on_no_board() {
    let test = ErasureTest::new().await;
    let shown = async || {
        let seen = test.bot.store().public_snapshot(Default::default(), test.bot.now()).await.unwrap().board;
        seen.into_iter().map(|entry| (entry.name, entry.hidden)).collect::<Vec<_>>()
    };
    assert_eq!(shown().await, [("Annabelle".to_owned(), false), ("Bob".to_owned(), false)]);
    let before = test.bot.store().board().await.unwrap();
    test.bot.answer(&test.ann, "!top off").await;
    test.erase("forget").await;
    assert_eq!(shown().await, [("Bob".to_owned(), false)]);
    // A tick that began before comes to its end.
    test.bot.store().save_board(test.bot.now(), &before).await.unwrap();
    assert_eq!(shown().await.len(), 2);
    let entries = |board: Vec<BoardEntry>| board.into_iter().map(|entry| entry.name).collect::<Vec<_>>();
    assert_eq!(entries(test.bot.store().board().await.unwrap()), ["Bob"], "chat is told nothing of it");
    test.delete_erasure_record().await;
    assert_eq!(shown().await, [("Bob".to_owned(), false)]);
    test.is_erased().await;
}

#[tokio::test]
async fn sessions_end_at_once_and_stay_over() {
    let test = ErasureTest::new().await;
    // The first transaction alone.
    test.forget_in_part(1).await;
    assert!(!test.is_signed_in("before").await);
    finish_erasures(&test.bot.context).await.unwrap();
    assert!(!test.is_signed_in("before").await);
    test.bot.clock.push(Span::seconds(1));
    test.bot.answer(&test.ann, "!points").await;
    assert!(!test.is_signed_in("before").await, "the same viewer, but not the same person to us");
    test.sign_in("after").await;
    assert!(test.is_signed_in("after").await);
    test.bot.answer(&test.ann, "!unlink").await;
    assert!(!test.is_signed_in("before").await && !test.is_signed_in("after").await);
}

#[tokio::test]
async fn a_second_click_and_a_stranger_change_nothing() {
    let test = ErasureTest::new().await;
    let stranger = ViewerId::new("nobody").unwrap();
    let outcome = erase_viewer(&test.bot.context, &click("stranger"), &stranger).await.unwrap();
    assert_eq!((outcome, test.bot.outbox(&click("stranger")).await.len()), (Outcome::Ignored, 0));
    assert_eq!(test.erase("forget").await, Outcome::Done);
    assert_eq!(test.erase("forget").await, Outcome::Duplicate);
    assert_eq!(test.erase("another").await, Outcome::Ignored, "nobody is known by that id");
    assert_eq!(test.bot.outbox(&click("forget")).await.len(), 1, "a receipt, with nothing to say");
    // A copy of the click must not forget whoever comes back.
    test.bot.answer(&test.ann, "!points").await;
    assert_eq!(test.erase("forget").await, Outcome::Duplicate);
    assert_eq!(test.balance().await, Some(100));
}

#[tokio::test]
async fn whoever_has_done_nothing_is_forgotten_too() {
    let test = ErasureTest::new().await;
    test.erase("forget").await;
    test.bot.clock.push(Span::seconds(1));
    test.bot.endow(&test.ann, 100).await;
    assert_eq!(test.erase("again").await, Outcome::Done);
    test.delete_erasure_record().await;
    test.is_erased().await;
    let waiting = test.bot.queue().await;
    assert_eq!(test.close(&waiting[0], Status::Fulfilled).await, Outcome::Done);
}
