//! Payments of a tick are conditional on the state at the moment of writing, whatever was read before.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test")]

use ownchatbot_domain::tick::last_before;
use ownchatbot_domain::{Account, Person, Points, Span, StreamId, Timestamp};
use ownchatbot_store::{Commit, FirstPayment, PaymentOutcome, TickPayment};
use ownchatbot_testkit::bot::Bot;
use ownchatbot_testkit::builders::{crowd, person, points};

fn slot(minutes: u32) -> Timestamp {
    Timestamp::from_ms(1_789_063_200_000).saturating_add(Span::minutes(minutes))
}

fn stream(minutes: u32) -> StreamId {
    StreamId::begun_at(slot(minutes))
}

fn payment(person: &Person, stream: &StreamId, slot: Timestamp) -> TickPayment {
    TickPayment {
        viewer: person.id.clone(),
        stream: stream.clone(),
        slot,
        points: points(10),
        seconds: 600,
        last_before: last_before(slot, Span::minutes(10)),
        earned: None,
    }
}

async fn account(bot: &Bot, person: &Person) -> Account {
    bot.store().load(&person.id, None).await.unwrap().account
}

async fn open(bot: &Bot, payment: &TickPayment, account: &Account) -> Commit {
    let first_payment = FirstPayment::FirstOfStream { account: account.clone() };
    bot.store().pay_first(payment, &first_payment, bot.now()).await.unwrap()
}

/// Ann, with 100 points and an open row of the stream of minute 0, which was paid into at minute 10.
async fn watching() -> (Bot, Person) {
    let (bot, ann) = (Bot::with_rewards(&[]).await, person("Ann"));
    bot.endow(&ann, 100).await;
    let first = payment(&ann, &stream(0), slot(10));
    assert_eq!(open(&bot, &first, &account(&bot, &ann).await).await, Commit::Applied);
    (bot, ann)
}

async fn pay(bot: &Bot, payment: TickPayment) -> PaymentOutcome {
    bot.store().pay(&[payment]).await.unwrap().remove(0)
}

#[tokio::test]
async fn slot_is_paid_once_and_only_forwards() {
    let (bot, ann) = watching().await;
    assert_eq!(pay(&bot, payment(&ann, &stream(0), slot(20))).await, PaymentOutcome::Paid);
    for late in [20, 19, 10, 0] {
        assert_eq!(pay(&bot, payment(&ann, &stream(0), slot(late))).await, PaymentOutcome::Refused, "{late}");
    }
    let account = account(&bot, &ann).await;
    assert_eq!((account.balance, account.last_tick), (points(120), Some(slot(20))));
    assert_eq!(bot.verify_totals().await, 120);
}

#[tokio::test]
async fn payment_needs_the_streams_open_row() {
    let (bot, ann) = watching().await;
    assert_eq!(
        pay(&bot, payment(&ann, &stream(15), slot(20))).await,
        PaymentOutcome::Refused,
        "another stream"
    );
    let bob = person("Bob");
    assert_eq!(
        pay(&bot, payment(&bob, &stream(0), slot(20))).await,
        PaymentOutcome::Refused,
        "an unknown viewer"
    );
    assert_eq!(bot.table.item("VIEWER#id-Bob", "BALANCE").await, None, "a payment creates no viewer");
    bot.endow(&bob, 100).await;
    assert_eq!(
        pay(&bot, payment(&bob, &stream(0), slot(20))).await,
        PaymentOutcome::Refused,
        "no row is open"
    );
    assert_eq!(bot.verify_totals().await, 210);
}

#[tokio::test]
async fn payment_does_not_exceed_the_largest_balance() {
    let (bot, ann) = watching().await;
    bot.endow(&ann, Points::MAX.get() - 9).await;
    assert_eq!(pay(&bot, payment(&ann, &stream(0), slot(20))).await, PaymentOutcome::Refused);
    bot.endow(&ann, Points::MAX.get() - 10).await;
    assert_eq!(pay(&bot, payment(&ann, &stream(0), slot(20))).await, PaymentOutcome::Paid);
    assert_eq!(bot.verify_totals().await, Points::MAX.get());
}

#[tokio::test]
async fn each_payment_of_a_batch_succeeds_or_fails_alone() {
    let bot = Bot::with_rewards(&[]).await;
    let people = crowd(25);
    for person in &people {
        bot.endow(person, 100).await;
        open(&bot, &payment(person, &stream(0), slot(10)), &account(&bot, person).await).await;
    }
    // Another run has paid every third one.
    let third = |n: usize| n.is_multiple_of(3);
    for (n, person) in people.iter().enumerate().filter(|(n, _)| third(*n)) {
        assert_eq!(pay(&bot, payment(person, &stream(0), slot(20))).await, PaymentOutcome::Paid, "{n}");
    }
    let payments: Vec<TickPayment> =
        people.iter().map(|person| payment(person, &stream(0), slot(20))).collect();
    let outcomes = bot.store().pay(&payments).await.unwrap();
    let refused: Vec<bool> = outcomes.iter().map(|outcome| *outcome == PaymentOutcome::Refused).collect();
    assert_eq!(refused, (0..25).map(third).collect::<Vec<_>>());
    assert_eq!(bot.verify_totals().await, 25 * 120);
}

#[tokio::test]
async fn open_row_is_closed_only_as_it_was_read() {
    let (bot, ann) = watching().await;
    let read = account(&bot, &ann).await;
    assert_eq!(pay(&bot, payment(&ann, &stream(0), slot(20))).await, PaymentOutcome::Paid);
    let next = payment(&ann, &stream(25), slot(30));
    assert_eq!(open(&bot, &next, &read).await, Commit::Stale, "it has earned more since");
    let same_time = Account { last_tick: Some(slot(20)), ..read };
    assert_eq!(open(&bot, &next, &same_time).await, Commit::Stale, "points count, not only the time");
    let read = account(&bot, &ann).await;
    assert_eq!(open(&bot, &next, &read).await, Commit::Applied);
    assert_eq!(open(&bot, &next, &read).await, Commit::Stale, "closed once");
    assert_eq!(bot.verify_totals().await, 130);
}

#[tokio::test]
async fn spending_does_not_stop_closing_the_row() {
    let (bot, ann) = watching().await;
    let read = account(&bot, &ann).await;
    bot.endow(&ann, 3).await;
    assert_eq!(open(&bot, &payment(&ann, &stream(15), slot(20)), &read).await, Commit::Applied);
    assert_eq!(bot.verify_totals().await, 13);
}

#[tokio::test]
async fn new_viewer_is_created_once() {
    let (bot, ann) = (Bot::with_rewards(&[]).await, person("Ann"));
    let first_payment = FirstPayment::New { person: ann.clone(), welcome: points(100) };
    let payment = payment(&ann, &stream(0), slot(10));
    assert_eq!(bot.store().pay_first(&payment, &first_payment, bot.now()).await.unwrap(), Commit::Applied);
    assert_eq!(bot.store().pay_first(&payment, &first_payment, bot.now()).await.unwrap(), Commit::Stale);
    assert_eq!(bot.verify_totals().await, 110);
}

#[tokio::test]
async fn accounts_of_unknown_viewers_are_missing() {
    let (bot, ann) = watching().await;
    let found = bot.store().accounts(&[ann.id.clone(), person("Bob").id]).await.unwrap();
    assert_eq!(found.keys().collect::<Vec<_>>(), [&ann.id]);
    assert_eq!(bot.store().accounts(&[]).await.unwrap().len(), 0);
}
