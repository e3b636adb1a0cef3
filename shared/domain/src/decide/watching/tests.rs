use super::*;
use crate::decide::testing::{CommandTest, points};
use crate::settings::{Grace, StreakReward};
use crate::{Streak, Timestamp, ViewerId};

#[test]
fn uptime_counts_from_the_beginning_of_the_stream() {
    let mut test = CommandTest::new(0);
    assert_eq!(test.refusal("!uptime"), "The stream is offline.");
    test.live();
    test.stream.began = Some(test.now.saturating_sub(Span::minutes(65)));
    assert_eq!(test.refusal("!uptime"), "The stream has been live for 1 h 5 min.");
    test.stream.began = Some(test.now.saturating_add(Span::minutes(5)));
    assert_eq!(test.refusal("!uptime"), "The stream has been live for 0 s.", "the clock was set back");
    test.stream.began = None;
    assert_eq!(test.refusal("!uptime"), "The stream is live.");
}

#[test]
fn watchtime_shows_the_time_watched() {
    let mut test = CommandTest::new(0);
    let none = "Ann, you have not watched yet. Time counts while you are in chat and the stream is live.";
    assert_eq!(test.refusal("!watchtime"), none);
    for (seconds, time) in [(45, "45 s"), (600, "10 min"), (3600 * 30 + 120, "30 h 2 min")] {
        test.account.watched_seconds = seconds;
        assert_eq!(test.refusal("!watchtime"), format!("Ann, you have watched for {time} in all."));
    }
    test.account.watched_seconds = i64::MAX;
    assert!(test.refusal("!watchtime").contains(" h "));
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
        "Ann, your streak is 1 and your best 3. The next stream brings 10 points, and from 5 in a row each brings 25."
    );
    assert_eq!(
        answer(4, 4),
        "Ann, your streak is 4 and your best 4. The next stream brings 25 points, and from 10 in a row each brings 50."
    );
    assert_eq!(answer(12, 20), "Ann, your streak is 12 and your best 20. The next stream brings 50 points.");
    let mut test = watched(30, 30, 1, 1);
    test.config.settings.streaks.rewards = vec![StreakReward { length: 7, points: points(70) }];
    assert_eq!(
        test.refusal("!streak"),
        "Ann, your streak is 1 and your best 1. From 7 in a row, each stream brings 70 points."
    );
    test.config.settings.streaks.rewards.clear();
    assert_eq!(test.refusal("!streak"), "Ann, your streak is 1 and your best 1.");
}

#[test]
fn missed_stream_ends_the_streak_unless_grace_allows_it() {
    let mut test = watched(5, 4, 3, 8);
    let ended = "Ann, your streak has ended; your best is 8. Watch a stream for 10 min to begin a new one.";
    assert_eq!(test.refusal("!streak"), ended);
    test.config.settings.streaks.grace = Grace::Missed(1);
    assert!(test.refusal("!streak").starts_with("Ann, your streak is 3 and your best 8."));
}

#[test]
fn live_stream_is_not_missed_yet() {
    let mut test = watched(5, 4, 3, 8);
    (test.stream.newest, test.stream.live) = (Some(day(5)), true);
    assert!(test.refusal("!streak").starts_with("Ann, your streak is 3 and your best 8."));
    test.stream.live = false;
    assert!(
        test.refusal("!streak").starts_with("Ann, your streak has ended"),
        "it has ended, and was missed"
    );
}

#[test]
fn viewer_without_a_streak_learns_how_to_begin_one() {
    let mut test = CommandTest::new(0);
    test.config.settings.streaks.watch = Span::minutes(15);
    assert_eq!(
        test.refusal("!streak"),
        "Ann, you have no streak yet. Watch a stream for 15 min to begin one."
    );
    test.config.settings.streaks.on = false;
    assert_eq!(test.refusal("!streak"), "Ann, streams in a row are not counted here.");
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
    assert_eq!(test.refusal("!top"), r"Most points: 1. \*Bob\* 500, 2. Cy 50, 3. Ann 5");
    assert_eq!(test.refusal("!top points"), test.refusal("!top"));
    assert_eq!(test.refusal("!top watchtime"), r"Longest watched: 1. Ann 2 h, 2. \*Bob\* 1 min");
    test.entries.extend((0..9).map(|n| entry(&format!("v{n}"), 1000, 0)));
    assert_eq!(
        test.refusal("!top"),
        "Most points: 1. v0 1000, 2. v1 1000, 3. v2 1000, 4. v3 1000, 5. v4 1000"
    );
}

#[test]
fn empty_board_and_unknown_order_are_explained() {
    let empty = "Nobody is on the board yet. It fills while people watch the stream.";
    assert_eq!(CommandTest::new(0).refusal("!top"), empty);
    let usage = "Write !top for points, !top watchtime for time watched, or !top off to stay off the boards.";
    assert_eq!(with_board().refusal("!top ten"), usage);
}

#[test]
fn hidden_viewers_are_not_listed() {
    let mut test = with_board();
    insta::assert_snapshot!(test.check("!top off"), @r#"
    HideFromBoards { viewer: ViewerId("id-Ann"), hidden: true }
    whisper to 7: Ann, you are not shown on boards. !top on changes that.
    "#);
    assert_eq!(
        test.refusal("!top on"),
        "Ann, you are shown on boards. !top off changes that.",
        "shown already"
    );
    test.account.hidden = true;
    test.entries[1].hidden = true;
    assert_eq!(
        test.refusal("!top"),
        "Most points: 1. Cy 50, 2. Ann 5. You are not shown; !top on changes that."
    );
    assert_eq!(
        test.refusal("!top watchtime"),
        "Longest watched: 1. Ann 2 h. You are not shown; !top on changes that."
    );
    assert_eq!(
        test.refusal("!top off"),
        "Ann, you are not shown on boards. !top on changes that.",
        "hidden already"
    );
    assert!(
        test.check("!top on").starts_with("HideFromBoards { viewer: ViewerId(\"id-Ann\"), hidden: false }")
    );
}
