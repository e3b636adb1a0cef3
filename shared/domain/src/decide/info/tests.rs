use crate::decide::testing::{self, CommandTest, reward};
use crate::reward::Redeem;
use crate::settings::{Answers, Prefix};
use crate::{Category, CategoryId, Decision, Effect, Redemption, Span};

use super::*;

fn waiting(name: &str) -> Redemption {
    testing::waiting(name, "song")
}

#[test]
fn balance_has_exactly_this_form() {
    assert_eq!(CommandTest::new(1234).refusal("!points"), "points: name=Ann, balance=1234");
    assert_eq!(CommandTest::new(1).refusal("!POINTS"), "points: name=Ann, balance=1");
    assert_eq!(CommandTest::new(0).refusal("!points please"), "points: name=Ann, balance=0");
}

#[test]
fn personal_answers_are_public_if_so_configured() {
    let mut test = CommandTest::new(5);
    assert_eq!(test.check("!points"), "whisper to 7: points: name=Ann, balance=5");
    test.config.settings.chat.answers = Answers::Public;
    assert_eq!(test.check("!points"), "say points: name=Ann, balance=5");
    assert_eq!(test.check("!hydrate"), "say need_more: name=Ann, reward=hydrate, price=50, missing=45");
    assert_eq!(test.check("!hydrat"), "say suggestion: prefix=!, name=hydrate");
}

#[test]
fn answer_without_a_connection_is_public() {
    let test = CommandTest { via: crate::decide::Via::Chat(None), ..CommandTest::new(5) };
    let decision = test.decide("!points");
    assert_eq!(decision.effects, [Effect::Say(message::points("Ann", crate::Points::new(5).unwrap()))]);
}

#[test]
fn bots_and_banned_viewers_are_ignored() {
    for line in ["!points", "!hydrate", "!hydrat", "!addpoints Ann 5", "!help"] {
        let mut test = CommandTest::new(100);
        test.asker.bot = true;
        assert_eq!(test.decide(line), Decision::default(), "{line}");
        test.asker.bot = false;
        test.asker.banned = true;
        assert_eq!(test.decide(line), Decision::default(), "{line}");
        test.asker.banned = false;
        assert_ne!(test.decide(line), Decision::default(), "{line}");
    }
}

#[test]
fn help_explains_earning_and_spending() {
    let mut test = CommandTest::new(0);
    insta::assert_snapshot!(test.refusal("!help"), @"help: name=Ann, per_tick=10, interval=10:00, prefix=!, example=hydrate");
    test.config.settings.points.interval = Span::minutes(1);
    test.config.settings.chat.prefix = Prefix::new("?").unwrap();
    insta::assert_snapshot!(test.refusal("?help"), @"help: name=Ann, per_tick=10, interval=1:00, prefix=?, example=hydrate");
    test.config.settings.points.interval = Span::seconds(5);
    test.config.rewards.clear();
    insta::assert_snapshot!(test.refusal("?help"), @"help_without_rewards: name=Ann, per_tick=10, interval=0:05, prefix=?");
}

fn set_categories(test: &mut CommandTest) {
    let category =
        |name: &str, on| Category { id: CategoryId::new(name).unwrap(), name: name.to_owned(), on };
    test.config.categories = vec![category("Drinks", true), category("Late", false), category("Empty", true)];
    let id = |name| vec![CategoryId::new(name).unwrap()];
    test.reward("hydrate").categories = id("Drinks");
    test.reward("confetti").categories = id("Late");
}

#[test]
fn rewards_lists_the_rewards_on_offer() {
    let mut test = CommandTest::new(0);
    insta::assert_snapshot!(test.refusal("!rewards"), @"rewards: list=[priced: reward=hydrate, price=50; priced: reward=red, price=10; any_amount: reward=charity; priced: reward=confetti, price=75]");
    set_categories(&mut test);
    test.reward("red").enabled = false;
    insta::assert_snapshot!(test.refusal("!rewards"), @"rewards: list=[priced: reward=hydrate, price=50; any_amount: reward=charity]");
    test.config.rewards.clear();
    insta::assert_snapshot!(test.refusal("!rewards"), @"rewards_none");
}

#[test]
fn rewards_of_a_category_ignore_case() {
    let mut test = CommandTest::new(0);
    insta::assert_snapshot!(test.refusal("!rewards drinks"), @"rewards_no_categories: prefix=!");
    set_categories(&mut test);
    insta::assert_snapshot!(test.refusal("!rewards dRINKS"), @"rewards_in: category=Drinks, list=[priced: reward=hydrate, price=50]");
    insta::assert_snapshot!(test.refusal("!rewards Empty"), @"rewards_none");
    insta::assert_snapshot!(test.refusal("!rewards late"), @"rewards_unknown_category: category=late, categories=Drinks, Empty");
    insta::assert_snapshot!(test.refusal("!rewards <b>"), @"rewards_unknown_category: category=<b>, categories=Drinks, Empty");
}

#[test]
fn long_list_of_rewards_is_cut_and_counted() {
    let mut test = CommandTest::new(0);
    let many =
        |n: usize| (0..n).map(|i| reward(&format!("r{i}"), 5, Kind::Redeem(Redeem::default()))).collect();
    test.config.rewards = many(25);
    let all = test.refusal("!rewards");
    assert!(all.ends_with("reward=r24, price=5]"), "{all}");
    test.config.rewards = many(27);
    set_one_category(&mut test);
    let cut = test.refusal("!rewards");
    assert!(cut.ends_with("reward=r24, price=5], more=2, prefix=!, categories=Drinks"), "{cut}");
}

fn set_one_category(test: &mut CommandTest) {
    test.config.categories =
        vec![Category { id: CategoryId::new("d").unwrap(), name: "Drinks".to_owned(), on: true }];
}

#[test]
fn queue_shows_the_first_entries_and_the_own_place() {
    let mut test = CommandTest::new(0);
    insta::assert_snapshot!(test.refusal("!queue"), @"queue_empty");
    test.waiting = vec![waiting("Bob")];
    insta::assert_snapshot!(test.refusal("!queue"), @"queue: count=1, list=[queued: reward=song, name=Bob]");
    let many = ["Bob", "Cleo", "Dora", "Eve", "Finn", "Gus", "Ann", "Ann"];
    test.waiting = many.map(waiting).to_vec();
    insta::assert_snapshot!(test.refusal("!queue"), @"queue_own: count=8, list=[queued: reward=song, name=Bob; queued: reward=song, name=Cleo; queued: reward=song, name=Dora; queued: reward=song, name=Eve; queued: reward=song, name=Finn], reward=song, place=7");
}

#[test]
fn mistyped_command_gets_a_suggestion() {
    let test = CommandTest::new(0);
    assert_eq!(test.check("!hydrat"), "whisper to 7: suggestion: prefix=!, name=hydrate");
    assert_eq!(test.check("!pionts"), "whisper to 7: suggestion: prefix=!, name=points");
    assert_eq!(test.decide("!somethingelse"), Decision::default());
    for line in ["!", "! ", "! points", "!goal ²", "!\u{202e}", "!!!"] {
        assert_eq!(test.decide(line), Decision::default(), "{line:?}");
    }
}

#[test]
fn disabled_reward_is_not_suggested() {
    let mut test = CommandTest::new(0);
    test.reward("hydrate").enabled = false;
    assert_eq!(test.decide("!hydrat"), Decision::default());
}
