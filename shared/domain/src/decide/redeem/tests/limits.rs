//! Cooldowns, limits and stock, each at its exact boundary.

use crate::decide::testing::{CommandTest, used_at};
use crate::reward::{Cooldown, Kind, Scope, Vote};
use crate::{Span, StreamId, Timestamp, Usage};

const FIVE: Span = Span::minutes(5);

#[test]
fn cooldown_for_everybody_lasts_to_its_exact_end() {
    let mut test = CommandTest::new(100);
    test.reward("hydrate").cooldown = Some(Cooldown { length: FIVE, scope: Scope::Everybody });
    let used = test.now.saturating_sub(FIVE);
    test.everybody.last = used_at(used.saturating_add(Span::from_ms(1)));
    insta::assert_snapshot!(test.refusal("!hydrate"), @"cooling_down: name=Ann, reward=hydrate, wait=0:01");
    test.everybody.last = used_at(test.now);
    insta::assert_snapshot!(test.refusal("!hydrate"), @"cooling_down: name=Ann, reward=hydrate, wait=5:00");
    test.everybody.last = used_at(used);
    let (everybody, own) = test.guards("!hydrate");
    assert_eq!((everybody.rested_since, own.rested_since), (Some(used), None));
}

#[test]
fn cooldown_for_each_viewer_does_not_affect_others() {
    let mut test = CommandTest::new(100);
    test.reward("hydrate").cooldown = Some(Cooldown { length: FIVE, scope: Scope::EachViewer });
    test.everybody.last = used_at(test.now);
    let (everybody, own) = test.guards("!hydrate");
    assert_eq!((everybody.rested_since, own.rested_since), (None, Some(test.now.saturating_sub(FIVE))));
    test.own.last = used_at(test.now.saturating_sub(FIVE).saturating_add(Span::from_ms(1)));
    insta::assert_snapshot!(test.refusal("!hydrate"), @"cooling_down: name=Ann, reward=hydrate, wait=0:01");
    test.own.last = used_at(test.now.saturating_sub(FIVE));
    assert!(test.allows("!hydrate"));
}

#[test]
fn stock_can_be_used_up_completely() {
    let mut test = CommandTest::new(100);
    test.reward("hydrate").limits.stock = Some(3);
    test.everybody.count = 2;
    assert_eq!(test.guards("!hydrate").0.count_below, Some(3));
    test.everybody.count = 3;
    insta::assert_snapshot!(test.refusal("!hydrate"), @"sold_out: name=Ann, reward=hydrate");
}

#[test]
fn stock_of_zero_is_sold_out() {
    let mut test = CommandTest::new(100);
    test.reward("hydrate").limits.stock = Some(0);
    assert!(!test.allows("!hydrate"));
}

#[test]
fn limit_per_stream_resets_with_a_new_stream() {
    let mut test = CommandTest::new(100);
    let stream = test.live();
    test.reward("hydrate").limits.per_stream = Some(2);
    test.everybody = Usage { count: 9, in_stream: 1, stream: Some(stream.clone()), ..Usage::default() };
    let (everybody, own) = test.guards("!hydrate");
    assert_eq!((everybody.in_stream_below, everybody.same_stream), (Some(2), true));
    assert!(!own.same_stream);
    test.everybody.in_stream = 2;
    insta::assert_snapshot!(test.refusal("!hydrate"), @"stream_limit: name=Ann, reward=hydrate");
    test.everybody.stream = Some(StreamId::begun_at(Timestamp::from_ms(1)));
    assert!(!test.guards("!hydrate").0.same_stream, "what was used in another stream does not count");
}

#[test]
fn limit_per_stream_holds_after_the_stream_ends() {
    let mut test = CommandTest::new(100);
    let stream = test.live();
    test.stream.live = false;
    test.reward("hydrate").limits.per_stream = Some(1);
    test.everybody = Usage { count: 1, in_stream: 1, stream: Some(stream), ..Usage::default() };
    assert!(!test.allows("!hydrate"));
}

#[test]
fn limit_per_stream_counts_uses_before_the_first_stream() {
    let mut test = CommandTest::new(100);
    test.reward("hydrate").limits.per_stream = Some(1);
    assert!(test.allows("!hydrate"));
    test.everybody =
        Usage { count: 1, in_stream: 1, stream: Some(test.stream.counting()), ..Usage::default() };
    assert!(!test.allows("!hydrate"));
}

#[test]
fn limit_per_viewer_counts_only_own_uses() {
    let mut test = CommandTest::new(100);
    let stream = test.live();
    test.reward("hydrate").limits.per_viewer = Some(2);
    let many = Usage { count: 50, in_stream: 50, stream: Some(stream.clone()), ..Usage::default() };
    test.everybody = many;
    test.own = Usage { count: 1, in_stream: 1, stream: Some(stream), ..Usage::default() };
    let (everybody, own) = test.guards("!hydrate");
    assert_eq!((everybody.in_stream_below, own.in_stream_below), (None, Some(2)));
    test.own.in_stream = 2;
    insta::assert_snapshot!(test.refusal("!hydrate"), @"viewer_limit: name=Ann, reward=hydrate");
    test.own.stream = Some(StreamId::begun_at(Timestamp::from_ms(1)));
    assert!(test.allows("!hydrate"));
}

#[test]
fn vote_limit_counts_votes_in_all_streams() {
    let mut test = CommandTest::new(100);
    test.reward("red").kind = Kind::Vote(Vote { open: true, per_viewer: Some(3) });
    test.everybody.count = 100;
    test.own = Usage { count: 2, stream: Some(StreamId::begun_at(test.now)), ..Usage::default() };
    let (everybody, own) = test.guards("!red");
    assert_eq!((everybody.count_below, own.count_below), (None, Some(3)));
    test.own.count = 3;
    insta::assert_snapshot!(test.refusal("!red"), @"vote_limit: name=Ann, reward=red");
}

#[test]
fn closed_vote_is_refused() {
    let mut test = CommandTest::new(100);
    test.reward("red").kind = Kind::Vote(Vote { open: false, per_viewer: None });
    insta::assert_snapshot!(test.refusal("!red"), @"vote_closed: name=Ann, reward=red");
}
