//! Contributions to a goal of 1,000 with milestones at 250 and 500.

use crate::decide::testing::{CommandTest, points};

fn goal(balance: i64, progress: i64) -> CommandTest {
    let mut test = CommandTest::new(balance);
    test.everybody.points = points(progress);
    test
}

#[test]
fn contribution_moves_the_goal() {
    insta::assert_snapshot!(goal(80, 0).check("!charity 50"), @r#"
    move id-Ann -50 Contribution(RewardId("charity"))
    use 50 if 0..=0
    say contributed: name=Ann, amount=50, reward=charity, progress=50, target=1000
    "#);
}

#[test]
fn all_and_percentages_refer_to_the_balance() {
    insta::assert_snapshot!(goal(80, 0).check("!charity ALL"), @r#"
    move id-Ann -80 Contribution(RewardId("charity"))
    use 80 if 0..=0
    say contributed: name=Ann, amount=80, reward=charity, progress=80, target=1000
    "#);
    insta::assert_snapshot!(goal(89, 100).check("!charity 10%"), @r#"
    move id-Ann -8 Contribution(RewardId("charity"))
    use 8 if 100..=100
    say contributed: name=Ann, amount=8, reward=charity, progress=108, target=1000
    "#);
    insta::assert_snapshot!(goal(9, 0).refusal("!charity 10%"), @"goal_too_little: name=Ann");
}

#[test]
fn invalid_amount_gets_the_usage() {
    let usage = "goal_howto: name=Ann, reward=charity, progress=120, target=1000, prefix=!";
    for line in ["", " ²", " 0", " -5", " 1.5", " 0%", " 101%", " lots", " 99999999999999999999", " ٥"] {
        assert_eq!(goal(80, 120).refusal(&format!("!charity{line}")), usage, "{line:?}");
    }
}

#[test]
fn contribution_cannot_exceed_the_balance() {
    insta::assert_snapshot!(goal(49, 0).refusal("!charity 50"), @"goal_need_more: name=Ann, amount=50, missing=1");
    insta::assert_snapshot!(goal(0, 0).refusal("!charity all"), @"goal_broke: name=Ann");
    assert!(goal(50, 0).allows("!charity 50"));
}

#[test]
fn contribution_is_capped_at_what_the_goal_needs() {
    insta::assert_snapshot!(goal(5000, 990).check("!charity all"), @r#"
    move id-Ann -10 Contribution(RewardId("charity"))
    use 10 if 990..=990
    say contributed: name=Ann, amount=10, reward=charity, progress=1000, target=1000
    say goal_reached: reward=charity, target=1000
    show Goal { reward: "charity", target: Points(1000) }
    "#);
    // The balance only has to cover what the goal still needs, not the amount that was typed.
    assert!(goal(10, 990).allows("!charity 500"));
}

#[test]
fn milestones_reached_together_are_each_announced_once() {
    insta::assert_snapshot!(goal(2000, 200).check("!charity 400"), @r#"
    move id-Ann -400 Contribution(RewardId("charity"))
    use 400 if 200..=200
    say contributed: name=Ann, amount=400, reward=charity, progress=600, target=1000
    say milestone: reward=charity, at=250, text=step 250
    say milestone: reward=charity, at=500, text=step 500
    show Milestone { reward: "charity", at: Points(500), text: "step 500" }
    "#);
    insta::assert_snapshot!(goal(50, 200).check("!charity 50"), @r#"
    move id-Ann -50 Contribution(RewardId("charity"))
    use 50 if 200..=200
    say contributed: name=Ann, amount=50, reward=charity, progress=250, target=1000
    say milestone: reward=charity, at=250, text=step 250
    show Milestone { reward: "charity", at: Points(250), text: "step 250" }
    "#);
    insta::assert_snapshot!(goal(50, 250).check("!charity 50"), @r#"
    move id-Ann -50 Contribution(RewardId("charity"))
    use 50 if 250..=250
    say contributed: name=Ann, amount=50, reward=charity, progress=300, target=1000
    "#);
}

#[test]
fn reached_goal_takes_no_contribution() {
    insta::assert_snapshot!(goal(50, 1000).refusal("!charity 1"), @"goal_done: name=Ann, reward=charity");
    // Nor does a goal whose target was lowered below its progress.
    assert!(!goal(50, 1500).allows("!charity 1"));
}

#[test]
fn under_contention_only_milestones_need_an_exact_progress() {
    let contended = |progress| CommandTest { contended: true, ..goal(500, progress) };
    insta::assert_snapshot!(contended(20).check("!charity 50"), @r#"
    move id-Ann -50 Contribution(RewardId("charity"))
    use 50 if 0..=199
    say contributed_in_a_crowd: name=Ann, amount=50, reward=charity
    "#);
    insta::assert_snapshot!(contended(220).check("!charity 50"), @r#"
    move id-Ann -50 Contribution(RewardId("charity"))
    use 50 if 220..=220
    say contributed: name=Ann, amount=50, reward=charity, progress=270, target=1000
    say milestone: reward=charity, at=250, text=step 250
    show Milestone { reward: "charity", at: Points(250), text: "step 250" }
    "#);
}

#[test]
fn goal_can_have_a_stock() {
    let mut test = goal(50, 0);
    test.reward("charity").limits.stock = Some(2);
    test.everybody.count = 2;
    insta::assert_snapshot!(test.refusal("!charity 5"), @"sold_out: name=Ann, reward=charity");
}
