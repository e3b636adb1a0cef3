use proptest::prelude::*;

use super::*;
use crate::decide::testing::{CommandTest, holds, points, used_at};
use crate::reward::{Limits, Note};
use crate::{CategoryId, Person, Span, StreamId};

/// Why the asker of `test` cannot use the reward `name`.
fn unavailable(test: &CommandTest, name: &str) -> Option<Unavailable> {
    let CommandTest { asker: person, account, follower, own, .. } = test;
    unavailable_to(test, name, Some(&Requester { person, account, follower: *follower, own }))
}

/// Why no viewer can use it.
fn unavailable_for_all(test: &CommandTest, name: &str) -> Option<Unavailable> {
    unavailable_to(test, name, None)
}

fn unavailable_to(test: &CommandTest, name: &str, requester: Option<&Requester<'_>>) -> Option<Unavailable> {
    let CommandTest { config, stream, everybody, now, .. } = test;
    let status = RewardStatus { categories: &config.categories, stream, everybody, now: *now };
    let reward = config.rewards.iter().find(|reward| reward.name.as_str() == name).unwrap();
    reward.unavailable(&status, requester)
}

/// A vote that Ann cannot use for every possible reason.
fn unavailable_for_all_reasons() -> CommandTest {
    let mut test = CommandTest::new(0);
    let counting = test.stream.counting();
    let last = used_at(test.now.saturating_sub(Span::seconds(1)));
    test.everybody =
        Usage { count: 9, in_stream: 9, stream: Some(counting.clone()), last, ..Usage::default() };
    test.own = Usage { count: 1, in_stream: 1, stream: Some(counting), ..Usage::default() };
    let red = test.reward("red");
    red.enabled = false;
    red.only_live = true;
    red.access = Access::Moderators;
    red.kind = Kind::Vote(crate::reward::Vote { open: false, per_viewer: Some(1) });
    red.cooldown = Some(Cooldown { length: Span::minutes(5), scope: Scope::Everybody });
    red.limits = Limits { stock: Some(9), per_stream: Some(9), per_viewer: Some(1) };
    test
}

/// A reason, and the change that removes it.
type Removal = (Unavailable, fn(&mut CommandTest));

/// Reasons that last longer, or that apply to more viewers, come first, so that a viewer does not wait for
/// one to pass only to get the next.
#[test]
fn first_of_several_reasons_is_returned() {
    let mut test = unavailable_for_all_reasons();
    let until = test.now.saturating_add(Span::seconds(299));
    let reasons: [Removal; 9] = [
        (Unavailable::Off, |test| test.reward("red").enabled = true),
        (Unavailable::OnlyLive, |test| test.stream.live = true),
        (Unavailable::For(Access::Moderators), |test| test.asker.moderator = true),
        (Unavailable::VoteClosed, |test| {
            test.reward("red").kind = Kind::Vote(crate::reward::Vote { open: true, per_viewer: Some(1) });
        }),
        (Unavailable::OnCooldown { until }, |test| test.reward("red").cooldown = None),
        (Unavailable::SoldOut, |test| test.reward("red").limits.stock = None),
        (Unavailable::StreamLimit, |test| test.reward("red").limits.per_stream = None),
        (Unavailable::ViewerLimit, |test| test.reward("red").limits.per_viewer = None),
        (Unavailable::VoteLimit, |test| test.own.count = 0),
    ];
    for (expected, remove) in reasons {
        assert_eq!(unavailable(&test, "red"), Some(expected));
        remove(&mut test);
    }
    assert_eq!(unavailable(&test, "red"), None);
}

#[test]
fn personal_reasons_do_not_apply_without_a_requester() {
    let mut test = unavailable_for_all_reasons();
    let red = test.reward("red");
    (red.enabled, red.only_live, red.cooldown) = (true, false, None);
    red.kind = Kind::Vote(crate::reward::Vote { open: true, per_viewer: Some(1) });
    (red.limits.stock, red.limits.per_stream) = (None, None);
    assert_eq!(unavailable(&test, "red"), Some(Unavailable::For(Access::Moderators)));
    assert_eq!(unavailable_for_all(&test, "red"), None);
    test.asker.moderator = true;
    assert_eq!(unavailable(&test, "red"), Some(Unavailable::ViewerLimit));
    let red = test.reward("red");
    red.cooldown = Some(Cooldown { length: Span::minutes(5), scope: Scope::EachViewer });
    test.own.last = used_at(test.now);
    let until = test.now.saturating_add(Span::minutes(5));
    assert_eq!(unavailable(&test, "red"), Some(Unavailable::OnCooldown { until }));
    assert_eq!(unavailable_for_all(&test, "red"), None);
}

