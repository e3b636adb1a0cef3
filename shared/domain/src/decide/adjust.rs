//! Moderators give and take points.

use super::Scene;
use super::candidate::{Candidate, the_one};
use crate::command::Adjustment;
use crate::text::{self, Text};
use crate::{Cause, Change, Decision, Delta};

/// The most that one command may give or take: a slip of the finger should not outlive the evening.
pub const MOST_AT_ONCE: i64 = 1_000_000_000;

pub(super) fn how_to(scene: &Scene<'_>, command: &str) -> Text {
    if scene.asker.moderator {
        text::adjust_howto(scene.prefix(), command)
    } else {
        text::moderators_command(scene.name(), scene.prefix(), command)
    }
}

pub(super) fn decide(scene: &Scene<'_>, adjustment: &Adjustment, candidates: &[Candidate]) -> Decision {
    let command = if adjustment.add { "addpoints" } else { "removepoints" };
    if !scene.asker.moderator {
        return scene.answer(&text::moderators_command(scene.name(), scene.prefix(), command));
    }
    let amount = adjustment.amount.filter(|points| points.get() <= MOST_AT_ONCE);
    let Some(amount) = amount else { return scene.answer(&text::adjust_amount(MOST_AT_ONCE)) };
    let target = match the_one(&adjustment.viewer, &candidates.iter().collect::<Vec<_>>(), true) {
        Ok(target) => target,
        Err(question) => return scene.answer(&question),
    };
    let delta = if adjustment.add { Delta::credit(amount) } else { Delta::debit(amount) };
    let Some(after) = target.balance.after(delta) else {
        return scene.answer(&if adjustment.add {
            text::viewer_full(&target.name)
        } else {
            text::adjust_short(&target.name, target.balance, amount)
        });
    };
    let cause = Cause::Correction { by: scene.asker.id.clone(), reason: adjustment.reason.clone() };
    let done = if adjustment.add {
        text::added(&target.name, amount, after)
    } else {
        text::removed(&target.name, amount, after)
    };
    Decision {
        changes: vec![Change::Move { viewer: target.viewer.clone(), delta, cause }],
        effects: vec![scene.tell(&done)],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Points;
    use crate::decide::testing::{Stage, candidate};

    fn stage(candidates: &[Candidate]) -> Stage {
        let mut stage = Stage::new(0);
        stage.asker.moderator = true;
        stage.candidates = candidates.to_vec();
        stage
    }

    #[test]
    fn a_moderator_gives_points_with_a_reason() {
        let stage = stage(&[candidate("b", 10)]);
        insta::assert_snapshot!(stage.check("!addpoints Bob 5 for the song"), @r#"
        move b +5 Correction { by: ViewerId("id-Ann"), reason: Some("for the song") }
        whisper to 7: Bob got 5 points and now has 15.
        "#);
        insta::assert_snapshot!(stage.check("!addpoints Bob 5"), @r#"
        move b +5 Correction { by: ViewerId("id-Ann"), reason: None }
        whisper to 7: Bob got 5 points and now has 15.
        "#);
    }

    #[test]
    fn nobody_falls_below_zero() {
        let stage = stage(&[candidate("b", 10)]);
        insta::assert_snapshot!(stage.check("!removepoints Bob 10 spam"), @r#"
        move b -10 Correction { by: ViewerId("id-Ann"), reason: Some("spam") }
        whisper to 7: Bob lost 10 points and now has 0.
        "#);
        insta::assert_snapshot!(stage.refusal("!removepoints Bob 11"), @"Bob has 10, so 11 cannot be taken.");
    }

    #[test]
    fn nobody_holds_more_than_can_be_counted() {
        let most = Points::MAX.get();
        insta::assert_snapshot!(stage(&[candidate("b", most)]).refusal("!addpoints Bob 1"), @"Bob cannot hold that many points.");
        assert!(!stage(&[candidate("b", most - 1)]).decide("!addpoints Bob 1").changes.is_empty());
    }

    #[test]
    fn an_ambiguous_name_asks_back_instead_of_guessing() {
        let stage = stage(&[candidate("b1", 10), candidate("b2", 20)]);
        insta::assert_snapshot!(stage.refusal("!addpoints Bob 5"), @"Several viewers are called Bob. Write the id instead of the name: id:b1 with 10, id:b2 with 20");
    }

    #[test]
    fn a_stranger_is_not_invented() {
        insta::assert_snapshot!(stage(&[]).refusal("!addpoints Bob 5"), @"Nobody called Bob has been here.");
        insta::assert_snapshot!(stage(&[]).refusal("!addpoints id:xyz 5"), @"Nobody called id:xyz has been here.");
    }

    #[test]
    fn only_whole_amounts_within_reason_are_taken() {
        let stage = stage(&[candidate("b", 10)]);
        let how_to = "Write a whole number of points from 1 to 1000000000.";
        for amount in ["²", "all", "10%", "0", "-5", "1.5", "1000000001", "99999999999999999999"] {
            assert_eq!(stage.refusal(&format!("!addpoints Bob {amount}")), how_to, "{amount}");
        }
        assert!(!stage.decide("!addpoints Bob 1000000000").changes.is_empty());
    }

    #[test]
    fn other_viewers_may_not_even_ask_how() {
        let mut stage = stage(&[candidate("b", 10)]);
        stage.asker.moderator = false;
        for line in ["!addpoints Bob 5", "!addpoints Bob ²", "!addpoints"] {
            assert_eq!(stage.refusal(line), "Ann, !addpoints is for moderators.", "{line}");
        }
        assert_eq!(stage.refusal("!removepoints Bob 5"), "Ann, !removepoints is for moderators.");
    }

    #[test]
    fn half_a_command_gets_the_how_to() {
        let stage = stage(&[]);
        insta::assert_snapshot!(stage.refusal("!addpoints"), @"Write !addpoints &lt;viewer> &lt;points> [reason].");
        insta::assert_snapshot!(stage.refusal("!removepoints Bob"), @"Write !removepoints &lt;viewer> &lt;points> [reason].");
    }
}
