//! Tests of the ends of timers, votes and goals, through the handler that Lambda calls.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test")]

use deadlines::{DeadlineEvent, Ended, handle};
use ownchatbot_app::deadline::DeadlineOutcome;
use ownchatbot_app::ports::Clock;
use ownchatbot_app::timer::TimerOutcome;
use ownchatbot_app::{Context, RunError};
use ownchatbot_domain::reward::{Kind, Vote};
use ownchatbot_domain::{EventId, Source, Span};
use ownchatbot_testkit::bot::Bot;
use ownchatbot_testkit::builders::{moderator, person, reward};
use ownchatbot_testkit::clock::ManualClock;
use ownchatbot_testkit::faults::Fault;
use serde_json::json;

const OVER: Ended = Ended::Deadline(DeadlineOutcome::Over { given_back: 0 });

/// The event that the schedule of `task` sends.
fn event(task: &str) -> DeadlineEvent {
    let event = json!({ "task": task, "slot": "2026-09-10T18:05:00.001Z" });
    serde_json::from_str(&event.to_string()).unwrap()
}

/// The bot with a timer of five minutes, set by the message `t`.
async fn with_timer() -> (Bot, Context<ManualClock>) {
    let bot = Bot::new().await;
    bot.hears("t", &moderator("Mo"), "!timer 5m tea").await.unwrap();
    let context = bot.another_process();
    (bot, context)
}

async fn lines(bot: &Bot, what: &str) -> Vec<String> {
    bot.lines(&EventId::new(Source::Schedule, what).unwrap()).await
}

#[test]
fn events_without_task_or_planned_time_are_not_parsed() {
    let read = |text: &str| serde_json::from_str::<DeadlineEvent>(text);
    let slot = "2026-09-10T18:05:00Z";
    for task in ["timer:owncast:t", "deadline:song", "points-tick"] {
        assert_eq!(read(&json!({ "task": task, "slot": slot }).to_string()).unwrap().task.to_string(), task);
    }
    for event in [
        json!({ "task": "dance", "slot": slot }),
        json!({ "task": "timer:", "slot": slot }),
        json!({ "task": "deadline:a#b", "slot": slot }),
        json!({ "task": 1, "slot": slot }),
        json!({ "task": "deadline:song", "slot": "<aws.scheduler.scheduled-time>" }),
        json!({ "task": "deadline:song" }),
        json!({ "slot": slot }),
        json!([]),
        json!(null),
    ] {
        assert!(read(&event.to_string()).is_err(), "{event}");
    }
}

#[tokio::test]
async fn timer_ends_once() {
    let (bot, context) = with_timer().await;
    bot.clock.push(Span::minutes(5));
    assert_eq!(handle(&context, event("timer:owncast:t")).await.unwrap(), Ended::Timer(TimerOutcome::Ended));
    for _ in 0..2 {
        assert_eq!(
            handle(&context, event("timer:owncast:t")).await.unwrap(),
            Ended::Timer(TimerOutcome::Gone)
        );
    }
    assert_eq!(lines(&bot, "timer-owncast:t").await, ["Time is up: tea"]);
}

#[tokio::test]
async fn early_run_waits_for_the_end() {
    let (bot, context) = with_timer().await;
    bot.clock.push(Span::minutes(4));
    let wait = async {
        assert_eq!(lines(&bot, "timer-owncast:t").await, Vec::<String>::new());
        bot.clock.push(Span::minutes(1));
    };
    let (ended, ()) = tokio::join!(handle(&context, event("timer:owncast:t")), wait);
    assert_eq!(ended.unwrap(), Ended::Timer(TimerOutcome::Ended));
}

#[tokio::test]
async fn cancelled_timer_ends_without_a_line() {
    let (bot, context) = with_timer().await;
    bot.answer(&moderator("Mo"), "!timer cancel tea").await;
    bot.clock.push(Span::minutes(5));
    assert_eq!(handle(&context, event("timer:owncast:t")).await.unwrap(), Ended::Timer(TimerOutcome::Gone));
    assert_eq!(lines(&bot, "timer-owncast:t").await, Vec::<String>::new());
}

#[tokio::test]
async fn vote_ends_once_and_not_early() {
    let mut vote = reward("red", 10, Kind::Vote(Vote::default()));
    let ends = ManualClock::default().now().saturating_add(Span::minutes(5));
    vote.ends = Some(ends);
    let bot = Bot::with_rewards(&[vote]).await;
    bot.answer(&person("Ann"), "!red").await;
    let context = bot.another_process();
    let end = format!("end-red-{}", ends.sortable());
    assert_eq!(
        handle(&context, event("deadline:red")).await.unwrap(),
        Ended::Deadline(DeadlineOutcome::NotOver)
    );
    assert_eq!(lines(&bot, &end).await, Vec::<String>::new());
    bot.clock.push(Span::minutes(5));
    for _ in 0..3 {
        assert_eq!(handle(&context, event("deadline:red")).await.unwrap(), OVER);
    }
    assert_eq!(lines(&bot, &end).await.len(), 1);
    let unknown = handle(&context, event("deadline:blue")).await.unwrap();
    assert_eq!(unknown, Ended::Deadline(DeadlineOutcome::NotOver), "deleted by the streamer");
}

#[tokio::test]
async fn task_without_an_end_is_ignored_and_not_retried() {
    let bot = Bot::new().await;
    for task in ["points-tick", "announcements"] {
        assert_eq!(handle(&bot.context, event(task)).await.unwrap(), Ended::Refused);
    }
}

#[tokio::test]
async fn run_fails_while_the_table_is_down_and_its_retry_ends_the_timer() {
    let (bot, mut context) = with_timer().await;
    context.deadline = std::time::Duration::from_millis(200);
    bot.clock.push(Span::minutes(5));
    bot.faults.plan(|asked| (asked != "Query").then_some(Fault::Unreachable));
    let failed = handle(&context, event("timer:owncast:t")).await;
    assert!(matches!(failed, Err(RunError::App(_))), "{failed:?}");
    bot.faults.stop();
    assert_eq!(handle(&context, event("timer:owncast:t")).await.unwrap(), Ended::Timer(TimerOutcome::Ended));
}