#[test]
fn unavailable_to_skips_the_reasons_for_all_viewers() {
    let mut test = unavailable_for_all_reasons();
    let own = |test: &CommandTest| {
        let CommandTest { config, stream, everybody, now, asker: person, account, follower, own, .. } = test;
        let status = RewardStatus { categories: &config.categories, stream, everybody, now: *now };
        let reward = config.rewards.iter().find(|reward| reward.name.as_str() == "red").unwrap();
        reward.unavailable_to(&status, &Requester { person, account, follower: *follower, own })
    };
    assert_eq!(own(&test), Some(Unavailable::For(Access::Moderators)));
    test.asker.moderator = true;
    assert_eq!(own(&test), Some(Unavailable::ViewerLimit));
    test.reward("red").limits.per_viewer = None;
    assert_eq!(own(&test), Some(Unavailable::VoteLimit));
    test.own.count = 0;
    assert_eq!(own(&test), None);
    assert_eq!(unavailable(&test, "red"), Some(Unavailable::Off));
}

#[test]
fn reached_goal_counts_as_reached_after_its_end() {
    let mut test = CommandTest::new(0);
    test.reward("charity").ends = Some(test.now);
    assert_eq!(unavailable(&test, "charity"), Some(Unavailable::GoalOver));
    test.everybody.points = points(1000);
    assert_eq!(unavailable(&test, "charity"), Some(Unavailable::GoalReached));
    let charity = test.reward("charity").clone();
    assert!(!charity.is_open(&test.everybody, test.now));
    assert!(charity.is_open(&Usage::default(), test.now.saturating_sub(Span::from_ms(1))));
}

#[test]
fn low_balance_is_not_a_reason() {
    assert_eq!(unavailable(&CommandTest::new(0), "confetti"), None);
}

#[test]
fn left_is_the_smaller_of_stock_and_stream_limit() {
    let mut test = CommandTest::new(0);
    let counting = test.stream.counting();
    let usage =
        |count, in_stream| Usage { count, in_stream, stream: Some(counting.clone()), ..Usage::default() };
    let stream = test.stream.clone();
    for (stock, per_stream, usage, left) in [
        (None, None, usage(3, 3), None),
        (Some(5), None, usage(3, 1), Some(2)),
        (None, Some(5), usage(3, 1), Some(4)),
        (Some(5), Some(5), usage(3, 1), Some(2)),
        (Some(9), Some(5), usage(3, 1), Some(4)),
        (Some(3), Some(5), usage(3, 1), Some(0)),
        // The streamer has lowered the stock below the number of uses.
        (Some(1), None, usage(3, 1), Some(0)),
        (None, Some(0), usage(3, 1), Some(0)),
        // Another stream starts from zero.
        (
            None,
            Some(5),
            Usage { stream: Some(StreamId::begun_at(Timestamp::from_ms(7))), ..usage(3, 3) },
            Some(5),
        ),
    ] {
        let reward = test.reward("hydrate");
        // The limit per viewer does not affect what is left for all.
        reward.limits = Limits { stock, per_stream, per_viewer: Some(1) };
        assert_eq!(reward.left(&usage, &stream), left, "{:?} {usage:?}", reward.limits);
    }
}

#[test]
fn cooldown_lasts_from_the_last_use_to_its_exact_end() {
    let mut test = CommandTest::new(0);
    let now = test.now;
    let (length, used) = (Span::minutes(5), |at| Usage { last: used_at(at), ..Usage::default() });
    let reward = test.reward("hydrate");
    assert_eq!(reward.rests_until(Scope::Everybody, &used(now), now), None, "there is no cooldown");
    reward.cooldown = Some(Cooldown { length, scope: Scope::Everybody });
    let rests = |usage: &Usage| reward.rests_until(Scope::Everybody, usage, now);
    assert_eq!(rests(&Usage::default()), None, "it has never been used");
    assert_eq!(rests(&used(now)), Some(now.saturating_add(length)));
    let nearly = now.saturating_sub(Span::from_ms(length.ms() - 1));
    assert_eq!(rests(&used(nearly)), Some(now.saturating_add(Span::from_ms(1))));
    assert_eq!(rests(&used(now.saturating_sub(length))), None);
    assert_eq!(
        reward.rests_until(Scope::EachViewer, &used(now), now),
        None,
        "the cooldown has another scope"
    );
}

