//! The end of timers.

use ownchatbot_app::timer::{TimerOutcome, on_timer};
use ownchatbot_domain::{Span, Timing};
use ownchatbot_testkit::builders::{event, moderator};
use ownchatbot_testkit::faults::Fault;

use crate::{ClockTest, put};

impl ClockTest {
    /// A moderator sets a timer; the message's id is `id`.
    async fn sets(&self, id: &str, command: &str) {
        self.bot.hears(id, &moderator("Meg"), command).await.unwrap();
    }
}

#[tokio::test]
async fn timer_is_announced_at_its_end_when_the_run_starts_early() {
    let test = ClockTest::new().await;
    test.sets("t", "!timer 3m pizza").await;
    let effects: Vec<_> =
        test.bot.outbox(&event("t")).await.into_iter().filter_map(|row| row.effect).collect();
    let timing = put(&effects)[0].timing;
    assert_eq!(
        timing,
        Timing::Once { at: test.now().saturating_add(Span::seconds(105)) },
        "75 s before its end"
    );
    test.bot.clock.push(Span::seconds(110));
    let (id, clock) = (event("t"), test.bot.clock.clone());
    let waiting = on_timer(&test.bot.context, &id);
    let passes = async {
        for _ in 0..7 {
            tokio::time::sleep(std::time::Duration::from_millis(300)).await;
            clock.push(Span::seconds(10));
        }
    };
    let (outcome, ()) = tokio::join!(waiting, passes);
    assert_eq!(outcome.unwrap(), TimerOutcome::Ended);
    assert_eq!(test.said().await.last().unwrap(), "Time is up: pizza");
    let said = test.bot.outbox(&ownchatbot_domain::EventId::parse("schedule:timer-owncast:t").unwrap()).await;
    let late = said[0].created_at.since(test.now().saturating_sub(Span::seconds(0)));
    assert_eq!(late, Span::ZERO);
    assert_eq!(on_timer(&test.bot.context, &id).await.unwrap(), TimerOutcome::Gone, "a repeat says nothing");
    assert_eq!(test.timers().await, [""; 0]);
}

#[tokio::test]
async fn timer_cancelled_while_its_run_waits_announces_nothing() {
    let test = ClockTest::new().await;
    test.sets("t", "!timer 60 pizza").await;
    test.bot.clock.push(Span::seconds(30));
    let id = event("t");
    let cancels = async {
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
        test.sets("c", "!timer cancel pizza").await;
        test.bot.clock.push(Span::seconds(30));
    };
    let (outcome, ()) = tokio::join!(on_timer(&test.bot.context, &id), cancels);
    assert_eq!(outcome.unwrap(), TimerOutcome::Gone);
    assert!(!test.said().await.iter().any(|line| line.starts_with("Time is up")));
}

#[tokio::test]
async fn watchdog_ends_a_timer_whose_run_was_lost() {
    let test = ClockTest::new().await;
    test.sets("a", "!timer 60 tea").await;
    test.sets("b", "!timer 10m").await;
    test.bot.clock.push(Span::seconds(70));
    assert_eq!(test.watch().await.ended, 0, "the timer's own run may be late");
    test.bot.clock.push(Span::seconds(60));
    assert_eq!(test.watch().await.ended, 1);
    assert_eq!(test.said().await.last().unwrap(), "Time is up: tea");
    assert_eq!(test.timers().await, [""]);
    assert_eq!(test.watch().await.ended, 0);
}

#[tokio::test]
async fn run_that_is_much_too_early_does_not_wait() {
    let test = ClockTest::new().await;
    test.sets("t", "!timer 1h").await;
    assert_eq!(on_timer(&test.bot.context, &event("t")).await.unwrap(), TimerOutcome::Later);
}

#[tokio::test]
async fn concurrent_runs_with_a_lost_response_announce_once() {
    let test = ClockTest::new().await;
    test.sets("t", "!timer 30 tea").await;
    test.bot.clock.push(Span::seconds(30));
    let mut lost = 0;
    test.bot.faults.plan(move |asked| {
        lost += i32::from(asked == "TransactWriteItems");
        (asked == "TransactWriteItems" && lost == 1).then_some(Fault::LostAnswer)
    });
    let (id, other) = (event("t"), test.bot.another_process());
    let (a, b) = tokio::join!(on_timer(&test.bot.context, &id), on_timer(&other, &id));
    assert!(a.is_ok() && b.is_ok());
    let ends = test.said().await.iter().filter(|line| line.starts_with("Time is up")).count();
    assert_eq!(ends, 1);
}
