use super::*;
use crate::decide::testing::{CommandTest, points};
use crate::settings::{Grace, StreakReward};
use crate::{Streak, Timestamp, ViewerId};

#[test]
fn uptime_counts_from_the_beginning_of_the_stream() {
    let mut test = CommandTest::new(0);
    assert_eq!(test.refusal("!uptime"), "uptime_offline");
    test.live();
    test.stream.began = Some(test.now.saturating_sub(Span::minutes(65)));
    assert_eq!(test.refusal("!uptime"), "uptime: time=1:05:00");
    test.stream.began = Some(test.now.saturating_add(Span::minutes(5)));
    assert_eq!(test.refusal("!uptime"), "uptime: time=0:00", "the clock was set back");
    test.stream.began = None;
    assert_eq!(test.refusal("!uptime"), "uptime_live");
}

#[test]
fn watchtime_shows_the_time_watched() {
    let mut test = CommandTest::new(0);
    let none = "watchtime_none: name=Ann";
    assert_eq!(test.refusal("!watchtime"), none);
    for (seconds, time) in [(45, "0:45"), (600, "10:00"), (3600 * 30 + 120, "30:02:00")] {
        test.account.watched_seconds = seconds;
        assert_eq!(test.refusal("!watchtime"), format!("watchtime: name=Ann, time={time}"));
    }
    test.account.watched_seconds = i64::MAX;
    assert!(test.refusal("!watchtime").starts_with("watchtime: name=Ann, time=2562047788015:"));
}

fn day(day: u32) -> StreamId {
    StreamId::begun_at(Timestamp::from_ms(0).saturating_add(Span::days(day)))
}

/// There were streams on days 1 to `streams`, and Ann has watched `length` of them in a row, the last one on
/// day `last`.
fn watched(streams: u32, last: u32, length: u32, best: u32) -> CommandTest {
    let mut test = CommandTest::new(0);
    test.stream.counted = (1..=streams).map(day).collect();
    test.account.streak = Streak { length, best, last: Some(day(last)), ..Streak::default() };
    test
}

#[test]
fn streak_shows_the_next_rewards() {
    let answer = |length, best| watched(30, 30, length, best).refusal("!streak");
    assert_eq!(
        answer(1, 3),
        "own_streak_next_and_from: name=Ann, length=1, best=3, points=10, from=5, more=25"
    );
    assert_eq!(
        answer(4, 4),
        "own_streak_next_and_from: name=Ann, length=4, best=4, points=25, from=10, more=50"
    );
    assert_eq!(answer(12, 20), "own_streak_next: name=Ann, length=12, best=20, points=50");
    let mut test = watched(30, 30, 1, 1);
    test.config.settings.streaks.rewards = vec![StreakReward { length: 7, points: points(70) }];
    assert_eq!(test.refusal("!streak"), "own_streak_from: name=Ann, length=1, best=1, from=7, points=70");
    test.config.settings.streaks.rewards.clear();
    assert_eq!(test.refusal("!streak"), "own_streak: name=Ann, length=1, best=1");
}

#[test]
fn missed_stream_ends_the_streak_unless_grace_allows_it() {
    let mut test = watched(5, 4, 3, 8);
    let ended = "streak_over: name=Ann, best=8, watch=10:00";
    assert_eq!(test.refusal("!streak"), ended);
    test.config.settings.streaks.grace = Grace::Missed(1);
    assert!(test.refusal("!streak").starts_with("own_streak_next_and_from: name=Ann, length=3, best=8"));
}

#[test]
fn live_stream_is_not_missed_yet() {
    let mut test = watched(5, 4, 3, 8);
    (test.stream.newest, test.stream.live) = (Some(day(5)), true);
    assert!(test.refusal("!streak").starts_with("own_streak_next_and_from: name=Ann, length=3, best=8"));
    test.stream.live = false;
    assert!(test.refusal("!streak").starts_with("streak_over: name=Ann"), "it has ended, and was missed");
}

#[test]
fn viewer_without_a_streak_learns_how_to_begin_one() {
    let mut test = CommandTest::new(0);
    test.config.settings.streaks.watch = Span::minutes(15);
    assert_eq!(test.refusal("!streak"), "streak_none: name=Ann, watch=15:00");
    test.config.settings.streaks.on = false;
    assert_eq!(test.refusal("!streak"), "streak_off: name=Ann");
}

fn entry(name: &str, balance: i64, watched_seconds: i64) -> BoardEntry {
    BoardEntry {
        viewer: ViewerId::new(name).unwrap(),
        name: name.to_owned(),
        balance: points(balance),
        watched_seconds,
        hidden: false,
    }
}

fn with_board() -> CommandTest {
    let mut test = CommandTest::new(0);
    test.entries = vec![entry("Ann", 5, 7200), entry("*Bob*", 500, 60), entry("Cy", 50, 0)];
    test
}

#[test]
fn top_lists_the_first_of_the_leaderboard() {
    let mut test = with_board();
    assert_eq!(
        test.refusal("!top"),
        "top_points: list=[place_by_points: place=1, name=*Bob*, points=500; place_by_points: place=2, name=Cy, points=50; place_by_points: place=3, name=Ann, points=5]"
    );
    assert_eq!(test.refusal("!top points"), test.refusal("!top"));
    assert_eq!(
        test.refusal("!top watchtime"),
        "top_watched: list=[place_by_time: place=1, name=Ann, time=2:00:00; place_by_time: place=2, name=*Bob*, time=1:00]"
    );
    test.entries.extend((0..9).map(|n| entry(&format!("v{n}"), 1000, 0)));
    assert_eq!(
        test.refusal("!top"),
        "top_points: list=[place_by_points: place=1, name=v0, points=1000; place_by_points: place=2, name=v1, points=1000; place_by_points: place=3, name=v2, points=1000; place_by_points: place=4, name=v3, points=1000; place_by_points: place=5, name=v4, points=1000]"
    );
}

#[test]
fn empty_board_and_unknown_order_are_explained() {
    let empty = "top_empty";
    assert_eq!(CommandTest::new(0).refusal("!top"), empty);
    let usage = "top_howto: prefix=!";
    assert_eq!(with_board().refusal("!top ten"), usage);
}

#[test]
fn hidden_viewers_are_not_listed() {
    let mut test = with_board();
    insta::assert_snapshot!(test.check("!top off"), @r#"
    HideFromBoards { viewer: ViewerId("id-Ann"), hidden: true }
    whisper to 7: boards_off: name=Ann, prefix=!
    "#);
    assert_eq!(test.refusal("!top on"), "boards_on: name=Ann, prefix=!", "shown already");
    test.account.hidden = true;
    test.entries[1].hidden = true;
    assert_eq!(
        test.refusal("!top"),
        "top_points_without_you: list=[place_by_points: place=1, name=Cy, points=50; place_by_points: place=2, name=Ann, points=5], prefix=!"
    );
    assert_eq!(
        test.refusal("!top watchtime"),
        "top_watched_without_you: list=[place_by_time: place=1, name=Ann, time=2:00:00], prefix=!"
    );
    assert_eq!(test.refusal("!top off"), "boards_off: name=Ann, prefix=!", "hidden already");
    assert!(
        test.check("!top on").starts_with("HideFromBoards { viewer: ViewerId(\"id-Ann\"), hidden: false }")
    );
}
