//! After an erasure: viewers who come back, and what was shared with others.

use ownchatbot_testkit::configure::save_reward;
use std::time::Duration;

use ownchatbot_app::deadline::{DeadlineOutcome, on_deadline};
use ownchatbot_app::erasure::finish_erasures;
use ownchatbot_app::tick::TickReport;
use ownchatbot_app::{Outcome, presence, queue};
use ownchatbot_domain::reward::{Goal, Kind};
use ownchatbot_domain::{Cause, Reward, Span, Status};
use ownchatbot_store::Commit;
use ownchatbot_testkit::builders::{points, reward};

use crate::{ErasureTest, id};

#[tokio::test]
async fn returned_viewer_starts_with_the_welcome() {
    let test = ErasureTest::new().await;
    test.erase("erase").await;
    let process = test.bot.another_process();
    presence::on_joined(&process, &test.ann).await.unwrap();
    assert_eq!(test.balance().await, Some(100));
    let rows = test.bot.store().ledger(&test.ann.id).await.unwrap();
    assert_eq!(rows.iter().map(|row| row.cause.clone()).collect::<Vec<_>>(), [Cause::Gift(None)]);
    let loaded = test.bot.store().load(&test.ann.id, Some(&id("charity"))).await.unwrap();
    assert_eq!((loaded.own.count, loaded.account.watched_seconds), (0, 0));
    let profile = loaded.profile.unwrap();
    assert_eq!((profile.first_seen, profile.follower), (test.bot.now(), None));
    assert_eq!(test.bot.answer(&test.ann, "!streak").await.len(), 1);
    assert_eq!(test.bot.answer(&test.ann, "!hydrate").await, ["Annabelle redeemed hydrate."]);
    // The record of the erasure is deleted, and nothing of the new viewer.
    test.delete_erasure_record().await;
    assert_eq!((test.balance().await, test.bot.queue().await.len()), (Some(50), 2));
}

#[tokio::test]
async fn process_that_cached_an_erased_viewer_meets_them_again() {
    let test = ErasureTest::new().await;
    test.erase("erase").await;
    assert_eq!(test.bot.answer(&test.ann, "!points").await, ["[Annabelle, you have 100 points]"]);
}

#[tokio::test]
async fn tick_skips_a_viewer_being_erased_and_later_pays_them_as_new() {
    let test = ErasureTest::new().await;
    let bob = test.bot.balance(&test.bob.id).await;
    test.erase_in_part(1).await;
    assert_eq!(test.tick().await, TickReport { live: true, present: 2, paid: 1 });
    assert_eq!((test.balance().await, test.bot.balance(&test.bob.id).await), (None, bob + 10));
    let board = test.bot.store().public_snapshot(Default::default(), test.bot.now()).await.unwrap().board;
    assert_eq!(board.iter().map(|entry| entry.name.as_str()).collect::<Vec<_>>(), ["Bob"]);
    assert_eq!(finish_erasures(&test.bot.context).await.unwrap(), 1);
    assert_eq!(test.tick().await, TickReport { live: true, present: 2, paid: 2 });
    assert_eq!(test.balance().await, Some(110));
}

#[tokio::test]
async fn missed_goal_returns_contributions_only_to_known_viewers() {
    let test = ErasureTest::new().await;
    let ends = Some(test.bot.now().saturating_add(Span::minutes(10)));
    let drive = Goal::new(points(1000), Vec::new()).unwrap().giving_back(true);
    let drive = Reward { ends, ..reward("drive", 0, Kind::Goal(drive)) };
    assert_eq!(save_reward(test.bot.store(), &drive, None).await.unwrap(), Commit::Applied);
    test.bot.clock.push(Span::seconds(5));
    test.bot.answer(&test.ann, "!drive 40").await;
    test.bot.answer(&test.bob, "!drive 25").await;
    let before = test.bot.balance(&test.bob.id).await;
    test.erase("erase").await;
    let progress = async || {
        let usage = test.bot.store().usages(&[id("drive")]).await.unwrap().remove(&id("drive")).unwrap();
        (usage.points.get(), usage.count)
    };
    assert_eq!(progress().await, (65, 2), "contributions stay counted");
    test.bot.clock.push(Span::minutes(10));
    let outcome = on_deadline(&test.bot.context, &id("drive")).await.unwrap();
    assert_eq!(outcome, DeadlineOutcome::Over { given_back: 1 });
    assert_eq!((progress().await, test.bot.balance(&test.bob.id).await), ((0, 0), before + 25));
    assert_eq!(test.watch().await.ended, 0, "nothing is left to return");
}

