//! Erasures that are interrupted or fail.

use std::time::Duration;

use aws_sdk_dynamodb::types::AttributeValue;
use futures_util::future::join_all;
use ownchatbot_app::erasure::{erase_viewer, finish_erasures};
use ownchatbot_app::{AppError, Outcome};
use ownchatbot_domain::{Change, Decision, Span, ViewerChange};
use ownchatbot_store::{Commit, ErasedPart, Erasure};
use ownchatbot_testkit::faults::Fault;

use crate::{ErasureTest, READS, click, rewards};

const EVERYTHING: &[Fault] =
    &[Fault::Conflict, Fault::Throttled, Fault::LostAnswer, Fault::Unreachable, Fault::Partly];

/// How many writes the erasure of Annabelle takes.
async fn writes() -> u32 {
    let test = ErasureTest::new().await;
    test.bot.faults.reset();
    test.erase("erase").await;
    let requests = test.bot.faults.requests();
    let writes = requests.iter().filter(|(name, _)| !READS.contains(&name.as_str()));
    writes.map(|(_, count)| count).sum()
}

#[tokio::test]
async fn watchdog_completes_an_erasure_interrupted_at_any_write() {
    let all = writes().await;
    assert!(all >= 10, "{all} writes");
    let broken = (1..all).map(|writes| async move {
        let test = ErasureTest::new().await;
        let bob = test.bot.balance(&test.bob.id).await;
        test.erase_in_part(writes).await;
        test.bot.verify_totals().await;
        assert_eq!((test.balance().await, test.is_signed_in("before").await), (None, false), "{writes}");
        assert_eq!(test.watch().await.erased, 1, "{writes}");
        test.delete_erasure_record().await;
        test.is_erased().await;
        assert_eq!(test.bot.balance(&test.bob.id).await, bob);
        assert_eq!(test.erase("erase").await, Outcome::Duplicate);
        assert_eq!(test.bot.answer(&test.ann, "!points").await, ["[Annabelle, you have 100 points]"]);
    });
    join_all(broken).await;
}

#[tokio::test]
async fn nothing_is_erased_when_the_first_transaction_fails() {
    let mut test = ErasureTest::new().await;
    test.bot.context.deadline = Duration::from_millis(100);
    test.bot.faults.plan(|asked| (asked == "TransactWriteItems").then_some(Fault::Unreachable));
    let failed = erase_viewer(&test.bot.context, &click("erase"), &test.ann.id).await;
    assert!(matches!(failed, Err(AppError::Contended { .. })), "{failed:?}");
    test.bot.faults.stop();
    assert!(test.balance().await.is_some() && test.is_signed_in("before").await);
    assert_eq!(finish_erasures(&test.bot.context).await.unwrap(), 0);
    assert_eq!(test.erase("erase").await, Outcome::Done);
}

#[tokio::test]
async fn erasure_completes_under_random_faults() {
    for seed in 1..=4 {
        let test = ErasureTest::new().await;
        test.bot.faults.at_random(25, EVERYTHING, seed);
        let outcome = test.erase("erase").await;
        // If the response to the first commit is lost, its retry finds the receipt.
        assert!(matches!(outcome, Outcome::Done | Outcome::Duplicate), "{outcome:?}");
        // The watchdog runs each minute, also after a failed run.
        for _ in 0..3 {
            let _ = finish_erasures(&test.bot.context).await;
        }
        test.bot.faults.stop();
        finish_erasures(&test.bot.context).await.unwrap();
        test.delete_erasure_record().await;
        test.is_erased().await;
    }
}

#[tokio::test]
async fn failing_erasure_does_not_block_others() {
    let test = ErasureTest::new().await;
    test.erase_in_part(1).await;
    test.bot.clock.push(Span::seconds(1));
    let bob = erase_viewer(&test.bot.context, &click("bob"), &test.bob.id).await.unwrap();
    assert_eq!(bob, Outcome::Done);
    // An item of Annabelle was damaged by hand.
    let tamper = async |value| {
        test.bot.table.tamper("REWARD#red", "USE#id-Annabelle", "count", value).await;
    };
    tamper(AttributeValue::S("many".to_owned())).await;
    assert!(finish_erasures(&test.bot.context).await.is_err(), "the failure is reported");
    test.bot.clock.push(Span::minutes(3));
    assert!(finish_erasures(&test.bot.context).await.is_err());
    let left = test.bot.store().all_erasures(10).await.unwrap();
    assert_eq!(left.iter().map(|left| &left.viewer).collect::<Vec<_>>(), [&test.ann.id], "Bob is erased");
    tamper(AttributeValue::N("1".to_owned())).await;
    assert_eq!(finish_erasures(&test.bot.context).await.unwrap(), 1);
}

#[tokio::test]
async fn concurrent_runs_erase_a_viewer_once() {
    let test = ErasureTest::new().await;
    test.erase_in_part(1).await;
    let processes = [test.bot.another_process(), test.bot.another_process(), test.bot.another_process()];
    for outcome in join_all(processes.iter().map(finish_erasures)).await {
        outcome.unwrap();
    }
    test.delete_erasure_record().await;
    test.is_erased().await;
}

#[tokio::test]
async fn outdated_erasure_does_not_touch_a_returned_viewer() {
    let test = ErasureTest::new().await;
    test.erase_in_part(1).await;
    let store = test.bot.store();
    let slow = store.erasure(&test.ann.id).await.unwrap().unwrap();
    finish_erasures(&test.bot.context).await.unwrap();
    test.bot.clock.push(Span::seconds(1));
    for line in ["!hydrate", "!green", "!cheer", "!charity 7"] {
        test.bot.answer(&test.ann, line).await;
    }
    let before = test.bot.table.items().await;
    let all: Vec<_> = rewards().into_iter().map(|reward| reward.id).collect();
    assert_eq!(store.erase_uses(&slow, &all).await.unwrap(), Commit::Stale);
    assert_eq!(store.erase_ledger(&slow).await.unwrap(), ErasedPart::Stale);
    assert_eq!(store.erase_finished(&slow, "somebody").await.unwrap(), ErasedPart::Stale);
    assert_eq!(store.end_erasure(&slow, test.bot.now()).await.unwrap(), Commit::Stale);
    let still =
        Change::Viewer(ViewerChange::ErasureInProgress { viewer: test.ann.id.clone(), since: slow.since });
    let decision = Decision::change(still);
    assert_eq!(store.commit(None, test.bot.now(), &decision).await.unwrap(), Commit::Stale);
    assert_eq!(test.bot.table.items().await, before);
    assert_eq!(test.balance().await, Some(43));
    // The same holds during a second erasure of the viewer.
    test.bot.clock.push(Span::seconds(1));
    test.erase("again").await;
    store.delete_erasure_record(&slow).await.unwrap();
    store.delete_erasure_record(&Erasure { gone_at: Some(test.bot.now()), ..slow }).await.unwrap();
    assert_eq!(
        store.all_erasures(10).await.unwrap().len(),
        1,
        "the outdated run does not delete the record of the second erasure"
    );
    test.delete_erasure_record().await;
    test.is_erased().await;
}
