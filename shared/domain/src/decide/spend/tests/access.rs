//! Whether a reward is offered, to this viewer, now.

use crate::decide::testing::Stage;
use crate::reward::Access;
use crate::{Category, CategoryId, Span};

fn category(name: &str, on: bool) -> Category {
    Category { id: CategoryId::new(name).unwrap(), name: name.to_owned(), on }
}

#[test]
fn a_disabled_reward_is_off() {
    let mut stage = Stage::new(50);
    stage.reward("hydrate").enabled = false;
    insta::assert_snapshot!(stage.refusal("!hydrate"), @"Ann, hydrate is off right now.");
}

#[test]
fn a_reward_is_on_while_one_of_its_categories_is() {
    let mut stage = Stage::new(50);
    stage.config.categories = vec![category("day", false), category("night", false)];
    let ids = stage.config.categories.iter().map(|category| category.id.clone()).collect();
    stage.reward("hydrate").categories = ids;
    insta::assert_snapshot!(stage.refusal("!hydrate"), @"Ann, hydrate is off right now.");
    assert!(stage.allows("!red x") || stage.account.balance.get() < 10, "no category is no obstacle");
    stage.config.categories[1].on = true;
    assert!(stage.allows("!hydrate"));
}

#[test]
fn a_category_that_was_deleted_counts_as_off() {
    let mut stage = Stage::new(50);
    stage.reward("hydrate").categories = vec![CategoryId::new("gone").unwrap()];
    assert!(!stage.allows("!hydrate"));
}

#[test]
fn some_rewards_only_work_live() {
    let mut stage = Stage::new(50);
    stage.reward("hydrate").only_live = true;
    insta::assert_snapshot!(stage.refusal("!hydrate"), @"Ann, hydrate works while the stream is live.");
    stage.live();
    assert!(stage.allows("!hydrate"));
    stage.stream.live = false;
    assert!(!stage.allows("!hydrate"), "the stream is over");
}

#[test]
fn others_work_offline_too() {
    assert!(Stage::new(50).allows("!hydrate"));
}

#[test]
fn only_those_it_is_for_may_use_a_reward() {
    type Grant = fn(&mut Stage);
    let cases: [(Access, Grant); 4] = [
        (Access::Authenticated, |stage| stage.asker.authenticated = true),
        (Access::Members, |stage| stage.account.member_until = Some(stage.now.plus(Span::from_ms(1)))),
        (Access::Followers, |stage| stage.follower = true),
        (Access::Moderators, |stage| stage.asker.moderator = true),
    ];
    let mut refusals = Vec::new();
    for (access, grant) in cases {
        let mut stage = Stage::new(50);
        stage.reward("hydrate").access = access;
        refusals.push(stage.refusal("!hydrate"));
        // Every other right does not help.
        for (_, other) in cases.iter().filter(|(other, _)| *other != access) {
            other(&mut stage);
        }
        assert!(!stage.allows("!hydrate"), "{access:?}");
        grant(&mut stage);
        assert!(stage.allows("!hydrate"), "{access:?}");
    }
    insta::assert_snapshot!(refusals.join("\n"), @r#"
    Ann, hydrate is for viewers who have signed in to chat. Use "Authenticate" in the chat's menu.
    Ann, hydrate is for members.
    Ann, hydrate is for followers whose Fediverse handle the streamer has confirmed.
    Ann, hydrate is for moderators.
    "#);
}

#[test]
fn a_membership_ends_at_its_end() {
    let mut stage = Stage::new(50);
    stage.reward("hydrate").access = Access::Members;
    stage.account.member_until = Some(stage.now);
    assert!(!stage.allows("!hydrate"));
}
