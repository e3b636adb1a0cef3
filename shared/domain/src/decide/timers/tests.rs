use super::*;
use crate::decide::testing::{CommandTest, event};

fn moderator() -> CommandTest {
    let mut test = CommandTest::new(0);
    test.asker.moderator = true;
    test
}

/// Sets running timers with these names. The first ends in a minute, the second in two, and so on.
fn running(test: &mut CommandTest, names: &[&str]) {
    let timer = |(name, minutes): (&&str, u32)| Timer {
        id: event(&format!("t{minutes}")),
        name: (*name).to_owned(),
        set_at: test.now,
        ends: test.now.saturating_add(Span::minutes(minutes)),
    };
    test.timers = Timers { version: 7, running: names.iter().zip(1..).map(timer).collect() };
}

#[test]
fn moderator_sets_a_timer() {
    insta::assert_snapshot!(moderator().check("!timer 5m pizza"), @r#"
    SetTimers { version: 0, running: [Timer { id: EventId { source: Owncast, id: "event" }, name: "pizza", set_at: Timestamp(1000000000), ends: Timestamp(1000300000) }] }
    say timer_set: timer=pizza, time=5:00
    schedule timer:owncast:event Once { at: Timestamp(1000225000) }
    "#);
    assert!(moderator().check("!timer 90").contains("say timer_set_unnamed: time=1:30"));
    assert!(
        moderator()
            .check("!timer 1h30m The big <one>")
            .contains("say timer_set: timer=The big <one>, time=1:30:00")
    );
}

#[test]
fn timers_are_sorted_by_their_end() {
    let mut test = moderator();
    running(&mut test, &["a", "b"]);
    let decision = test.decide("!timer 90 c");
    let [Change::Stream(StreamChange::SetTimers { version: 7, running })] = decision.changes.as_slice()
    else {
        panic!("{decision:?}")
    };
    assert_eq!(running.iter().map(|timer| timer.name.as_str()).collect::<Vec<_>>(), ["a", "c", "b"]);
}

#[test]
fn length_and_name_of_a_timer_are_bounded() {
    let test = moderator();
    for length in ["4", "0", "25h", "24h1s"] {
        let answer = test.refusal(&format!("!timer {length} x"));
        assert_eq!(answer, "timer_length: shortest=0:05, longest=24:00:00", "{length}");
    }
    for length in ["5", "24h"] {
        assert!(!test.decide(&format!("!timer {length} x")).changes.is_empty(), "{length}");
    }
    let name = "ä".repeat(40);
    assert!(!test.decide(&format!("!timer 5m {name}")).changes.is_empty());
    assert_eq!(test.refusal(&format!("!timer 5m {name}!")), "timer_name_too_long: length=41, max=40");
}

#[test]
fn overdue_timers_count_towards_the_maximum() {
    let mut test = moderator();
    running(&mut test, &["x"; MAX_TIMERS]);
    test.now = test.now.saturating_add(Span::minutes(30));
    let answer = test.refusal("!timer 5m pizza");
    assert!(
        answer.starts_with("timer_too_many: max=10, list=[timer_item: number=1, timer=x, time=0:00; "),
        "{answer}"
    );
    test.timers.running.pop();
    assert!(!test.decide("!timer 5m pizza").changes.is_empty());
}

#[test]
fn moderator_lists_running_timers() {
    let mut test = moderator();
    assert_eq!(test.refusal("!timer list"), "timer_none: prefix=!");
    running(&mut test, &["pizza", "", "2"]);
    assert_eq!(
        test.refusal("!timer list"),
        "timer_list: list=[timer_item: number=1, timer=pizza, time=1:00; timer_item_unnamed: number=2, time=2:00; timer_item: number=3, timer=2, time=3:00]"
    );
}

#[test]
fn timer_is_cancelled_by_name_or_number() {
    let mut test = moderator();
    running(&mut test, &["Pizza", "", "2", "pasta"]);
    insta::assert_snapshot!(test.check("!timer cancel pasta"), @r#"
    SetTimers { version: 7, running: [Timer { id: EventId { source: Owncast, id: "t1" }, name: "Pizza", set_at: Timestamp(1000000000), ends: Timestamp(1000060000) }, Timer { id: EventId { source: Owncast, id: "t2" }, name: "", set_at: Timestamp(1000000000), ends: Timestamp(1000120000) }, Timer { id: EventId { source: Owncast, id: "t3" }, name: "2", set_at: Timestamp(1000000000), ends: Timestamp(1000180000) }] }
    say timer_cancelled: timer=pasta
    unschedule timer:owncast:t4
    "#);
    let cancelled = |line: &str| test.decide(line).effects.last().cloned();
    let timer = |id| Some(Effect::Unschedule(Task::Timer(event(id))));
    assert_eq!(cancelled("!timer cancel PIZZA"), timer("t1"));
    assert_eq!(cancelled("!timer cancel 1"), timer("t1"));
    assert_eq!(cancelled("!timer cancel 2"), timer("t3"), "a name comes before a number");
    assert_eq!(cancelled("!timer cancel 4"), timer("t4"));
    assert!(
        test.refusal("!timer cancel 5").starts_with("timer_unknown: timer=5, list=[timer_item: number=1, timer=Pizza, time=1:00; timer_item_unnamed: number=2, ")
    );
    assert!(test.refusal("!timer cancel 0").starts_with("timer_unknown: timer=0, "));
    assert_eq!(moderator().refusal("!timer cancel x"), "timer_none: prefix=!");
}

#[test]
fn ambiguous_timer_asks_which_one_is_meant() {
    let mut test = moderator();
    running(&mut test, &["pizza", "PIZZA"]);
    let question = "timer_ambiguous: prefix=!, list=[timer_item: number=1, timer=pizza, time=1:00; timer_item: number=2, timer=PIZZA, time=2:00]";
    assert_eq!(test.refusal("!timer cancel pizza"), question);
    assert_eq!(test.refusal("!timer cancel"), question);
    running(&mut test, &[""]);
    assert!(test.check("!timer cancel").contains("say timer_cancelled_unnamed"), "there is only one");
}

#[test]
fn incomplete_command_gets_the_usage() {
    for line in ["!timer", "!timer pizza 5m", "!timer soon"] {
        insta::allow_duplicates! {
            insta::assert_snapshot!(moderator().refusal(line), @"timer_howto: prefix=!");
        }
    }
}

#[test]
fn timers_are_for_moderators() {
    let mut test = CommandTest::new(0);
    running(&mut test, &["pizza"]);
    for line in ["!timer", "!timer 5m", "!timer list", "!timer cancel pizza"] {
        assert_eq!(test.refusal(line), "moderators_command: name=Ann, prefix=!, command=timer", "{line}");
    }
}