fn access() -> impl Strategy<Value = Access> {
    prop_oneof![
        Just(Access::Everybody),
        Just(Access::Authenticated),
        Just(Access::Members),
        Just(Access::Followers),
        Just(Access::Moderators),
    ]
}

fn few() -> impl Strategy<Value = Option<u32>> {
    proptest::option::weighted(0.4, 0_u32..4)
}

/// Mostly true, since otherwise hardly any reward could be used.
fn mostly() -> impl Strategy<Value = bool> {
    proptest::bool::weighted(0.8)
}

/// The parts of a usage: uses in other streams, uses in the stream of the last use, whether that is the
/// current stream, the seconds since the last use, and the points spent.
fn usages() -> impl Strategy<Value = (u64, u64, bool, Option<u32>, i64)> {
    (0_u64..4, 0_u64..4, any::<bool>(), proptest::option::of(0_u32..600), prop_oneof![Just(0), 0_i64..=1010])
}

fn usage(
    test: &CommandTest,
    (more, in_stream, current, ago, spent): (u64, u64, bool, Option<u32>, i64),
) -> Usage {
    let old = StreamId::begun_at(Timestamp::from_ms(7));
    let stream = if current { test.stream.counting() } else { old };
    Usage {
        count: more + in_stream,
        in_stream,
        stream: (in_stream > 0).then_some(stream),
        last: ago.and_then(|ago| used_at(test.now.saturating_sub(Span::seconds(ago)))),
        points: points(spent),
        ..Usage::default()
    }
}

