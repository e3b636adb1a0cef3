//! Moderators add points to a viewer or remove them.

use super::CommandContext;
use super::viewer_match::{ViewerMatch, the_one};
use crate::command::Adjustment;
use crate::message;
use crate::{Cause, Change, Decision, Delta, LedgerChange};

/// The most points that one command may add or remove, which bounds the damage of a typing mistake.
pub const MAX_AT_ONCE: i64 = 1_000_000_000;

pub(super) fn decide(
    context: &CommandContext<'_>,
    adjustment: &Adjustment,
    matches: &[ViewerMatch],
) -> Decision {
    let command = if adjustment.add { "addpoints" } else { "removepoints" };
    if !context.asker.moderator {
        return context.answer(message::moderators_command(context.name(), context.prefix(), command));
    }
    let amount = adjustment.amount.filter(|points| points.get() <= MAX_AT_ONCE);
    let Some(amount) = amount else {
        return context.answer(message::adjust_amount(MAX_AT_ONCE.unsigned_abs()));
    };
    let target = match the_one(&adjustment.viewer, &matches.iter().collect::<Vec<_>>(), true) {
        Ok(target) => target,
        Err(question) => return context.answer(question),
    };
    let delta = if adjustment.add { Delta::credit(amount) } else { Delta::debit(amount) };
    let Some(after) = target.balance.after(delta) else {
        return context.answer(if adjustment.add {
            message::viewer_full(&target.name)
        } else {
            message::adjust_short(&target.name, target.balance, amount)
        });
    };
    let cause = Cause::Correction { by: context.asker.id.clone(), reason: adjustment.reason.clone() };
    let done = if adjustment.add {
        message::added(&target.name, amount, after)
    } else {
        message::removed(&target.name, amount, after)
    };
    Decision {
        changes: vec![Change::Ledger(LedgerChange::Move { viewer: target.viewer.clone(), delta, cause })],
        effects: vec![context.answer_effect(done)],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Points;
    use crate::decide::testing::{CommandTest, viewer_match};

    fn test(matches: &[ViewerMatch]) -> CommandTest {
        let mut test = CommandTest::new(0);
        test.asker.moderator = true;
        test.matches = matches.to_vec();
        test
    }

    #[test]
    fn moderator_adds_points_with_a_reason() {
        let test = test(&[viewer_match("b", 10)]);
        insta::assert_snapshot!(test.check("!addpoints Bob 5 for the song"), @r#"
        move b +5 Correction { by: ViewerId("id-Ann"), reason: Some("for the song") }
        whisper to 7: added: viewer=Bob, amount=5, points=15
        "#);
        insta::assert_snapshot!(test.check("!addpoints Bob 5"), @r#"
        move b +5 Correction { by: ViewerId("id-Ann"), reason: None }
        whisper to 7: added: viewer=Bob, amount=5, points=15
        "#);
    }

    #[test]
    fn balance_never_falls_below_zero() {
        let test = test(&[viewer_match("b", 10)]);
        insta::assert_snapshot!(test.check("!removepoints Bob 10 spam"), @r#"
        move b -10 Correction { by: ViewerId("id-Ann"), reason: Some("spam") }
        whisper to 7: removed: viewer=Bob, amount=10, points=0
        "#);
        insta::assert_snapshot!(test.refusal("!removepoints Bob 11"), @"adjust_short: viewer=Bob, points=10, amount=11");
    }

    #[test]
    fn balance_never_exceeds_the_maximum() {
        let limit = Points::MAX.get();
        insta::assert_snapshot!(test(&[viewer_match("b", limit)]).refusal("!addpoints Bob 1"), @"viewer_full: viewer=Bob");
        assert!(!test(&[viewer_match("b", limit - 1)]).decide("!addpoints Bob 1").changes.is_empty());
    }

    #[test]
    fn ambiguous_name_asks_which_viewer_is_meant() {
        let test = test(&[viewer_match("b1", 10), viewer_match("b2", 20)]);
        insta::assert_snapshot!(test.refusal("!addpoints Bob 5"), @"viewer_ambiguous: viewer=Bob, list=[viewer_item_with: viewer=b1, points=10; viewer_item_with: viewer=b2, points=20]");
    }

    #[test]
    fn unknown_viewer_is_not_created() {
        insta::assert_snapshot!(test(&[]).refusal("!addpoints Bob 5"), @"viewer_unknown: viewer=Bob");
        insta::assert_snapshot!(test(&[]).refusal("!addpoints id:xyz 5"), @"viewer_unknown: viewer=id:xyz");
    }

    #[test]
    fn only_whole_amounts_up_to_the_maximum_are_accepted() {
        let test = test(&[viewer_match("b", 10)]);
        let usage = "adjust_amount: max=1000000000";
        for amount in ["²", "all", "10%", "0", "-5", "1.5", "1000000001", "99999999999999999999"] {
            assert_eq!(test.refusal(&format!("!addpoints Bob {amount}")), usage, "{amount}");
        }
        assert!(!test.decide("!addpoints Bob 1000000000").changes.is_empty());
    }

    #[test]
    fn other_viewers_do_not_get_the_usage() {
        let mut test = test(&[viewer_match("b", 10)]);
        test.asker.moderator = false;
        for line in ["!addpoints Bob 5", "!addpoints Bob ²", "!addpoints"] {
            assert_eq!(
                test.refusal(line),
                "moderators_command: name=Ann, prefix=!, command=addpoints",
                "{line}"
            );
        }
        assert_eq!(
            test.refusal("!removepoints Bob 5"),
            "moderators_command: name=Ann, prefix=!, command=removepoints"
        );
    }

    #[test]
    fn incomplete_command_gets_the_usage() {
        let test = test(&[]);
        insta::assert_snapshot!(test.refusal("!addpoints"), @"adjust_howto: prefix=!, command=addpoints");
        insta::assert_snapshot!(test.refusal("!removepoints Bob"), @"adjust_howto: prefix=!, command=removepoints");
    }
}
