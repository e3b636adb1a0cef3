//! The end of votes and goals.

use ownchatbot_app::deadline::{DeadlineOutcome, on_deadline};
use ownchatbot_domain::reward::{Goal, Kind, Vote};
use ownchatbot_domain::{Reward, RewardId, Span, Timestamp};
use ownchatbot_testkit::builders::{crowd, person, points, reward};
use ownchatbot_testkit::clock::ManualClock;
use ownchatbot_testkit::faults::Fault;

use crate::ClockTest;

/// Ten minutes after the tests begin.
fn end() -> Timestamp {
    use ownchatbot_app::ports::Clock;
    ManualClock::default().now().saturating_add(Span::minutes(10))
}

fn vote() -> Reward {
    Reward { ends: Some(end()), ..reward("red", 10, Kind::Vote(Vote::default())) }
}

fn charity(gives_back: bool) -> Reward {
    let goal = Goal::new(points(1000), Vec::new()).unwrap().giving_back(gives_back);
    Reward { ends: Some(end()), ..reward("charity", 0, Kind::Goal(goal)) }
}

fn id(name: &str) -> RewardId {
    RewardId::new(name).unwrap()
}

fn closed(given_back: usize) -> DeadlineOutcome {
    DeadlineOutcome::Over { given_back }
}

#[tokio::test]
async fn vote_closes_on_time_without_a_run_and_is_announced_once() {
    let (test, ann) = (ClockTest::with(&[vote()]).await, person("Ann"));
    test.bot.answer(&ann, "!red").await;
    assert_eq!(on_deadline(&test.bot.context, &id("red")).await.unwrap(), DeadlineOutcome::NotOver);
    test.minutes(10);
    assert_eq!(test.bot.answer(&ann, "!red").await, ["[Ann, the vote for red is closed.]"]);
    assert_eq!(on_deadline(&test.bot.context, &id("red")).await.unwrap(), closed(0));
    assert_eq!(on_deadline(&test.bot.context, &id("red")).await.unwrap(), closed(0), "a repeat says nothing");
    let said: Vec<String> = test.said().await.into_iter().filter(|line| line.contains("ended")).collect();
    assert_eq!(said, ["The vote for red has ended: 1 vote."]);
    assert_eq!(on_deadline(&test.bot.context, &id("nobody")).await.unwrap(), DeadlineOutcome::NotOver);
}

#[tokio::test]
async fn missed_goal_returns_contributions_once() {
    let (test, people) = (ClockTest::with(&[charity(true)]).await, crowd(70));
    for (n, person) in (1..).zip(&people) {
        test.bot.answer(person, &format!("!charity {}", n % 9 + 1)).await;
    }
    let given: i64 = (1..=70).map(|n| n % 9 + 1).sum();
    assert_eq!(test.bot.verify_totals().await, 7000 - given);
    test.minutes(10);
    let late = test.bot.answer(&people[0], "!charity 5").await.join("");
    assert!(late.starts_with("[Viewer0, the time for charity has run out."), "{late}");
    // The response to the third transaction is lost.
    let mut sent = 0;
    test.bot.faults.plan(move |asked| {
        sent += i32::from(asked == "TransactWriteItems");
        (asked == "TransactWriteItems" && sent == 3).then_some(Fault::LostAnswer)
    });
    on_deadline(&test.bot.context, &id("charity")).await.unwrap();
    test.bot.faults.stop();
    assert_eq!(test.bot.verify_totals().await, 7000, "everybody has their points back");
    let usage = test.bot.store().usages(&[id("charity")]).await.unwrap().remove(&id("charity")).unwrap();
    assert_eq!((usage.points.get(), usage.count), (0, 0));
    assert_eq!(on_deadline(&test.bot.context, &id("charity")).await.unwrap(), closed(0));
    assert_eq!(test.bot.verify_totals().await, 7000);
}

#[tokio::test]
async fn missed_goal_without_returns_keeps_points_and_thanks() {
    let (test, ann) = (ClockTest::with(&[charity(false)]).await, person("Ann"));
    test.bot.answer(&ann, "!charity 40").await;
    test.minutes(10);
    assert_eq!(on_deadline(&test.bot.context, &id("charity")).await.unwrap(), closed(0));
    assert_eq!(
        test.said().await.last().unwrap(),
        "The time for charity has run out at 40 of 1,000 points. Thank you for every point."
    );
    assert_eq!(test.bot.balance(&ann.id).await, 60);
}

#[tokio::test]
async fn watchdog_announces_an_end_whose_run_was_lost() {
    let (test, ann) = (ClockTest::with(&[charity(true), vote()]).await, person("Ann"));
    test.bot.answer(&ann, "!charity 40").await;
    test.minutes(9);
    assert_eq!(test.watch().await.ended, 0);
    test.minutes(1);
    assert_eq!(test.watch().await.ended, 2);
    assert_eq!(test.bot.balance(&ann.id).await, 100);
    assert_eq!(test.watch().await.ended, 0);
    assert_eq!(
        test.said()
            .await
            .iter()
            .filter(|line| line.contains(" has ended") || line.contains(" has run out"))
            .count(),
        2
    );
}

#[tokio::test]
async fn watchdog_completes_returns_that_were_killed() {
    let (test, people) = (ClockTest::with(&[charity(true)]).await, crowd(50));
    for person in &people {
        test.bot.answer(person, "!charity 3").await;
    }
    test.minutes(10);
    // The end is announced, the first thirty viewers get their points back, and the rest of the run fails.
    let mut sent = 0;
    test.bot.faults.plan(move |asked| {
        sent += i32::from(asked == "TransactWriteItems");
        (sent > 2).then_some(Fault::Unreachable)
    });
    let charity = id("charity");
    let run = on_deadline(&test.bot.context, &charity);
    assert!(tokio::time::timeout(std::time::Duration::from_millis(500), run).await.is_err());
    test.bot.faults.stop();
    assert!(test.bot.verify_totals().await < 5000);
    assert_eq!(test.watch().await.ended, 1);
    assert_eq!(test.bot.verify_totals().await, 5000);
}