/// Any state, in which Ann has plenty of points.
fn command_tests() -> impl Strategy<Value = CommandTest> {
    let person = (any::<bool>(), any::<bool>(), any::<bool>(), any::<bool>());
    let reward = (mostly(), mostly(), any::<bool>(), any::<bool>(), access(), mostly());
    let limits = (few(), few(), few(), few(), proptest::option::weighted(0.4, any::<bool>()));
    let ends = proptest::option::weighted(0.3, -2_i64..=2);
    (person, reward, limits, ends, any::<bool>(), (usages(), usages())).prop_map(
        |(person, reward, limits, ends, live, (everybody, own))| {
            let mut test = CommandTest::new(1_000_000);
            if live {
                test.live();
            }
            let (authenticated, moderator, member, follower) = person;
            test.asker = Person { authenticated, moderator, ..test.asker };
            test.account.member_until = Some(test.now.saturating_add(Span::from_ms(i64::from(member))));
            test.follower = follower;
            let (enabled, open, only_live, in_category, access, on) = reward;
            let id = CategoryId::new("games").unwrap();
            test.config.categories = vec![Category { id: id.clone(), name: "Games".to_owned(), on }];
            let (stock, per_stream, per_viewer, votes, scope) = limits;
            let now = test.now;
            for reward in &mut test.config.rewards {
                (reward.enabled, reward.only_live, reward.access) = (enabled, only_live, access);
                reward.categories = if in_category { vec![id.clone()] } else { Vec::new() };
                reward.limits = Limits { stock, per_stream, per_viewer };
                reward.cooldown = scope.map(|everybody| Cooldown {
                    length: Span::minutes(5),
                    scope: if everybody { Scope::Everybody } else { Scope::EachViewer },
                });
                reward.ends = ends.map(|ends| Timestamp::from_ms(now.ms() + ends));
                reward.note = Note::Required;
                if let Kind::Vote(vote) = &mut reward.kind {
                    (vote.open, vote.per_viewer) = (open, votes);
                }
            }
            (test.everybody, test.own) = (usage(&test, everybody), usage(&test, own));
            test
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, ..ProptestConfig::default() })]

    #[test]
    fn reward_can_be_used_exactly_if_it_is_not_unavailable(test in command_tests(), name in "hydrate|red|charity|confetti") {
        // A fitting argument for each kind: a note, or an amount.
        let used = test.allows(&format!("!{name} 5"));
        let unavailable = unavailable(&test, &name);
        prop_assert_eq!(unavailable.is_none(), used, "{:?}", unavailable);
        prop_assert_eq!(test.decide(&format!("!{name} 5")).changes.is_empty(), !used);
    }

    /// The conditional write checks the same conditions again.
    #[test]
    fn conditions_of_the_write_hold_exactly_if_it_is_not_unavailable(mut test in command_tests(), name in "hydrate|red|confetti") {
        let unavailable = unavailable(&test, &name);
        let line = format!("!{name} 5");
        let (everybody, own) = (std::mem::take(&mut test.everybody), std::mem::take(&mut test.own));
        if !test.allows(&line) {
            prop_assert!(unavailable.is_some(), "it cannot be used even for the first time");
            return Ok(());
        }
        let stream = test.stream.counting();
        let (mut for_everybody, mut for_own) = test.guards(&line);
        for_everybody.same_stream = everybody.stream.as_ref() == Some(&stream);
        for_own.same_stream = own.stream.as_ref() == Some(&stream);
        let written = holds(&everybody, &for_everybody, &stream) && holds(&own, &for_own, &stream);
        prop_assert_eq!(written, unavailable.is_none(), "{:?}", unavailable);
    }

    #[test]
    fn reason_for_all_viewers_applies_to_each(test in command_tests(), name in "hydrate|red|charity|confetti") {
        let (all, own) = (unavailable_for_all(&test, &name), unavailable(&test, &name));
        prop_assert!(all.is_none() || own.is_some(), "{all:?} and {own:?}");
        // For a viewer with all rights and no uses, only the reasons for all viewers apply.
        let mut free = CommandTest { own: Usage::default(), follower: true, ..test };
        free.asker = Person { authenticated: true, moderator: true, ..free.asker };
        free.account.member_until = Some(free.now.saturating_add(Span::days(1)));
        for reward in &mut free.config.rewards {
            reward.limits.per_viewer = None;
            if let Kind::Vote(vote) = &mut reward.kind {
                vote.per_viewer = None;
            }
        }
        prop_assert_eq!(super::tests::unavailable(&free, &name), all);
    }

    #[test]
    fn first_reason_is_one_for_all_or_one_of_the_viewer(test in command_tests(), name in "hydrate|red|charity|confetti") {
        let CommandTest { config, stream, everybody, now, asker: person, account, follower, own, .. } = &test;
        let status = RewardStatus { categories: &config.categories, stream, everybody, now: *now };
        let requester = Requester { person, account, follower: *follower, own };
        let reward = config.rewards.iter().find(|reward| reward.name.as_str() == name).unwrap();
        let (all, theirs) = (reward.unavailable(&status, None), reward.unavailable_to(&status, &requester));
        let first = reward.unavailable(&status, Some(&requester));
        prop_assert_eq!(first.is_none(), all.is_none() && theirs.is_none());
        prop_assert!(first.is_none() || first == all || first == theirs, "{:?}: {:?}, {:?}", first, all, theirs);
    }

    #[test]
    fn zero_is_left_exactly_if_sold_out_or_at_the_stream_limit(test in command_tests()) {
        let reward = &test.config.rewards[0];
        let gone = reward.left(&test.everybody, &test.stream) == Some(0);
        let mut plain = reward.clone();
        (plain.cooldown, plain.enabled, plain.only_live) = (None, true, false);
        plain.categories.clear();
        let CommandTest { config, stream, everybody, now, .. } = &test;
        let status = RewardStatus { categories: &config.categories, stream, everybody, now: *now };
        let unavailable = plain.unavailable(&status, None);
        prop_assert_eq!(gone, matches!(unavailable, Some(Unavailable::SoldOut | Unavailable::StreamLimit)), "{:?}", unavailable);
    }
}

#[test]
fn left_for_is_the_smallest_of_the_limits_per_viewer() {
    let mut test = CommandTest::new(0);
    let counting = test.stream.counting();
    let own = Usage { count: 5, in_stream: 1, stream: Some(counting), ..Usage::default() };
    let stream = test.stream.clone();
    let red = test.reward("red");
    assert_eq!(red.left_for(&own, &stream), None);
    red.limits = Limits { per_viewer: Some(4), ..Limits::default() };
    assert_eq!(red.left_for(&own, &stream), Some(3));
    red.kind = Kind::Vote(crate::reward::Vote { open: true, per_viewer: Some(6) });
    assert_eq!(red.left_for(&own, &stream), Some(1));
    red.kind = Kind::Vote(crate::reward::Vote { open: true, per_viewer: Some(2) });
    assert_eq!(red.left_for(&own, &stream), Some(0));
}
