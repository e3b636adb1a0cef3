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
    let again = "panel_again: name=Ann, prefix=!";
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
    assert_eq!(test.refusal("!panel"), "panel_off: name=Ann");
}

#[test]
fn invitation_contains_a_link_if_the_public_url_is_known() {
    let link = invitation(Some("https://bot.example"), "70cen", "7KQ2-M4XZ").to_string();
    insta::assert_snapshot!(link, @"panel_link: url=https://bot.example/userpanel/enter/70cen, code=7KQ2-M4XZ");
    assert_eq!(invitation(None, "70cen", "7KQ2-M4XZ"), message::panel_code("7KQ2-M4XZ"));
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
    whisper to 7: linked: name=Ann, prefix=!
    "#);
    let expired = LinkRequest { until: test.now, ..pending.clone() };
    let taken = LinkRequest { viewer: ViewerId::new("bob").ok(), ..pending };
    for request in [Some(expired), Some(taken), None] {
        test.request = request;
        let unknown = "link_unknown: name=Ann";
        assert_eq!(test.refusal("!link ABCD-EFGH"), unknown);
    }
    assert_eq!(test.refusal("!link"), "link_howto: name=Ann, prefix=!");
}

#[test]
fn unlink_ends_every_session() {
    insta::assert_snapshot!(CommandTest::new(0).check("!unlink"), @r#"
    EndSessions { viewer: ViewerId("id-Ann") }
    whisper to 7: unlinked: name=Ann
    "#);
    let mut test = CommandTest::new(0);
    (test.via, test.asker.banned) = (Via::Panel, true);
    insta::assert_snapshot!(test.check("!unlink"), @r#"
    EndSessions { viewer: ViewerId("id-Ann") }
    reply unlinked: name=Ann
    "#);
    assert_eq!(test.check("!hydrate"), "refuse you_are_banned");
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
    say redeemed: name=Ann, reward=hydrate
    reply you_redeemed: reward=hydrate
    show Redeem { viewer: "Ann", reward: "hydrate", note: None }
    "#);
    insta::assert_snapshot!(test.check("!red"), @r#"
    move id-Ann -10 Vote(RewardId("red"))
    use 10
    say voted: name=Ann, reward=red
    reply you_voted: reward=red
    "#);
    assert_eq!(test.check("!confetti"), "refuse need_more: name=Ann, reward=confetti, price=75, missing=15");
    assert!(test.check("!charity 20").contains("reply you_gave: amount=20, reward=charity"));
    assert_eq!(test.check("!top off").lines().last(), Some("reply boards_off: name=Ann, prefix=!"));
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
    let reply = Reply::done(message::you_took_back("hydrate", crate::Points::new(50).unwrap()));
    let line = message::taken_back("Ann", "hydrate");
    assert_eq!(decision.effects, [Effect::Say(line), Effect::Reply(reply)]);
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
