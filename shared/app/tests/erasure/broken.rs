//! Forgetting that breaks off, wherever it does.

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

/// How many writes forgetting Annabelle takes.
async fn writes() -> u32 {
    let test = ErasureTest::new().await;
    test.bot.faults.reset();
    test.erase("forget").await;
    let requests = test.bot.faults.requests();
    let writes = requests.iter().filter(|(name, _)| !READS.contains(&name.as_str()));
    writes.map(|(_, count)| count).sum()
}

#[tokio::test]
async fn whatever_is_left_undone_is_done_by_the_watchdog() {
    let all = writes().await;
    assert!(all >= 10, "{all} writes");
    let broken = (1..all).map(|writes| async move {
        let test = ErasureTest::new().await;
        let bob = test.bot.balance(&test.bob.id).await;
        test.forget_in_part(writes).await;
        test.bot.verify_totals().await;
        assert_eq!((test.balance().await, test.is_signed_in("before").await), (None, false), "{writes}");
        assert_eq!(test.watch().await.erased, 1, "{writes}");
        test.delete_erasure_record().await;
        test.is_erased().await;
        assert_eq!(test.bot.balance(&test.bob.id).await, bob);
        assert_eq!(test.erase("forget").await, Outcome::Duplicate);
        assert_eq!(test.bot.answer(&test.ann, "!points").await, ["[Annabelle, you have 100 points]"]);
    });
    join_all(broken).await;
}

#[tokio::test]
async fn nothing_is_forgotten_where_the_first_transaction_fails() {
    let mut test = ErasureTest::new().await;
    test.bot.context.deadline = Duration::from_millis(100);
    test.bot.faults.plan(|asked| (asked == "TransactWriteItems").then_some(Fault::Unreachable));
    let failed = erase_viewer(&test.bot.context, &click("forget"), &test.ann.id).await;
    assert!(matches!(failed, Err(AppError::Contended { .. })), "{failed:?}");
    test.bot.faults.stop();
    assert!(test.balance().await.is_some() && test.is_signed_in("before").await);
    assert_eq!(finish_erasures(&test.bot.context).await.unwrap(), 0);
    assert_eq!(test.erase("forget").await, Outcome::Done);
}

#[tokio::test]
async fn whatever_goes_wrong_on_the_way_it_is_done_in_the_end() {
    for seed in 1..=4 {
        let test = ErasureTest::new().await;
        test.bot.faults.at_random(25, EVERYTHING, seed);
        let outcome = test.erase("forget").await;
        // Whose first answer is lost cannot tell whether it was the first.
        assert!(matches!(outcome, Outcome::Done | Outcome::Duplicate), "{outcome:?}");
        // The watchdog comes each minute, whatever came of the minute before.
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
async fn one_who_cannot_be_forgotten_does_not_keep_others() {
    let test = ErasureTest::new().await;
    test.forget_in_part(1).await;
    test.bot.clock.push(Span::seconds(1));
    let bob = erase_viewer(&test.bot.context, &click("bob"), &test.bob.id).await.unwrap();
    assert_eq!(bob, Outcome::Done);
    // Somebody has been at Annabelle's note with the table's console.
    let tamper = async |value| {
        test.bot.table.tamper("REWARD#red", "USE#id-Annabelle", "count", value).await;
    };
    tamper(AttributeValue::S("many".to_owned())).await;
    assert!(finish_erasures(&test.bot.context).await.is_err(), "it is told");
    test.bot.clock.push(Span::minutes(3));
    assert!(finish_erasures(&test.bot.context).await.is_err());
    let left = test.bot.store().all_erasures(10).await.unwrap();
    assert_eq!(left.iter().map(|left| &left.viewer).collect::<Vec<_>>(), [&test.ann.id], "Bob is gone");
    tamper(AttributeValue::N("1".to_owned())).await;
    assert_eq!(finish_erasures(&test.bot.context).await.unwrap(), 1);
    test.bot.verify_totals().await;
}

#[tokio::test]
async fn two_who_forget_the_same_viewer_do_it_once() {
    let test = ErasureTest::new().await;
    test.forget_in_part(1).await;
    let processes = [test.bot.another_process(), test.bot.another_process(), test.bot.another_process()];
    for outcome in join_all(processes.iter().map(finish_erasures)).await {
        outcome.unwrap();
    }
    test.delete_erasure_record().await;
    test.is_erased().await;
}

#[tokio::test]
async fn whoever_is_slow_touches_nothing_of_somebody_who_came_back() {
    let test = ErasureTest::new().await;
    test.forget_in_part(1).await;
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
    let decision = Decision { changes: vec![still], effects: Vec::new() };
    assert_eq!(store.commit(None, test.bot.now(), &decision).await.unwrap(), Commit::Stale);
    assert_eq!(test.bot.table.items().await, before);
    assert_eq!(test.balance().await, Some(43));
    // And again, while they leave a second time.
    test.bot.clock.push(Span::seconds(1));
    test.erase("again").await;
    store.delete_erasure_record(&slow).await.unwrap();
    store.delete_erasure_record(&Erasure { gone_at: Some(test.bot.now()), ..slow }).await.unwrap();
    assert_eq!(
        store.all_erasures(10).await.unwrap().len(),
        1,
        "the second note is no longer that of the first"
    );
    test.delete_erasure_record().await;
    test.is_erased().await;
}
