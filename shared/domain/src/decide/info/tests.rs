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
    assert_eq!(CommandTest::new(1234).refusal("!points"), "Ann, you have 1234 points");
    assert_eq!(CommandTest::new(1).refusal("!POINTS"), "Ann, you have 1 points");
    assert_eq!(CommandTest::new(0).refusal("!points please"), "Ann, you have 0 points");
}

#[test]
fn personal_answers_are_public_if_so_configured() {
    let mut test = CommandTest::new(5);
    assert_eq!(test.check("!points"), "whisper to 7: Ann, you have 5 points");
    test.config.settings.chat.answers = Answers::Public;
    assert_eq!(test.check("!points"), "say Ann, you have 5 points");
    assert_eq!(test.check("!hydrate"), "say Ann, hydrate costs 50 and you need 45 more points.");
    assert_eq!(test.check("!hydrat"), "say Did you mean !hydrate?");
}

#[test]
fn answer_without_a_connection_is_public() {
    let test = CommandTest { via: crate::decide::Via::Chat(None), ..CommandTest::new(5) };
    let decision = test.decide("!points");
    assert_eq!(decision.effects, [Effect::Say("Ann, you have 5 points".to_owned())]);
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
    insta::assert_snapshot!(test.refusal("!help"), @"Ann, you earn 10 points for every 10 minutes you watch. Spend them with !&lt;reward>, for example !hydrate. See !panel, !points, !rewards and !queue.");
    test.config.settings.points.interval = Span::minutes(1);
    test.config.settings.chat.prefix = Prefix::new("?").unwrap();
    insta::assert_snapshot!(test.refusal("?help"), @"Ann, you earn 10 points for every minute you watch. Spend them with ?&lt;reward>, for example ?hydrate. See ?panel, ?points, ?rewards and ?queue.");
    test.config.settings.points.interval = Span::seconds(5);
    test.config.rewards.clear();
    insta::assert_snapshot!(test.refusal("?help"), @"Ann, you earn 10 points for every 5 seconds you watch. There is nothing to spend them on yet. See ?points.");
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
    insta::assert_snapshot!(test.refusal("!rewards"), @r"Rewards: hydrate \(50\), red \(10\), charity \(any amount\), confetti \(75\)");
    set_categories(&mut test);
    test.reward("red").enabled = false;
    insta::assert_snapshot!(test.refusal("!rewards"), @r"Rewards: hydrate \(50\), charity \(any amount\)");
    test.config.rewards.clear();
    insta::assert_snapshot!(test.refusal("!rewards"), @"There are no rewards right now. Your points are safe until there are.");
}

#[test]
fn rewards_of_a_category_ignore_case() {
    let mut test = CommandTest::new(0);
    insta::assert_snapshot!(test.refusal("!rewards drinks"), @"Rewards have no categories here; !rewards shows them all.");
    set_categories(&mut test);
    insta::assert_snapshot!(test.refusal("!rewards dRINKS"), @r"Drinks: hydrate \(50\)");
    insta::assert_snapshot!(test.refusal("!rewards Empty"), @"There are no rewards right now. Your points are safe until there are.");
    insta::assert_snapshot!(test.refusal("!rewards late"), @"There is no category called late. There is: Drinks, Empty");
    insta::assert_snapshot!(test.refusal("!rewards <b>"), @"There is no category called &lt;b\\>. There is: Drinks, Empty");
}

#[test]
fn long_list_of_rewards_is_cut_and_counted() {
    let mut test = CommandTest::new(0);
    let many =
        |n: usize| (0..n).map(|i| reward(&format!("r{i}"), 5, Kind::Redeem(Redeem::default()))).collect();
    test.config.rewards = many(25);
    let all = test.refusal("!rewards");
    assert!(all.ends_with(r"r24 \(5\)"), "{all}");
    test.config.rewards = many(27);
    set_one_category(&mut test);
    let cut = test.refusal("!rewards");
    assert!(
        cut.ends_with(r"r24 \(5\) and 2 more. Narrow it down with !rewards &lt;category>: Drinks"),
        "{cut}"
    );
}

fn set_one_category(test: &mut CommandTest) {
    test.config.categories =
        vec![Category { id: CategoryId::new("d").unwrap(), name: "Drinks".to_owned(), on: true }];
}

#[test]
fn queue_shows_the_first_entries_and_the_own_place() {
    let mut test = CommandTest::new(0);
    insta::assert_snapshot!(test.refusal("!queue"), @"The queue is empty.");
    test.waiting = vec![waiting("Bob")];
    insta::assert_snapshot!(test.refusal("!queue"), @"1 waiting: song for Bob");
    let many = ["Bob", "Cleo", "Dora", "Eve", "Finn", "Gus", "Ann", "Ann"];
    test.waiting = many.map(waiting).to_vec();
    insta::assert_snapshot!(test.refusal("!queue"), @"8 waiting: song for Bob, song for Cleo, song for Dora, song for Eve, song for Finn. Your song is number 7.");
}

#[test]
fn mistyped_command_gets_a_suggestion() {
    let test = CommandTest::new(0);
    assert_eq!(test.check("!hydrat"), "whisper to 7: Did you mean !hydrate?");
    assert_eq!(test.check("!pionts"), "whisper to 7: Did you mean !points?");
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
