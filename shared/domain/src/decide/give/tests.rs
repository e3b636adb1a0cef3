use proptest::prelude::*;

use super::*;
use crate::decide::testing::{CommandTest, points, viewer_match};
use crate::{Account, GivenToday, Span, Timestamp, ViewerId};

fn test(balance: i64, matches: &[ViewerMatch]) -> CommandTest {
    let mut test = CommandTest::new(balance);
    test.matches = matches.to_vec();
    test
}

/// Ann has 500 and Bob 10.
fn two() -> CommandTest {
    test(500, &[viewer_match("b", 10)])
}

#[test]
fn gift_moves_points_and_is_announced_in_chat() {
    insta::assert_snapshot!(two().check("!give Bob 50"), @r#"
    Give { from: ViewerId("id-Ann"), to: ViewerId("b"), points: Points(50), day: 11, same_day: false, given_at_most: Some(Points(4950)) }
    say gave: name=Ann, viewer=Bob, points=50
    "#);
    insta::assert_snapshot!(two().check("!give @Bob 10%"), @r#"
    Give { from: ViewerId("id-Ann"), to: ViewerId("b"), points: Points(50), day: 11, same_day: false, given_at_most: Some(Points(4950)) }
    say gave: name=Ann, viewer=Bob, points=50
    "#);
    assert!(two().check("!give bob ALL").ends_with("say gave: name=Ann, viewer=Bob, points=500"));
    assert!(two().check("!give id:b 5 have fun").ends_with("say gave: name=Ann, viewer=Bob, points=5"));
}

#[test]
fn gift_cannot_exceed_the_balance() {
    assert_eq!(two().refusal("!give Bob 501"), "goal_need_more: name=Ann, amount=501, missing=1");
    let broke = test(0, &[viewer_match("b", 10)]);
    for amount in ["5", "all", "10%"] {
        let answer = broke.refusal(&format!("!give Bob {amount}"));
        assert_eq!(answer, "goal_broke: name=Ann");
    }
    assert_eq!(test(5, &[viewer_match("b", 1)]).refusal("!give Bob 1%"), "goal_too_little: name=Ann");
}

#[test]
fn invalid_amount_is_explained() {
    for amount in ["²", "0", "-5", "1.5", "half", "101%", "99999999999999999999"] {
        let answer = two().refusal(&format!("!give Bob {amount}"));
        assert_eq!(answer, "give_amount: name=Ann", "{amount}");
    }
    assert_eq!(two().refusal("!give Bob"), "give_howto: prefix=!");
    assert_eq!(two().refusal("!give"), two().refusal("!give Bob"));
}

#[test]
fn gift_is_bounded_by_the_settings() {
    let mut test = test(50_000, &[viewer_match("b", 10)]);
    assert_eq!(test.refusal("!give Bob 1001"), "give_most: name=Ann, max=1000");
    assert_eq!(test.refusal("!give Bob all"), "give_most: name=Ann, max=1000");
    test.config.settings.give.min = points(20);
    assert_eq!(test.refusal("!give Bob 19"), "give_least: name=Ann, min=20");
    assert!(!test.decide("!give Bob 20").changes.is_empty());
    assert!(!test.decide("!give Bob 1000").changes.is_empty());
    test.config.settings.give.on = false;
    assert_eq!(test.refusal("!give Bob 20"), "give_off: name=Ann");
}

#[test]
fn daily_limit_resets_the_next_day() {
    let mut test = test(50_000, &[viewer_match("b", 10)]);
    let day = test.now.day();
    test.account.given = Some(GivenToday { day, points: points(4500) });
    assert_eq!(test.refusal("!give Bob 501"), "give_day_left: name=Ann, left=500");
    insta::assert_snapshot!(test.check("!give Bob 500"), @r#"
    Give { from: ViewerId("id-Ann"), to: ViewerId("b"), points: Points(500), day: 11, same_day: true, given_at_most: Some(Points(4500)) }
    say gave: name=Ann, viewer=Bob, points=500
    "#);
    test.account.given = Some(GivenToday { day, points: points(5000) });
    assert_eq!(test.refusal("!give Bob 1"), "give_day_over: name=Ann, max=5000");
    test.now = test.now.saturating_add(Span::days(1));
    assert!(test.check("!give Bob 1000").contains("day: 12, same_day: false"));
    test.now = test.now.saturating_sub(Span::days(1));
    test.config.settings.give.per_day = None;
    assert!(test.check("!give Bob 1000").contains("same_day: true"));
}

#[test]
fn receiver_is_known_not_banned_and_not_the_giver() {
    let own = ViewerMatch { name: "Ann".to_owned(), ..viewer_match("id-Ann", 500) };
    let banned = ViewerMatch { banned: true, ..viewer_match("x", 10) };
    assert_eq!(test(500, &[]).refusal("!give Bob 5"), "viewer_unknown: viewer=Bob");
    let to_oneself = test(500, std::slice::from_ref(&own));
    assert_eq!(to_oneself.refusal("!give Ann 5"), "give_self: name=Ann");
    let to_the_banned = test(500, std::slice::from_ref(&banned));
    assert_eq!(to_the_banned.refusal("!give Bob 5"), "give_banned: name=Ann, viewer=Bob");
    // Only one of the viewers with this name can be meant.
    let to_the_other = test(500, &[own, viewer_match("b", 10), banned]);
    assert!(to_the_other.check("!give Ann 5").contains("to: ViewerId(\"b\")"));
}

#[test]
fn ambiguous_name_shows_hidden_balances_only_to_moderators() {
    let hidden = ViewerMatch { hidden: true, ..viewer_match("b2", 20) };
    let mut test = test(500, &[viewer_match("b1", 10), hidden]);
    assert_eq!(
        test.refusal("!give Bob 5"),
        "viewer_ambiguous: viewer=Bob, list=[viewer_item_with: viewer=b1, points=10; viewer_item: viewer=b2]"
    );
    test.asker.moderator = true;
    assert!(
        test.refusal("!give Bob 5")
            .ends_with("[viewer_item_with: viewer=b1, points=10; viewer_item_with: viewer=b2, points=20]")
    );
}

#[test]
fn balance_never_exceeds_the_maximum() {
    let full = Points::MAX.get();
    assert_eq!(test(500, &[viewer_match("b", full)]).refusal("!give Bob 1"), "viewer_full: viewer=Bob");
    assert!(!test(500, &[viewer_match("b", full - 1)]).decide("!give Bob 1").changes.is_empty());
}

#[test]
fn bots_and_banned_viewers_cannot_give() {
    for (bot, banned) in [(true, false), (false, true)] {
        let mut test = two();
        (test.asker.bot, test.asker.banned) = (bot, banned);
        assert!(test.decide("!give Bob 5").is_empty());
    }
}

/// Applies a gift to `accounts` as the store does. Returns whether its conditions held.
fn apply(accounts: &mut [Account], giver: usize, receiver: usize, decision: &Decision) -> bool {
    let [Change::Ledger(LedgerChange::Give { points, day, same_day, given_at_most, .. })] =
        decision.changes.as_slice()
    else {
        return false;
    };
    let given = accounts[giver].given.filter(|given| given.day == *day);
    let given_before = given.map_or(Points::ZERO, |given| given.points);
    let after =
        (accounts[giver].balance.checked_sub(*points), accounts[receiver].balance.checked_add(*points));
    let (Some(left), Some(got)) = after else { return false };
    if given.is_some() != *same_day || given_at_most.is_some_and(|limit| given_before > limit) {
        return false;
    }
    accounts[giver].balance = left;
    accounts[giver].given =
        Some(GivenToday { day: *day, points: given_before.checked_add(*points).unwrap() });
    accounts[receiver].balance = got;
    true
}

proptest! {
    #[test]
    fn gifts_preserve_the_sum_of_points_and_respect_limits(
        balances in proptest::collection::vec(0_i64..3000, 3),
        per_day in proptest::option::of(1_i64..1500),
        (min, limit) in (1_i64..50, 1_i64..1000),
        gives in proptest::collection::vec((0..3_usize, 0..3_usize, "[0-9]{1,4}|all|[0-9]{1,2}%", 0_u32..40), 1..40),
    ) {
        let mut accounts: Vec<Account> = balances
            .iter()
            .map(|balance| Account { balance: points(*balance), ..Account::default() })
            .collect();
        let mut hours = 0;
        let mut given_on: std::collections::HashMap<(usize, i64), i64> = std::collections::HashMap::new();
        for (giver, receiver, amount, later) in gives {
            hours += later;
            let mut test = CommandTest::new(0);
            test.now = Timestamp::from_ms(0).saturating_add(Span::minutes(60 * hours));
            test.config.settings.give.min = points(min);
            test.config.settings.give.limit = points(limit);
            test.config.settings.give.per_day = per_day.map(points);
            test.asker.id = ViewerId::new(giver.to_string()).unwrap();
            test.account = accounts[giver].clone();
            test.matches = vec![viewer_match(&receiver.to_string(), accounts[receiver].balance.get())];
            let before = accounts[giver].balance.get();
            let decision = test.decide(&format!("!give Bob {amount}"));
            prop_assert!(!decision.effects.is_empty(), "every command is answered");
            let done = apply(&mut accounts, giver, receiver, &decision);
            prop_assert_eq!(done, !decision.changes.is_empty(), "the conditions hold for the state as read");
            if done {
                let given = before - accounts[giver].balance.get();
                prop_assert!(giver != receiver && min <= given && given <= limit);
                let sum = given_on.entry((giver, test.now.day())).or_default();
                *sum += given;
                prop_assert!(per_day.is_none_or(|limit| *sum <= limit));
            }
            let sum: i64 = accounts.iter().map(|account| account.balance.get()).sum();
            prop_assert_eq!(sum, balances.iter().sum::<i64>());
        }
    }

    #[test]
    fn stale_read_does_not_exceed_the_daily_limit(earlier in 0_i64..1000, wanted in 1_i64..1000) {
        let mut test = test(5000, &[viewer_match("b", 0)]);
        test.config.settings.give.per_day = Some(points(1000));
        let decision = test.decide(&format!("!give Bob {wanted}"));
        // Another gift of the same day is written between the read and the write.
        let given = (earlier > 0).then(|| GivenToday { day: test.now.day(), points: points(earlier) });
        let mut accounts = vec![Account { given, ..test.account.clone() }, Account::default()];
        let done = apply(&mut accounts, 0, 1, &decision);
        prop_assert_eq!(done, earlier == 0);
    }
}
