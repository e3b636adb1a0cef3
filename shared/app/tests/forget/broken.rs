//! Forgetting that breaks off, wherever it does.

use std::time::Duration;

use aws_sdk_dynamodb::types::AttributeValue;
use futures_util::future::join_all;
use ownchatbot_app::forget::{finish_forgetting, on_forget};
use ownchatbot_app::ports::{Commit, Erased, Forgetting, Leaving, Ledger};
use ownchatbot_app::{AppError, Outcome};
use ownchatbot_domain::{Change, Decision, Span};
use ownchatbot_testkit::faults::Fault;

use crate::{READS, World, click, rewards};

const EVERYTHING: &[Fault] =
    &[Fault::Conflict, Fault::Throttled, Fault::LostAnswer, Fault::Unreachable, Fault::Partly];

/// How many writes forgetting Annabelle takes.
async fn writes() -> u32 {
    let world = World::new().await;
    world.bot.faults.reset();
    world.forget("forget").await;
    let requests = world.bot.faults.requests();
    let writes = requests.iter().filter(|(name, _)| !READS.contains(&name.as_str()));
    writes.map(|(_, count)| count).sum()
}

#[tokio::test]
async fn whatever_is_left_undone_is_done_by_the_watchdog() {
    let all = writes().await;
    assert!(all >= 10, "{all} writes");
    let broken = (1..all).map(|writes| async move {
        let world = World::new().await;
        let bob = world.bot.balance(&world.bob.id).await;
        world.forget_in_part(writes).await;
        world.bot.audited().await;
        assert_eq!((world.balance().await, world.is_signed_in("before").await), (None, false), "{writes}");
        assert_eq!(world.watch().await.forgotten, 1, "{writes}");
        world.let_go().await;
        world.is_forgotten().await;
        assert_eq!(world.bot.balance(&world.bob.id).await, bob);
        assert_eq!(world.forget("forget").await, Outcome::Duplicate);
        assert_eq!(world.bot.answer(&world.ann, "!points").await, ["[Annabelle, you have 100 points]"]);
    });
    join_all(broken).await;
}

#[tokio::test]
async fn nothing_is_forgotten_where_the_first_transaction_fails() {
    let mut world = World::new().await;
    world.bot.context.deadline = Duration::from_millis(100);
    world.bot.faults.plan(|asked| (asked == "TransactWriteItems").then_some(Fault::Unreachable));
    let failed = on_forget(&world.bot.context, &click("forget"), &world.ann.id).await;
    assert!(matches!(failed, Err(AppError::Contended { .. })), "{failed:?}");
    world.bot.faults.stop();
    assert!(world.balance().await.is_some() && world.is_signed_in("before").await);
    assert_eq!(finish_forgetting(&world.bot.context).await.unwrap(), 0);
    assert_eq!(world.forget("forget").await, Outcome::Done);
}

#[tokio::test]
async fn whatever_goes_wrong_on_the_way_it_is_done_in_the_end() {
    for seed in 1..=4 {
        let world = World::new().await;
        world.bot.faults.at_random(25, EVERYTHING, seed);
        let outcome = world.forget("forget").await;
        // Whose first answer is lost cannot tell whether it was the first.
        assert!(matches!(outcome, Outcome::Done | Outcome::Duplicate), "{outcome:?}");
        // The watchdog comes each minute, whatever came of the minute before.
        for _ in 0..3 {
            let _ = finish_forgetting(&world.bot.context).await;
        }
        world.bot.faults.stop();
        finish_forgetting(&world.bot.context).await.unwrap();
        world.let_go().await;
        world.is_forgotten().await;
    }
}

#[tokio::test]
async fn one_who_cannot_be_forgotten_does_not_keep_others() {
    let world = World::new().await;
    world.forget_in_part(1).await;
    world.bot.clock.push(Span::seconds(1));
    let bob = on_forget(&world.bot.context, &click("bob"), &world.bob.id).await.unwrap();
    assert_eq!(bob, Outcome::Done);
    // Somebody has been at Annabelle's note with the table's console.
    let tamper = async |value| {
        world.bot.table.tamper("REWARD#red", "USE#id-Annabelle", "count", value).await;
    };
    tamper(AttributeValue::S("many".to_owned())).await;
    assert!(finish_forgetting(&world.bot.context).await.is_err(), "it is told");
    world.bot.clock.push(Span::minutes(3));
    assert!(finish_forgetting(&world.bot.context).await.is_err());
    let left = world.bot.store().all_leaving(10).await.unwrap();
    assert_eq!(left.iter().map(|left| &left.viewer).collect::<Vec<_>>(), [&world.ann.id], "Bob is gone");
    tamper(AttributeValue::N("1".to_owned())).await;
    assert_eq!(finish_forgetting(&world.bot.context).await.unwrap(), 1);
    world.bot.audited().await;
}

#[tokio::test]
async fn two_who_forget_the_same_viewer_do_it_once() {
    let world = World::new().await;
    world.forget_in_part(1).await;
    let processes = [world.bot.another_process(), world.bot.another_process(), world.bot.another_process()];
    for outcome in join_all(processes.iter().map(finish_forgetting)).await {
        outcome.unwrap();
    }
    world.let_go().await;
    world.is_forgotten().await;
}

#[tokio::test]
async fn whoever_is_slow_touches_nothing_of_somebody_who_came_back() {
    let world = World::new().await;
    world.forget_in_part(1).await;
    let store = world.bot.store();
    let slow = store.leaving(&world.ann.id).await.unwrap().unwrap();
    finish_forgetting(&world.bot.context).await.unwrap();
    world.bot.clock.push(Span::seconds(1));
    for line in ["!hydrate", "!green", "!cheer", "!charity 7"] {
        world.bot.answer(&world.ann, line).await;
    }
    let before = world.bot.table.items().await;
    let all: Vec<_> = rewards().into_iter().map(|reward| reward.id).collect();
    assert_eq!(store.forget_uses(&slow, &all).await.unwrap(), Commit::Stale);
    assert_eq!(store.forget_ledger(&slow).await.unwrap(), Erased::Stale);
    assert_eq!(store.forget_finished(&slow, "somebody").await.unwrap(), Erased::Stale);
    assert_eq!(store.end_forgetting(&slow, world.bot.now()).await.unwrap(), Commit::Stale);
    let still = Change::StillForgetting { viewer: world.ann.id.clone(), since: slow.since };
    let decision = Decision { changes: vec![still], effects: Vec::new() };
    assert_eq!(store.commit(None, world.bot.now(), &decision).await.unwrap(), Commit::Stale);
    assert_eq!(world.bot.table.items().await, before);
    assert_eq!(world.balance().await, Some(43));
    // And again, while they leave a second time.
    world.bot.clock.push(Span::seconds(1));
    world.forget("again").await;
    store.let_go(&slow).await.unwrap();
    store.let_go(&Leaving { gone_at: Some(world.bot.now()), ..slow }).await.unwrap();
    assert_eq!(
        store.all_leaving(10).await.unwrap().len(),
        1,
        "the second note is no longer that of the first"
    );
    world.let_go().await;
    world.is_forgotten().await;
}
