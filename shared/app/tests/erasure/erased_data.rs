//! What an erasure deletes, and what stays without a name.

use ownchatbot_app::Outcome;
use ownchatbot_app::erasure::{erase_viewer, finish_erasures};
use ownchatbot_domain::board::BoardEntry;
use ownchatbot_domain::command::ViewerRef;
use ownchatbot_domain::{Span, Status, ViewerId};
use ownchatbot_testkit::builders::points;

use crate::{ErasureTest, click, id};

#[tokio::test]
async fn erasure_leaves_no_trace_of_the_viewer() {
    let test = ErasureTest::new().await;
    let before = test.bot.balance(&test.bob.id).await;
    assert!(test.traces().await.len() > 30, "there is something to erase: {:#?}", test.traces().await);
    assert_eq!(test.erase("erase").await, Outcome::Done);
    test.delete_erasure_record().await;
    test.is_erased().await;
    assert_eq!(test.balance().await, None);
    assert_eq!(test.bot.balance(&test.bob.id).await, before, "the balance of others is unchanged");
    for viewer in [ViewerRef::Name("Annabelle".to_owned()), ViewerRef::Id(test.ann.id.clone())] {
        assert_eq!(test.bot.store().matching_viewers(&viewer).await.unwrap(), []);
    }
}

#[tokio::test]
async fn erasure_completes_at_once_and_its_record_stays_three_minutes() {
    let test = ErasureTest::new().await;
    test.erase("erase").await;
    let erasure = test.bot.store().erasure(&test.ann.id).await.unwrap().unwrap();
    assert_eq!((erasure.gone_at, erasure.place), (Some(test.bot.now()), None));
    let record: Vec<String> =
        test.traces().await.into_iter().filter(|key| !key.starts_with("VIEWER#id-Bob")).collect();
    assert_eq!(record, ["FORGET / id-Annabelle"]);
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
async fn uses_stay_counted_except_waiting_ones() {
    let test = ErasureTest::new().await;
    let before = test.usages().await;
    test.erase("erase").await;
    for ((reward, before), (_, after)) in before.iter().zip(test.usages().await) {
        let waited = i64::from(["song", "cheer", "hydrate"].contains(&reward.as_str()));
        let price = [("song", 100), ("hydrate", 50)].into_iter().find(|(name, _)| *name == reward.as_str());
        let price = price.map_or(0, |(_, price)| price);
        let counts = (after.count.cast_signed() + waited, after.points.get() + price);
        assert_eq!(counts, (before.count.cast_signed(), before.points.get()), "{reward}");
    }
    let erased = ViewerId::erased();
    let rewards = ["charity", "red", "green", "confetti", "wave", "hydrate"].map(id);
    let uses = test.bot.store().viewer_usages(&erased, &rewards).await.unwrap();
    assert_eq!((uses[&id("charity")].count, uses[&id("charity")].points), (1, points(300)));
    assert_eq!((uses[&id("confetti")].count, uses[&id("confetti")].points), (2, points(150)));
    assert_eq!((uses[&id("green")].count, uses[&id("wave")].count), (1, 1));
    assert!(!uses.contains_key(&id("hydrate")), "all of it was refunded");
}

#[tokio::test]
async fn history_keeps_redemptions_without_the_viewer() {
    let test = ErasureTest::new().await;
    let outbox = async || {
        let items = test.bot.table.items().await;
        items.iter().filter(|item| item["pk"].as_s().unwrap().starts_with("OUTBOX#")).count()
    };
    let before = outbox().await;
    test.erase("erase").await;
    assert_eq!(outbox().await, before + 1, "only the receipt, without a line");
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
async fn erased_viewer_is_on_no_board() {
    let test = ErasureTest::new().await;
    let shown = async || {
        let seen = test.bot.store().public_snapshot(Default::default(), test.bot.now()).await.unwrap().board;
        seen.into_iter().map(|entry| (entry.name, entry.hidden)).collect::<Vec<_>>()
    };
    assert_eq!(shown().await, [("Annabelle".to_owned(), false), ("Bob".to_owned(), false)]);
    let before = test.bot.store().board().await.unwrap();
    test.bot.answer(&test.ann, "!top off").await;
    test.erase("erase").await;
    assert_eq!(shown().await, [("Bob".to_owned(), false)]);
    // A tick that began before the erasure ends now.
    test.bot.store().save_board(test.bot.now(), &before).await.unwrap();
    assert_eq!(shown().await.len(), 2);
    let entries = |board: Vec<BoardEntry>| board.into_iter().map(|entry| entry.name).collect::<Vec<_>>();
    assert_eq!(
        entries(test.bot.store().board().await.unwrap()),
        ["Bob"],
        "the board in chat leaves the erased viewer out"
    );
    test.delete_erasure_record().await;
    assert_eq!(shown().await, [("Bob".to_owned(), false)]);
    test.is_erased().await;
}

#[tokio::test]
async fn sessions_end_at_once_and_stay_ended() {
    let test = ErasureTest::new().await;
    // Only the first transaction.
    test.erase_in_part(1).await;
    assert!(!test.is_signed_in("before").await);
    finish_erasures(&test.bot.context).await.unwrap();
    assert!(!test.is_signed_in("before").await);
    test.bot.clock.push(Span::seconds(1));
    test.bot.answer(&test.ann, "!points").await;
    assert!(!test.is_signed_in("before").await, "the same id, but a new viewer");
    test.sign_in("after").await;
    assert!(test.is_signed_in("after").await);
    test.bot.answer(&test.ann, "!unlink").await;
    assert!(!test.is_signed_in("before").await && !test.is_signed_in("after").await);
}

#[tokio::test]
async fn repeated_click_and_unknown_viewer_change_nothing() {
    let test = ErasureTest::new().await;
    let unknown = ViewerId::new("nobody").unwrap();
    let outcome = erase_viewer(&test.bot.context, &click("unknown"), &unknown).await.unwrap();
    assert_eq!((outcome, test.bot.outbox(&click("unknown")).await.len()), (Outcome::Ignored, 0));
    assert_eq!(test.erase("erase").await, Outcome::Done);
    assert_eq!(test.erase("erase").await, Outcome::Duplicate);
    assert_eq!(test.erase("another").await, Outcome::Ignored, "the viewer is unknown");
    assert_eq!(test.bot.outbox(&click("erase")).await.len(), 1, "a receipt without effects");
    // A repeat of the click must not erase the viewer who has returned.
    test.bot.answer(&test.ann, "!points").await;
    assert_eq!(test.erase("erase").await, Outcome::Duplicate);
    assert_eq!(test.balance().await, Some(100));
}

#[tokio::test]
async fn viewer_without_activity_is_erased() {
    let test = ErasureTest::new().await;
    test.erase("erase").await;
    test.bot.clock.push(Span::seconds(1));
    test.bot.endow(&test.ann, 100).await;
    assert_eq!(test.erase("again").await, Outcome::Done);
    test.delete_erasure_record().await;
    test.is_erased().await;
    let waiting = test.bot.queue().await;
    assert_eq!(test.close(&waiting[0], Status::Fulfilled).await, Outcome::Done);
}
