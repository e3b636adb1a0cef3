use ownchatbot_domain::{EventId, RewardId, Source};

use super::super::Targets;
use super::*;

/// 2026-09-10 18:00 UTC.
fn now() -> Timestamp {
    Timestamp::from_ms(1_789_063_200_000)
}

fn timer() -> Task {
    Task::Timer(EventId::new(Source::Owncast, "a:\"b\"").unwrap())
}

fn deadline() -> Task {
    Task::Deadline(RewardId::new("song").unwrap())
}

fn stack() -> Stack {
    let targets = Targets {
        points_tick: "arn:points".to_owned(),
        announcements: "arn:announcements".to_owned(),
        deadlines: "arn:deadlines".to_owned(),
    };
    Stack {
        group: "bot".to_owned(),
        role_arn: "arn:role".to_owned(),
        dead_letters_arn: "arn:dead".to_owned(),
        targets,
    }
}

fn every(interval: Span, from: Timestamp) -> Schedule {
    Schedule { task: Task::PointsTick, timing: Timing::Every { interval, from, on: true } }
}

fn fields(schedule: &Schedule) -> Fields {
    Fields::of(schedule, &stack(), now()).unwrap()
}

#[test]
fn names_fit_eventbridge_and_identify_the_task() {
    assert_eq!(name(&Task::PointsTick), "points-tick");
    assert_eq!(name(&Task::Announcements), "announcements");
    assert_eq!(name(&deadline()), name(&deadline()));
    assert_ne!(name(&deadline())[9..], name(&timer())[6..]);
    for task in [timer(), deadline(), Task::Deadline(RewardId::new("ü ".repeat(40)).unwrap())] {
        let name = name(&task);
        assert!(name.len() <= 64 && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-'), "{name}");
        assert_eq!(name.split_once('-').unwrap().1.len(), 32, "{name}");
    }
}

#[test]
fn intervals_are_rounded_up_to_whole_minutes() {
    for (interval, rate) in [
        (Span::ZERO, "rate(1 minute)"),
        (Span::seconds(5), "rate(1 minute)"),
        (Span::minutes(1), "rate(1 minute)"),
        (Span::seconds(61), "rate(2 minutes)"),
        (Span::minutes(10), "rate(10 minutes)"),
    ] {
        assert_eq!(fields(&every(interval, now())).expression, rate);
    }
}

#[test]
fn recurring_schedule_never_begins_in_the_past() {
    let start =
        |from: Timestamp| fields(&every(Span::minutes(10), from)).start.unwrap().secs() - now().seconds();
    assert_eq!(start(now()), 0);
    assert_eq!(start(now().saturating_add(Span::from_ms(599_001))), 600, "never early");
    assert_eq!(start(now().saturating_sub(Span::seconds(1))), 599);
    assert_eq!(start(now().saturating_sub(Span::minutes(95))), 300, "at its next planned time");
    assert_eq!(start(now().saturating_sub(Span::seconds(595))), 605, "not while the request is on its way");
}

#[test]
fn past_single_time_is_moved_ahead_and_keeps_its_slot() {
    let once = |at: Timestamp| fields(&Schedule { task: timer(), timing: Timing::Once { at } });
    let at = now().saturating_add(Span::from_ms(90_001));
    assert_eq!(once(at).expression, "at(2026-09-10T18:01:31)");
    let input: serde_json::Value = serde_json::from_str(once(at).target.input().unwrap()).unwrap();
    assert_eq!(input, json!({ "task": timer().to_string(), "slot": "2026-09-10T18:01:30.001Z" }));
    let late = once(now().saturating_sub(Span::minutes(5)));
    assert_eq!(late.expression, "at(2026-09-10T18:00:10)");
    assert!(late.target.input().unwrap().contains("2026-09-10T17:55:00Z"));
    assert_eq!(late.afterwards, ActionAfterCompletion::Delete);
}

#[test]
fn each_task_calls_its_function() {
    let at = Timing::Once { at: now() };
    for (task, arn, seconds) in [
        (Task::PointsTick, "arn:points", 300),
        (Task::Announcements, "arn:announcements", 120),
        (timer(), "arn:deadlines", 3600),
        (deadline(), "arn:deadlines", 86_400),
    ] {
        let target = fields(&Schedule { task, timing: at }).target;
        assert_eq!((target.arn(), target.role_arn()), (arn, "arn:role"));
        assert_eq!(target.dead_letter_config().unwrap().arn(), Some("arn:dead"));
        assert_eq!(target.retry_policy().unwrap().maximum_event_age_in_seconds(), Some(seconds));
    }
    let target = fields(&every(Span::minutes(10), now())).target;
    let input: serde_json::Value = serde_json::from_str(target.input().unwrap()).unwrap();
    assert_eq!(input, json!({ "task": "points-tick", "slot": PLANNED }));
}
