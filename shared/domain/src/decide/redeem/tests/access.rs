//! Whether a reward is offered at all, now, and to this viewer.

use crate::decide::testing::CommandTest;
use crate::reward::Access;
use crate::{Category, CategoryId, Span};

fn category(name: &str, on: bool) -> Category {
    Category { id: CategoryId::new(name).unwrap(), name: name.to_owned(), on }
}

#[test]
fn disabled_reward_is_refused() {
    let mut test = CommandTest::new(50);
    test.reward("hydrate").enabled = false;
    insta::assert_snapshot!(test.refusal("!hydrate"), @"off: name=Ann, reward=hydrate");
}

#[test]
fn reward_is_on_while_one_of_its_categories_is_on() {
    let mut test = CommandTest::new(50);
    test.config.categories = vec![category("day", false), category("night", false)];
    let ids = test.config.categories.iter().map(|category| category.id.clone()).collect();
    test.reward("hydrate").categories = ids;
    insta::assert_snapshot!(test.refusal("!hydrate"), @"off: name=Ann, reward=hydrate");
    assert!(test.allows("!red x") || test.account.balance.get() < 10, "a reward without a category is on");
    test.config.categories[1].on = true;
    assert!(test.allows("!hydrate"));
}

#[test]
fn deleted_category_counts_as_off() {
    let mut test = CommandTest::new(50);
    test.reward("hydrate").categories = vec![CategoryId::new("gone").unwrap()];
    assert!(!test.allows("!hydrate"));
}

#[test]
fn live_only_reward_is_refused_offline() {
    let mut test = CommandTest::new(50);
    test.reward("hydrate").only_live = true;
    insta::assert_snapshot!(test.refusal("!hydrate"), @"only_live: name=Ann, reward=hydrate");
    test.live();
    assert!(test.allows("!hydrate"));
    test.stream.live = false;
    assert!(!test.allows("!hydrate"), "the stream has ended");
}

#[test]
fn other_rewards_work_offline() {
    assert!(CommandTest::new(50).allows("!hydrate"));
}

#[test]
fn access_admits_only_its_own_group() {
    type Grant = fn(&mut CommandTest);
    let cases: [(Access, Grant); 4] = [
        (Access::Authenticated, |test| test.asker.authenticated = true),
        (Access::Members, |test| test.account.member_until = Some(test.now.saturating_add(Span::from_ms(1)))),
        (Access::Followers, |test| test.follower = true),
        (Access::Moderators, |test| test.asker.moderator = true),
    ];
    let mut refusals = Vec::new();
    for (access, grant) in cases {
        let mut test = CommandTest::new(50);
        test.reward("hydrate").access = access;
        refusals.push(test.refusal("!hydrate"));
        // All other rights together are not enough.
        for (_, other) in cases.iter().filter(|(other, _)| *other != access) {
            other(&mut test);
        }
        assert!(!test.allows("!hydrate"), "{access:?}");
        grant(&mut test);
        assert!(test.allows("!hydrate"), "{access:?}");
    }
    insta::assert_snapshot!(refusals.join("\n"), @"
    authenticated_only: name=Ann, reward=hydrate
    members_only: name=Ann, reward=hydrate
    followers_only: name=Ann, reward=hydrate
    moderators_only: name=Ann, reward=hydrate
    ");
}

#[test]
fn membership_has_ended_at_its_exact_end() {
    let mut test = CommandTest::new(50);
    test.reward("hydrate").access = Access::Members;
    test.account.member_until = Some(test.now);
    assert!(!test.allows("!hydrate"));
}
