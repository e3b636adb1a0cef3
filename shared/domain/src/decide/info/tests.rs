use crate::decide::testing::{self, Stage, event, reward};
use crate::decide::{Ask, Scene, decide};
use crate::reward::Redeem;
use crate::settings::{Answers, Prefix};
use crate::{Category, CategoryId, Decision, Effect, Redemption, Span};

use super::*;

fn waiting(name: &str) -> Redemption {
    testing::waiting(name, "song")
}

#[test]
fn the_balance_is_told_in_exactly_this_form() {
    assert_eq!(Stage::new(1234).refusal("!points"), "Ann, you have 1234 points");
    assert_eq!(Stage::new(1).refusal("!POINTS"), "Ann, you have 1 points");
    assert_eq!(Stage::new(0).refusal("!points please"), "Ann, you have 0 points");
}

#[test]
fn personal_answers_are_said_where_the_settings_want_it() {
    let mut stage = Stage::new(5);
    assert_eq!(stage.check("!points"), "whisper to 7: Ann, you have 5 points");
    stage.config.settings.chat.answers = Answers::Public;
    assert_eq!(stage.check("!points"), "say Ann, you have 5 points");
    assert_eq!(stage.check("!hydrate"), "say Ann, hydrate costs 50 and you need 45 more points.");
    assert_eq!(stage.check("!hydrat"), "say Did you mean !hydrate?");
}

#[test]
fn without_a_connection_an_answer_is_said() {
    let stage = Stage::new(5);
    let scene = Scene {
        config: &stage.config,
        stream: &stage.stream,
        now: stage.now,
        event: &event("event"),
        asker: &stage.asker,
        via: crate::decide::Via::Chat(None),
        account: &stage.account,
        follower: false,
        epoch: 0,
        crowded: false,
    };
    let said = decide(&scene, &Ask::Points);
    assert_eq!(said.effects, [Effect::Say("Ann, you have 5 points".to_owned())]);
}

#[test]
fn bots_and_banned_viewers_get_silence() {
    for line in ["!points", "!hydrate", "!hydrat", "!addpoints Ann 5", "!help"] {
        let mut stage = Stage::new(100);
        stage.asker.bot = true;
        assert_eq!(stage.decide(line), Decision::default(), "{line}");
        stage.asker.bot = false;
        stage.asker.banned = true;
        assert_eq!(stage.decide(line), Decision::default(), "{line}");
        stage.asker.banned = false;
        assert_ne!(stage.decide(line), Decision::default(), "{line}");
    }
}

#[test]
fn help_says_how_points_come_and_go() {
    let mut stage = Stage::new(0);
    insta::assert_snapshot!(stage.refusal("!help"), @"Ann, you earn 10 points for every 10 minutes you watch. Spend them with !&lt;reward>, for example !hydrate. See !panel, !points, !rewards and !queue.");
    stage.config.settings.points.interval = Span::minutes(1);
    stage.config.settings.chat.prefix = Prefix::new("?").unwrap();
    insta::assert_snapshot!(stage.refusal("?help"), @"Ann, you earn 10 points for every minute you watch. Spend them with ?&lt;reward>, for example ?hydrate. See ?panel, ?points, ?rewards and ?queue.");
    stage.config.settings.points.interval = Span::seconds(5);
    stage.config.rewards.clear();
    insta::assert_snapshot!(stage.refusal("?help"), @"Ann, you earn 10 points for every 5 seconds you watch. There is nothing to spend them on yet. See ?points.");
}

fn sorted(stage: &mut Stage) {
    let category =
        |name: &str, on| Category { id: CategoryId::new(name).unwrap(), name: name.to_owned(), on };
    stage.config.categories =
        vec![category("Drinks", true), category("Late", false), category("Empty", true)];
    let id = |name| vec![CategoryId::new(name).unwrap()];
    stage.reward("hydrate").categories = id("Drinks");
    stage.reward("confetti").categories = id("Late");
}

