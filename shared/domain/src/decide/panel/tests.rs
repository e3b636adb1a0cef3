use super::*;
use crate::decide::testing::{self, CommandTest};
use crate::{Cause, LedgerChange, Redemption, Reply, Status};

fn hash(digits: &str) -> KeyedHash {
    KeyedHash::of_digits(digits)
}

fn ticket(test: &CommandTest) -> Ticket {
    Ticket { proof_hashes: [hash("c0de"), hash("11")], until: test.now.saturating_add(TICKET_LIFE) }
}

#[test]
fn sign_in_is_sent_to_the_connection_that_asked() {
    let mut test = CommandTest::new(0);
    test.ticket = Some(ticket(&test));
    insta::assert_snapshot!(test.check("!panel"), @r#"
    OfferSignIn { viewer: ViewerId("id-Ann"), epoch: 3, proof_hashes: [KeyedHash("c0de"), KeyedHash("11")], until: Timestamp(1000300000) }
    sign-in of id-Ann to 7
    "#);
}

#[test]
fn sign_in_is_never_sent_late_or_in_public() {
    let mut test = CommandTest::new(0);
    test.ticket = Some(ticket(&test));
    let again = "Ann, that came too late to be safe. Write !panel again.";
    test.asked_at = Some(test.now.saturating_sub(SOON));
    assert_eq!(test.refusal("!panel"), again);
    // An Owncast clock that is ahead does not extend the time.
    test.asked_at = Some(test.now.saturating_add(TICKET_LIFE));
    let decision = test.decide("!panel");
    assert!(
        matches!(decision.effects.as_slice(), [Effect::SignIn { by, .. }] if *by == test.now.saturating_add(SOON))
    );
    test.asked_at = None;
    test.via = Via::Chat(None);
    assert_eq!(test.check("!panel"), format!("say {again}"));
    test.via = Via::Chat(Some(ClientId(7)));
    test.ticket = None;
    assert_eq!(test.refusal("!panel"), "Ann, the panel is not set up here yet.");
}

#[test]
fn invitation_contains_a_link_if_the_public_url_is_known() {
    let link = invitation(Some("https://bot.example"), "70cen", "7KQ2-M4XZ").chat();
    insta::assert_snapshot!(link, @"[Open your panel](https://bot.example/userpanel/enter/70cen), or type the code 7KQ2-M4XZ in the panel under the stream. Both are only for you, and work once within 5 minutes.");
    assert!(invitation(None, "70cen", "7KQ2-M4XZ").chat().starts_with("Type the code 7KQ2-M4XZ in"));
}

#[test]
fn code_of_a_panel_signs_it_in_once() {
    let mut test = CommandTest::new(0);
    let pending = LinkRequest {
        proof: hash("d0"),
        until: test.now.saturating_add(TICKET_LIFE),
        viewer: None,
        epoch: 0,
    };
    test.request = Some(pending.clone());
    insta::assert_snapshot!(test.check("!link ABCD-EFGH"), @r#"
    Link { proof: KeyedHash("d0"), viewer: ViewerId("id-Ann"), epoch: 3 }
    whisper to 7: Ann, a panel is signed in as you now. If that was not you, write !unlink: it signs every panel out.
    "#);
    let expired = LinkRequest { until: test.now, ..pending.clone() };
    let taken = LinkRequest { viewer: ViewerId::new("bob").ok(), ..pending };
    for request in [Some(expired), Some(taken), None] {
        test.request = request;
        let unknown = "Ann, that code is invalid or has expired. Ask the panel for a new one.";
        assert_eq!(test.refusal("!link ABCD-EFGH"), unknown);
    }
    assert!(test.refusal("!link").contains("write !link and that code here"));
}

#[test]
fn unlink_ends_every_session() {
    insta::assert_snapshot!(CommandTest::new(0).check("!unlink"), @r#"
    EndSessions { viewer: ViewerId("id-Ann") }
    whisper to 7: Ann, every panel of yours is signed out.
    "#);
    let mut test = CommandTest::new(0);
    (test.via, test.asker.banned) = (Via::Panel, true);
    insta::assert_snapshot!(test.check("!unlink"), @r#"
    EndSessions { viewer: ViewerId("id-Ann") }
    reply Every panel of yours is signed out.
    "#);
    assert_eq!(test.check("!hydrate"), "refuse You are banned from this chat, so nothing can be used here.");
}

/// A click follows the rules of chat; only the answer is shown on the page instead.
#[test]
fn click_is_announced_in_chat_and_answered_on_the_page() {
    let mut test = CommandTest::new(60);
    test.via = Via::Panel;
    insta::assert_snapshot!(test.check("!hydrate"), @r#"
    move id-Ann -50 Redeem(RewardId("hydrate"))
    use 50
    enqueue hydrate None Waiting
    say Ann redeemed hydrate.
    reply hydrate is yours and waits in the queue.
    show Redeem { viewer: "Ann", reward: "hydrate", note: None }
    "#);
    insta::assert_snapshot!(test.check("!red"), @r#"
    move id-Ann -10 Vote(RewardId("red"))
    use 10
    say Ann voted for red.
    reply Your vote for red counts.
    "#);
    assert_eq!(test.check("!confetti"), "refuse Confetti costs 75 and you need 15 more points.");
    assert!(test.check("!charity 20").contains("reply You gave 20 to charity. Thank you!"));
    assert_eq!(
        test.check("!top off").lines().last(),
        Some("reply You are not shown on boards. !top on changes that.")
    );
}

fn waiting() -> Redemption {
    testing::waiting("Ann", "hydrate")
}

fn taken_back(redemption: &Redemption, viewer: &str, allowed: bool) -> Decision {
    let mut test = CommandTest::new(0);
    test.via = Via::Panel;
    test.asker.id = ViewerId::new(viewer).unwrap();
    test.config.settings.panel.take_back = allowed;
    test.take_back(redemption)
}

#[test]
fn waiting_redemption_can_be_taken_back_by_its_viewer() {
    let decision = taken_back(&waiting(), "id-Ann", true);
    let back = |change: &Change| matches!(change, Change::Ledger(LedgerChange::Move { delta, cause: Cause::Refund(_), .. }) if delta.get() == 50);
    assert!(decision.changes.iter().any(back));
    let reply = Reply { done: true, line: "hydrate is taken back: 50 points are yours again.".to_owned() };
    assert_eq!(decision.effects, [Effect::Say("Ann took hydrate back.".to_owned()), Effect::Reply(reply)]);
}

#[test]
fn other_redemptions_cannot_be_taken_back() {
    let fulfilled = Redemption { status: Status::Fulfilled, automatic: true, ..waiting() };
    let refunded = Redemption { status: Status::Refunded, ..waiting() };
    for (redemption, viewer, allowed) in [
        (fulfilled, "id-Ann", true),
        (refunded, "id-Ann", true),
        (waiting(), "bob", true),
        (waiting(), "id-Ann", false),
    ] {
        let decision = taken_back(&redemption, viewer, allowed);
        assert!(decision.changes.is_empty(), "{decision:?}");
        assert!(matches!(decision.effects.as_slice(), [Effect::Reply(Reply { done: false, .. })]));
    }
}
