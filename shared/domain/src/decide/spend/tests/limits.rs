//! Cooldowns, limits and stock, each at its exact boundary.

use crate::decide::testing::{Stage, used_at};
use crate::reward::{Cooldown, Kind, Scope, Vote};
use crate::{Span, StreamId, Timestamp, Usage};

const FIVE: Span = Span::minutes(5);

#[test]
fn everybody_waits_for_a_cooldown_to_its_exact_end() {
    let mut stage = Stage::new(100);
    stage.reward("hydrate").cooldown = Some(Cooldown { length: FIVE, scope: Scope::Everybody });
    let used = stage.now.minus(FIVE);
    stage.everybody.last = used_at(used.plus(Span::from_ms(1)));
    insta::assert_snapshot!(stage.refusal("!hydrate"), @"Ann, hydrate rests. Again in 0:01.");
    stage.everybody.last = used_at(stage.now);
    insta::assert_snapshot!(stage.refusal("!hydrate"), @"Ann, hydrate rests. Again in 5:00.");
    stage.everybody.last = used_at(used);
    let (everybody, own) = stage.guards("!hydrate");
    assert_eq!((everybody.rested_since, own.rested_since), (Some(used), None));
}

#[test]
fn a_cooldown_for_each_viewer_holds_back_nobody_else() {
    let mut stage = Stage::new(100);
    stage.reward("hydrate").cooldown = Some(Cooldown { length: FIVE, scope: Scope::EachViewer });
    stage.everybody.last = used_at(stage.now);
    let (everybody, own) = stage.guards("!hydrate");
    assert_eq!((everybody.rested_since, own.rested_since), (None, Some(stage.now.minus(FIVE))));
    stage.own.last = used_at(stage.now.minus(FIVE).plus(Span::from_ms(1)));
    insta::assert_snapshot!(stage.refusal("!hydrate"), @"Ann, hydrate rests. Again in 0:01.");
    stage.own.last = used_at(stage.now.minus(FIVE));
    assert!(stage.allows("!hydrate"));
}

#[test]
fn stock_is_sold_to_the_last_piece() {
    let mut stage = Stage::new(100);
    stage.reward("hydrate").limits.stock = Some(3);
    stage.everybody.count = 2;
    assert_eq!(stage.guards("!hydrate").0.count_below, Some(3));
    stage.everybody.count = 3;
    insta::assert_snapshot!(stage.refusal("!hydrate"), @"Ann, hydrate is sold out.");
}

#[test]
fn a_stock_of_nothing_is_sold_out() {
    let mut stage = Stage::new(100);
    stage.reward("hydrate").limits.stock = Some(0);
    assert!(!stage.allows("!hydrate"));
}

#[test]
fn a_limit_for_each_stream_starts_anew_with_each() {
    let mut stage = Stage::new(100);
    let stream = stage.live();
    stage.reward("hydrate").limits.per_stream = Some(2);
    stage.everybody = Usage { count: 9, in_stream: 1, stream: Some(stream.clone()), ..Usage::default() };
    let (everybody, own) = stage.guards("!hydrate");
    assert_eq!((everybody.in_stream_below, everybody.same_stream), (Some(2), true));
    assert!(!own.same_stream);
    stage.everybody.in_stream = 2;
    insta::assert_snapshot!(stage.refusal("!hydrate"), @"Ann, hydrate is used up for this stream.");
    stage.everybody.stream = Some(StreamId::begun_at(Timestamp::from_ms(1)));
    assert!(!stage.guards("!hydrate").0.same_stream, "what was used in another stream does not count");
}

#[test]
fn a_limit_for_each_stream_holds_after_its_end() {
    let mut stage = Stage::new(100);
    let stream = stage.live();
    stage.stream.live = false;
    stage.reward("hydrate").limits.per_stream = Some(1);
    stage.everybody = Usage { count: 1, in_stream: 1, stream: Some(stream), ..Usage::default() };
    assert!(!stage.allows("!hydrate"));
}

#[test]
fn before_the_first_stream_uses_are_counted_too() {
    let mut stage = Stage::new(100);
    stage.reward("hydrate").limits.per_stream = Some(1);
    assert!(stage.allows("!hydrate"));
    stage.everybody =
        Usage { count: 1, in_stream: 1, stream: Some(stage.stream.counting()), ..Usage::default() };
    assert!(!stage.allows("!hydrate"));
}

#[test]
fn one_viewer_uses_up_only_their_own_limit() {
    let mut stage = Stage::new(100);
    let stream = stage.live();
    stage.reward("hydrate").limits.per_viewer = Some(2);
    let many = Usage { count: 50, in_stream: 50, stream: Some(stream.clone()), ..Usage::default() };
    stage.everybody = many;
    stage.own = Usage { count: 1, in_stream: 1, stream: Some(stream), ..Usage::default() };
    let (everybody, own) = stage.guards("!hydrate");
    assert_eq!((everybody.in_stream_below, own.in_stream_below), (None, Some(2)));
    stage.own.in_stream = 2;
    insta::assert_snapshot!(stage.refusal("!hydrate"), @"Ann, hydrate is used up for you in this stream.");
    stage.own.stream = Some(StreamId::begun_at(Timestamp::from_ms(1)));
    assert!(stage.allows("!hydrate"));
}

#[test]
fn a_viewer_votes_as_often_as_allowed_in_all_streams_together() {
    let mut stage = Stage::new(100);
    stage.reward("red").kind = Kind::Vote(Vote { open: true, per_viewer: Some(3) });
    stage.everybody.count = 100;
    stage.own = Usage { count: 2, stream: Some(StreamId::begun_at(stage.now)), ..Usage::default() };
    let (everybody, own) = stage.guards("!red");
    assert_eq!((everybody.count_below, own.count_below), (None, Some(3)));
    stage.own.count = 3;
    insta::assert_snapshot!(stage.refusal("!red"), @"Ann, that is all the votes you can give red.");
}

#[test]
fn a_closed_vote_takes_no_votes() {
    let mut stage = Stage::new(100);
    stage.reward("red").kind = Kind::Vote(Vote { open: false, per_viewer: None });
    insta::assert_snapshot!(stage.refusal("!red"), @"Ann, the vote for red is closed.");
}