#[test]
fn the_rewards_are_those_one_can_use_now() {
    let mut stage = Stage::new(0);
    insta::assert_snapshot!(stage.refusal("!rewards"), @r"Rewards: hydrate \(50\), red \(10\), charity \(any amount\), confetti \(75\)");
    sorted(&mut stage);
    stage.reward("red").enabled = false;
    insta::assert_snapshot!(stage.refusal("!rewards"), @r"Rewards: hydrate \(50\), charity \(any amount\)");
    stage.config.rewards.clear();
    insta::assert_snapshot!(stage.refusal("!rewards"), @"There are no rewards right now. Your points are safe until there are.");
}

#[test]
fn rewards_are_listed_by_category_in_any_case() {
    let mut stage = Stage::new(0);
    insta::assert_snapshot!(stage.refusal("!rewards drinks"), @"Rewards have no categories here; !rewards shows them all.");
    sorted(&mut stage);
    insta::assert_snapshot!(stage.refusal("!rewards dRINKS"), @r"Drinks: hydrate \(50\)");
    insta::assert_snapshot!(stage.refusal("!rewards Empty"), @"There are no rewards right now. Your points are safe until there are.");
    insta::assert_snapshot!(stage.refusal("!rewards late"), @"There is no category called late. There is: Drinks, Empty");
    insta::assert_snapshot!(stage.refusal("!rewards <b>"), @"There is no category called &lt;b\\>. There is: Drinks, Empty");
}

#[test]
fn a_long_list_of_rewards_is_cut_and_counted() {
    let mut stage = Stage::new(0);
    let many =
        |n: usize| (0..n).map(|i| reward(&format!("r{i}"), 5, Kind::Redeem(Redeem::default()))).collect();
    stage.config.rewards = many(25);
    let all = stage.refusal("!rewards");
    assert!(all.ends_with(r"r24 \(5\)"), "{all}");
    stage.config.rewards = many(27);
    sorted_names(&mut stage);
    let cut = stage.refusal("!rewards");
    assert!(
        cut.ends_with(r"r24 \(5\) and 2 more. Narrow it down with !rewards &lt;category>: Drinks"),
        "{cut}"
    );
}

fn sorted_names(stage: &mut Stage) {
    stage.config.categories =
        vec![Category { id: CategoryId::new("d").unwrap(), name: "Drinks".to_owned(), on: true }];
}

#[test]
fn the_queue_names_the_first_and_ones_own_place() {
    let mut stage = Stage::new(0);
    insta::assert_snapshot!(stage.refusal("!queue"), @"The queue is empty.");
    stage.waiting = vec![waiting("Bob")];
    insta::assert_snapshot!(stage.refusal("!queue"), @"1 waiting: song for Bob");
    let many = ["Bob", "Cleo", "Dora", "Eve", "Finn", "Gus", "Ann", "Ann"];
    stage.waiting = many.map(waiting).to_vec();
    insta::assert_snapshot!(stage.refusal("!queue"), @"8 waiting: song for Bob, song for Cleo, song for Dora, song for Eve, song for Finn. Your song is number 7.");
}

#[test]
fn a_mistyped_command_gets_one_whispered_suggestion() {
    let stage = Stage::new(0);
    assert_eq!(stage.check("!hydrat"), "whisper to 7: Did you mean !hydrate?");
    assert_eq!(stage.check("!pionts"), "whisper to 7: Did you mean !points?");
    assert_eq!(stage.decide("!somethingelse"), Decision::default());
    for line in ["!", "! ", "! points", "!goal ²", "!\u{202e}", "!!!"] {
        assert_eq!(stage.decide(line), Decision::default(), "{line:?}");
    }
}

#[test]
fn a_reward_that_is_off_is_not_suggested() {
    let mut stage = Stage::new(0);
    stage.reward("hydrate").enabled = false;
    assert_eq!(stage.decide("!hydrat"), Decision::default());
}