#[tokio::test]
async fn missed_goal_returns_contributions_after_a_pending_erasure() {
    let test = ErasureTest::new().await;
    let ends = Some(test.bot.now().saturating_add(Span::minutes(10)));
    let drive = Goal::new(points(1000), Vec::new()).unwrap().giving_back(true);
    let drive = Reward { ends, ..reward("drive", 0, Kind::Goal(drive)) };
    assert_eq!(save_reward(test.bot.store(), &drive, None).await.unwrap(), Commit::Applied);
    test.bot.clock.push(Span::seconds(5));
    test.bot.answer(&test.ann, "!drive 40").await;
    test.bot.answer(&test.bob, "!drive 25").await;
    let before = test.bot.balance(&test.bob.id).await;
    test.erase_in_part(1).await;
    test.bot.clock.push(Span::minutes(10));
    let mut impatient = test.bot.another_process();
    impatient.deadline = Duration::from_millis(100);
    assert!(
        on_deadline(&impatient, &id("drive")).await.is_err(),
        "contributions cannot be returned while the erasure is in progress"
    );
    test.bot.verify_totals().await;
    finish_erasures(&test.bot.context).await.unwrap();
    on_deadline(&impatient, &id("drive")).await.unwrap();
    assert_eq!(test.bot.balance(&test.bob.id).await, before + 25);
}

#[tokio::test]
async fn refund_for_an_erased_viewer_reverts_only_the_use() {
    let test = ErasureTest::new().await;
    test.erase("erase").await;
    let history = test.bot.store().finished(test.bot.now(), 100).await.unwrap();
    let confetti = history.iter().find(|entry| entry.status == Status::Fulfilled && entry.automatic).unwrap();
    let points = test.bot.verify_totals().await;
    let event = test.bot.fresh_event();
    let closed = queue::on_close(&test.bot.context, &event, &confetti.key(), Status::Refunded).await;
    assert_eq!(closed.unwrap(), Outcome::Done);
    assert_eq!(test.bot.lines(&event).await, [""; 0]);
    assert_eq!(test.close(confetti, Status::Refunded).await, Outcome::Ignored, "it is refunded once");
    let usages = test.bot.store().usages(&[id("confetti")]).await.unwrap();
    assert_eq!((usages[&id("confetti")].count, test.bot.verify_totals().await), (1, points));
}

#[tokio::test]
async fn streamer_can_close_redemptions_during_an_erasure() {
    let test = ErasureTest::new().await;
    test.erase_in_part(1).await;
    let waiting = test.bot.queue().await;
    let entries: Vec<_> = waiting.iter().filter(|entry| entry.viewer == test.ann.id).collect();
    assert_eq!(entries.len(), 3);
    assert_eq!(test.close(entries[0], Status::Fulfilled).await, Outcome::Done);
    test.bot.verify_totals().await;
    assert_eq!(test.watch().await.erased, 1);
    let closed = test.bot.store().redemption(&entries[0].key()).await.unwrap().unwrap();
    assert_eq!((closed.status, closed.viewer.is_erased()), (Status::Fulfilled, true));
    test.delete_erasure_record().await;
    test.is_erased().await;
}

#[tokio::test]
async fn erasure_keeps_the_progress_of_goals() {
    let test = ErasureTest::new().await;
    test.erase("erase").await;
    let lines = test.bot.answer(&test.bob, "!charity 10").await;
    insta::assert_snapshot!(lines.join("\n"), @"Bob gave 10 points to charity: 340 of 1,000.");
}
