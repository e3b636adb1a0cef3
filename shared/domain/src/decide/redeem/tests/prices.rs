//! The price of a use, and its changes and effects.

use crate::decide::testing::{CommandTest, event, points};
use crate::reward::{Kind, Redeem, Special};
use crate::{Action, Change, Effect, QueueChange};

#[test]
fn redeem_costs_its_price_and_waits_in_the_queue() {
    insta::assert_snapshot!(CommandTest::new(50).check("!hydrate"), @r#"
    move id-Ann -50 Redeem(RewardId("hydrate"))
    use 50
    enqueue hydrate None Waiting
    say redeemed: name=Ann, reward=hydrate
    show Redeem { viewer: "Ann", reward: "hydrate", note: None }
    "#);
}

#[test]
fn unaffordable_use_is_refused_and_costs_nothing() {
    let refusal = CommandTest::new(49).refusal("!hydrate");
    insta::assert_snapshot!(refusal, @"need_more: name=Ann, reward=hydrate, price=50, missing=1");
    insta::assert_snapshot!(CommandTest::new(9).refusal("!red"), @"need_more: name=Ann, reward=red, price=10, missing=1");
    insta::assert_snapshot!(CommandTest::new(0).refusal("!confetti"), @"need_more: name=Ann, reward=confetti, price=75, missing=75");
}

#[test]
fn free_reward_moves_no_points() {
    let mut test = CommandTest::new(0);
    test.reward("hydrate").price = points(0);
    insta::assert_snapshot!(test.check("!hydrate"), @r#"
    use 0
    enqueue hydrate None Waiting
    say redeemed: name=Ann, reward=hydrate
    show Redeem { viewer: "Ann", reward: "hydrate", note: None }
    "#);
}

#[test]
fn redeem_that_skips_the_queue_is_fulfilled_at_once() {
    let mut test = CommandTest::new(50);
    test.reward("hydrate").kind = Kind::Redeem(Redeem { skip_queue: true });
    insta::assert_snapshot!(test.check("!hydrate"), @r#"
    move id-Ann -50 Redeem(RewardId("hydrate"))
    use 50
    enqueue hydrate None Fulfilled
    say redeemed: name=Ann, reward=hydrate
    show Redeem { viewer: "Ann", reward: "hydrate", note: None }
    "#);
    let decision = test.decide("!hydrate");
    let automatic =
        |change: &Change| matches!(change, Change::Queue(QueueChange::Enqueue(entry)) if entry.automatic);
    assert!(decision.changes.iter().any(automatic), "{decision:?}");
}

#[test]
fn special_is_fulfilled_at_once() {
    let mut test = CommandTest::new(75);
    insta::assert_snapshot!(test.check("!confetti"), @r#"
    move id-Ann -75 Redeem(RewardId("confetti"))
    use 75
    enqueue confetti None Fulfilled
    say redeemed: name=Ann, reward=confetti
    show Special { name: "confetti", viewer: "Ann", reward: "confetti", note: None }
    "#);
    test.reward("confetti").kind = Kind::Special(Special { action: Action::Job("lights".into()) });
    let act = Effect::Act {
        action: Action::Job("lights".into()),
        event: event("event"),
        reward: "confetti".into(),
        viewer: "Ann".into(),
        note: None,
    };
    assert_eq!(test.decide("!confetti").effects.last(), Some(&act));
}

#[test]
fn vote_is_counted_and_not_queued() {
    insta::assert_snapshot!(CommandTest::new(10).check("!red because"), @r#"
    move id-Ann -10 Vote(RewardId("red"))
    use 10
    say voted: name=Ann, reward=red
    "#);
}

#[test]
fn redemption_keeps_everything_that_a_refund_needs() {
    let mut test = CommandTest::new(60);
    let stream = test.live();
    let decision = test.decide("!hydrate");
    let entry = decision.changes.iter().find_map(|change| match change {
        Change::Queue(QueueChange::Enqueue(entry)) => Some(entry),
        _ => None,
    });
    let entry = entry.unwrap();
    assert_eq!((entry.price, &entry.stream, entry.at), (points(50), &stream, test.now));
    assert_eq!((&entry.event, &entry.viewer), (&event("event"), &test.asker.id));
    assert_eq!((entry.reward.as_str(), entry.viewer_name.as_str()), ("hydrate", "Ann"));
}
