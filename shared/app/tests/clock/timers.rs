//! Timers that end.

use ownchatbot_app::timer::{TimerOutcome, on_timer};
use ownchatbot_domain::{Span, Timing};
use ownchatbot_testkit::builders::{event, moderator};
use ownchatbot_testkit::faults::Fault;

use crate::{World, put};

impl World {
    /// A moderator sets a timer; the message's id is `id`.
    async fn sets(&self, id: &str, command: &str) {
        self.bot.hears(id, &moderator("Meg"), command).await.unwrap();
    }
}

#[tokio::test]
async fn a_timer_is_said_at_its_very_end_however_early_it_is_woken() {
    let world = World::new().await;
    world.sets("t", "!timer 3m pizza").await;
    let effects: Vec<_> =
        world.bot.outbox(&event("t")).await.into_iter().filter_map(|row| row.effect).collect();
    let timing = put(&effects)[0].timing;
    assert_eq!(timing, Timing::Once { at: world.now().plus(Span::seconds(105)) }, "75 s before its end");
    world.bot.clock.push(Span::seconds(110));
    let (id, clock) = (event("t"), world.bot.clock.clone());
    let waiting = on_timer(&world.bot.context, &id);
    let passes = async {
        for _ in 0..7 {
            tokio::time::sleep(std::time::Duration::from_millis(300)).await;
            clock.push(Span::seconds(10));
        }
    };
    let (outcome, ()) = tokio::join!(waiting, passes);
    assert_eq!(outcome.unwrap(), TimerOutcome::Ended);
    assert_eq!(world.said().await.last().unwrap(), "Time is up: pizza");
    let said =
        world.bot.outbox(&ownchatbot_domain::EventId::parse("schedule:timer-owncast:t").unwrap()).await;
    let late = said[0].created_at.since(world.now().minus(Span::seconds(0)));
    assert_eq!(late, Span::ZERO);
    assert_eq!(on_timer(&world.bot.context, &id).await.unwrap(), TimerOutcome::Gone, "a repeat says nothing");
    assert_eq!(world.timers().await, [""; 0]);
}

#[tokio::test]
async fn a_timer_that_is_cancelled_while_its_run_waits_says_nothing() {
    let world = World::new().await;
    world.sets("t", "!timer 60 pizza").await;
    world.bot.clock.push(Span::seconds(30));
    let id = event("t");
    let cancels = async {
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
        world.sets("c", "!timer cancel pizza").await;
        world.bot.clock.push(Span::seconds(30));
    };
    let (outcome, ()) = tokio::join!(on_timer(&world.bot.context, &id), cancels);
    assert_eq!(outcome.unwrap(), TimerOutcome::Gone);
    assert!(!world.said().await.iter().any(|line| line.starts_with("Time is up")));
}

#[tokio::test]
async fn a_timer_whose_run_was_lost_is_ended_by_the_watchdog() {
    let world = World::new().await;
    world.sets("a", "!timer 60 tea").await;
    world.sets("b", "!timer 10m").await;
    world.bot.clock.push(Span::seconds(70));
    assert_eq!(world.watch().await.ended, 0, "its run may be on its way");
    world.bot.clock.push(Span::seconds(60));
    assert_eq!(world.watch().await.ended, 1);
    assert_eq!(world.said().await.last().unwrap(), "Time is up: tea");
    assert_eq!(world.timers().await, [""]);
    assert_eq!(world.watch().await.ended, 0);
}

#[tokio::test]
async fn a_run_that_comes_much_too_early_does_not_wait() {
    let world = World::new().await;
    world.sets("t", "!timer 1h").await;
    assert_eq!(on_timer(&world.bot.context, &event("t")).await.unwrap(), TimerOutcome::Later);
}

#[tokio::test]
async fn two_runs_and_lost_answers_say_it_once() {
    let world = World::new().await;
    world.sets("t", "!timer 30 tea").await;
    world.bot.clock.push(Span::seconds(30));
    let mut lost = 0;
    world.bot.faults.plan(move |asked| {
        lost += i32::from(asked == "TransactWriteItems");
        (asked == "TransactWriteItems" && lost == 1).then_some(Fault::LostAnswer)
    });
    let (id, other) = (event("t"), world.bot.another_process());
    let (a, b) = tokio::join!(on_timer(&world.bot.context, &id), on_timer(&other, &id));
    assert!(a.is_ok() && b.is_ok());
    let ends = world.said().await.iter().filter(|line| line.starts_with("Time is up")).count();
    assert_eq!(ends, 1);
}
