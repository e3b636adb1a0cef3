//! The erasure of a viewer, step by step.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test")]

use std::collections::HashMap;

use aws_sdk_dynamodb::types::{AttributeValue, PutRequest, WriteRequest};
use ownchatbot_app::tick::on_tick;
use ownchatbot_domain::reward::{Kind, Special};
use ownchatbot_domain::{
    AccessChange, Action, Cause, Change, Decision, Delta, EventId, LedgerChange, Person, Profile,
    RedemptionKey, RewardId, Source, Span, Timestamp, ViewerChange, ViewerId,
};
use ownchatbot_store::{Commit, ErasedPart, Erasure, FirstPayment, PaymentOutcome, TickPayment};
use ownchatbot_testkit::bot::Bot;
use ownchatbot_testkit::builders::{event, person, points, redeem, reward};
use ownchatbot_testkit::faults::{Fault, Faults};
use ownchatbot_testkit::scripted::ScriptedOwncast;
use ownchatbot_testkit::table::TestTable;

type Item = HashMap<String, AttributeValue>;

fn s(text: impl std::fmt::Display) -> AttributeValue {
    AttributeValue::S(text.to_string())
}

fn text(item: &Item, name: &str) -> String {
    item.get(name).and_then(|value| value.as_s().ok()).cloned().unwrap_or_default()
}

/// A bot with a reward that is fulfilled at once, one that goes to the queue, and Ann, who has 1,000 points.
async fn bot() -> (Bot, Person) {
    let faults = Faults::default();
    let confetti = Kind::Special(Special { action: Action::Alert("confetti".to_owned()) });
    let rewards = [reward("confetti", 1, confetti), redeem("hydrate", 5)];
    let bot = Bot::on_table(TestTable::with_faults(&faults).await, faults, &rewards).await;
    let ann = person("Ann");
    bot.endow(&ann, 1000).await;
    (bot, ann)
}

async fn profile(bot: &Bot, viewer: &ViewerId) -> Profile {
    bot.store().active_profile(viewer).await.unwrap().unwrap()
}

/// Begins the erasure of `viewer` now.
async fn begin(bot: &Bot, viewer: &ViewerId) -> Erasure {
    let change = Change::Viewer(ViewerChange::BeginErasure { profile: profile(bot, viewer).await });
    let decision = Decision::change(change);
    let click = EventId::new(Source::Click, format!("forget-{viewer}")).unwrap();
    assert_eq!(bot.store().commit(Some(&click), bot.now(), &decision).await.unwrap(), Commit::Applied);
    bot.store().erasure(viewer).await.unwrap().unwrap()
}

/// Anonymizes all finished redemptions of `viewer`; returns the number of steps.
async fn erase_history(bot: &Bot, viewer: &ViewerId) -> usize {
    for step in 1..100 {
        let erasure = bot.store().erasure(viewer).await.unwrap().unwrap();
        match bot.store().erase_finished(&erasure, "somebody").await.unwrap() {
            ErasedPart::All => {
                let place = bot.store().erasure(viewer).await.unwrap().unwrap().place;
                assert_eq!(place, None);
                return step;
            }
            ErasedPart::Part => {}
            ErasedPart::Stale => panic!("nothing else writes to the table"),
        }
    }
    panic!("not done after a hundred steps")
}

/// Writes `many` copies of `item`, each after `change` was applied to it.
async fn copies(bot: &Bot, item: &Item, many: usize, change: impl Fn(usize, &mut Item)) {
    let put = |n| {
        let mut copy = item.clone();
        change(n, &mut copy);
        let put = PutRequest::builder().set_item(Some(copy)).build().unwrap();
        WriteRequest::builder().put_request(put).build()
    };
    let puts: Vec<WriteRequest> = (0..many).map(put).collect();
    for chunk in puts.chunks(25) {
        let write = bot.table.client.batch_write_item().request_items(&bot.table.name, chunk.to_vec());
        let response = write.send().await.unwrap();
        assert!(response.unprocessed_items.unwrap_or_default().is_empty());
    }
}

async fn items(bot: &Bot, pk: &str) -> Vec<Item> {
    bot.table.items().await.into_iter().filter(|item| text(item, "pk").starts_with(pk)).collect()
}

#[tokio::test]
async fn begun_erasure_hides_the_viewer_and_blocks_changes() {
    let (bot, ann) = bot().await;
    bot.answer(&ann, "!hydrate").await;
    let erasure = begin(&bot, &ann.id).await;
    let first_seen = "1788976800000";
    let expect = Erasure {
        viewer: ann.id.clone(),
        since: bot.now(),
        place: Some(first_seen.to_owned()),
        gone_at: None,
    };
    assert_eq!(erasure, expect, "the cursor starts a day before the viewer was first seen");
    assert_eq!(bot.store().active_profile(&ann.id).await.unwrap(), None);
    let loaded = bot.store().load(&ann.id, Some(&RewardId::new("hydrate").unwrap())).await.unwrap();
    assert!(loaded.profile.is_none() && loaded.account.balance.is_zero(), "{loaded:?}");
    let accounts = bot.store().accounts(std::slice::from_ref(&ann.id)).await.unwrap();
    assert_eq!(accounts.get(&ann.id), Some(&None), "known, but without an account");
    assert_eq!(bot.store().names(std::slice::from_ref(&ann.id)).await.unwrap().len(), 0);
    assert_eq!(items(&bot, "NAME#").await, [] as [Item; 0]);
    for change in [
        Change::Viewer(ViewerChange::Arrive { person: ann.clone(), welcome: points(100) }),
        Change::Viewer(ViewerChange::Refresh {
            known_as: "Ann".to_owned(),
            person: Person { name: "Anna".to_owned(), ..ann.clone() },
        }),
        Change::Viewer(ViewerChange::Seen { viewer: ann.id.clone() }),
        Change::Access(AccessChange::EndSessions { viewer: ann.id.clone() }),
        Change::Ledger(LedgerChange::Move {
            viewer: ann.id.clone(),
            delta: Delta::credit(points(1)),
            cause: Cause::Donation,
        }),
    ] {
        let decision = Decision::change(change.clone());
        let commit = bot.store().commit(Some(&bot.fresh_event()), bot.now(), &decision).await.unwrap();
        assert_eq!(commit, Commit::Stale, "{change:?}");
    }
}

#[tokio::test]
async fn tick_that_read_the_account_before_pays_nothing() {
    let (bot, ann) = bot().await;
    let stream = bot.goes_live().await;
    let read = bot.store().load(&ann.id, None).await.unwrap().account;
    let (slot, seconds) = (bot.now(), 600);
    let payment = TickPayment {
        viewer: ann.id.clone(),
        stream,
        slot,
        points: points(10),
        seconds,
        last_before: slot,
        earned: None,
    };
    begin(&bot, &ann.id).await;
    let before = bot.table.items().await;
    assert_eq!(bot.store().pay(std::slice::from_ref(&payment)).await.unwrap(), [PaymentOutcome::Refused]);
    for first_payment in [
        FirstPayment::New { person: ann.clone(), welcome: points(100) },
        FirstPayment::Streak { account: read.clone() },
        FirstPayment::FirstOfStream { account: read },
    ] {
        assert_eq!(
            bot.store().pay_first(&payment, &first_payment, slot).await.unwrap(),
            Commit::Stale,
            "{first_payment:?}"
        );
    }
    assert_eq!(bot.table.items().await, before);
}

#[tokio::test]
async fn erasure_does_not_begin_with_a_stale_profile() {
    let (bot, ann) = bot().await;
    let known = profile(&bot, &ann.id).await;
    let renamed = Profile { person: Person { name: "Anna".to_owned(), ..ann.clone() }, ..known.clone() };
    let follower = Profile { follower: Some("ann@example.org".to_owned()), ..known.clone() };
    for other in [renamed, follower] {
        let decision = Decision::change(ViewerChange::BeginErasure { profile: other });
        let commit = bot.store().commit(Some(&event("e")), bot.now(), &decision).await.unwrap();
        assert_eq!(commit, Commit::Stale);
    }
    assert_eq!(profile(&bot, &ann.id).await, known);
}

#[tokio::test]
async fn long_history_is_anonymized_in_pages() {
    let (bot, ann) = bot().await;
    bot.hears("m", &ann, "!confetti").await.unwrap();
    let key = RedemptionKey { at: bot.now(), event: event("m") };
    let sk = |n: usize| {
        format!("{}#owncast:copy-{n:04}", bot.now().saturating_add(Span::from_ms(n as i64 / 7)).sortable())
    };
    let row = items(&bot, "QUEUE#DONE#").await.pop().unwrap();
    // Two of three belong to another viewer.
    copies(&bot, &row, 1100, |n, copy| {
        copy.insert("sk".to_owned(), s(sk(n)));
        copy.insert("note".to_owned(), s("a note"));
        if n % 3 > 0 {
            copy.insert("viewer".to_owned(), s("id-Bob"));
            copy.insert("viewer_name".to_owned(), s("Bob"));
        }
    })
    .await;
    begin(&bot, &ann.id).await;
    assert_eq!(erase_history(&bot, &ann.id).await, 2);
    let rows = items(&bot, "QUEUE#DONE#").await;
    let of = |id: &str| rows.iter().filter(|row| text(row, "viewer") == id).collect::<Vec<_>>();
    assert_eq!((of("id-Ann").len(), of("id-Bob").len(), of("~forgotten").len()), (0, 733, 368));
    assert!(
        of("~forgotten")
            .iter()
            .all(|row| text(row, "viewer_name") == "somebody" && text(row, "note").is_empty())
    );
    assert!(
        of("id-Bob").iter().all(|row| text(row, "viewer_name") == "Bob" && text(row, "note") == "a note")
    );
    let first = bot.store().redemption(&key).await.unwrap().unwrap();
    assert_eq!((first.price, first.at, first.reward_name.as_str()), (points(1), bot.now(), "confetti"));
}

#[tokio::test]
async fn long_ledger_is_deleted_in_steps() {
    let (bot, ann) = bot().await;
    bot.hears("m", &ann, "!confetti").await.unwrap();
    let row = items(&bot, "VIEWER#id-Ann").await;
    let row = row.iter().find(|item| text(item, "cause") == "redeem").unwrap();
    copies(&bot, row, 1000, |n, copy| {
        let sk = format!("LEDGER#{}#owncast:copy-{n:04}", bot.now().sortable());
        copy.insert("sk".to_owned(), s(sk));
    })
    .await;
    let erasure = begin(&bot, &ann.id).await;
    let mut steps = Vec::new();
    while steps.last() != Some(&ErasedPart::All) {
        steps.push(bot.store().erase_ledger(&erasure).await.unwrap());
    }
    assert_eq!(steps, [ErasedPart::Part, ErasedPart::All]);
    assert_eq!(bot.store().end_erasure(&erasure, bot.now()).await.unwrap(), Commit::Applied);
    assert_eq!(items(&bot, "VIEWER#id-Ann").await, [] as [Item; 0]);
    // The usage counts were moved together with the ledger rows that named the reward.
    let confetti = [RewardId::new("confetti").unwrap()];
    assert_eq!(bot.store().viewer_usages(&ann.id, &confetti).await.unwrap().len(), 0);
    assert_eq!(bot.store().viewer_usages(&ViewerId::erased(), &confetti).await.unwrap().len(), 1);
}

#[tokio::test]
async fn every_month_since_first_seen_is_anonymized() {
    let (bot, ann) = bot().await;
    for days in [0, 25, 300, 60] {
        bot.clock.push(Span::days(days));
        bot.answer(&ann, "!confetti").await;
    }
    // The last millisecond of October 2027; the clock of another process is ahead.
    let last = Timestamp::from_ms(1_825_027_199_999);
    assert!(bot.now() < last);
    bot.clock.set(last.saturating_add(Span::minutes(5)));
    bot.answer(&ann, "!confetti").await;
    bot.clock.set(last);
    begin(&bot, &ann.id).await;
    // From September 2026 to November 2027.
    assert_eq!(erase_history(&bot, &ann.id).await, 15);
    let rows = items(&bot, "QUEUE#DONE#").await;
    let months: Vec<String> = rows.iter().map(|row| text(row, "pk")).collect();
    assert_eq!((months.len(), months.last().unwrap().as_str()), (5, "QUEUE#DONE#2027-11"));
    assert!(rows.iter().all(|row| text(row, "viewer") == "~forgotten"), "{rows:?}");
    // The usage counts were moved with the rows that named the reward, even if nothing else names it.
    let confetti = [RewardId::new("confetti").unwrap()];
    assert_eq!(bot.store().viewer_usages(&ann.id, &confetti).await.unwrap().len(), 0);
}

#[tokio::test]
async fn usage_counts_of_erased_viewers_are_summed_up() {
    let (bot, ann) = bot().await;
    let bob = person("Bob");
    for (person, times) in [(&ann, 3), (&bob, 2)] {
        for _ in 0..times {
            bot.answer(person, "!confetti").await;
        }
    }
    let confetti = RewardId::new("confetti").unwrap();
    // A reward that they have never used, and one that is named twice.
    let rewards = [confetti.clone(), RewardId::new("hydrate").unwrap(), confetti.clone()];
    for person in [&ann, &bob] {
        let erasure = begin(&bot, &person.id).await;
        // The response gets lost, and the step is repeated.
        bot.faults.plan(|asked| (asked == "TransactWriteItems").then_some(Fault::LostAnswer));
        assert!(bot.store().erase_uses(&erasure, &rewards).await.is_err());
        bot.faults.stop();
        assert_eq!(bot.store().erase_uses(&erasure, &rewards).await.unwrap(), Commit::Applied);
        bot.verify_totals().await;
    }
    let erased = bot.store().viewer_usages(&ViewerId::erased(), &rewards).await.unwrap();
    assert_eq!((erased.len(), erased[&confetti].count, erased[&confetti].points), (1, 5, points(5)));
}

#[tokio::test]
async fn only_the_viewers_board_entry_is_erased() {
    let (bot, owncast) = (bot().await.0, ScriptedOwncast::default());
    let people: Vec<Person> = ["Ann", "Bob", "Cleo"].map(person).into();
    owncast.watched_by(&people);
    bot.goes_live().await;
    bot.clock.push(Span::minutes(10));
    on_tick(&bot.context, &owncast, bot.now()).await.unwrap();
    for line in ["Ann", "Cleo"].map(person) {
        bot.answer(&line, "!top off").await;
    }
    let bob = &people[1].id;
    assert_eq!(bot.store().erase_board_entry(bob).await.unwrap(), Commit::Applied);
    let board = bot.table.item("BOARD", "STATE").await.unwrap();
    assert!(!format!("{board:?}").contains("Bob"), "{board:?}");
    assert_eq!(board["viewers"].as_l().unwrap().len(), 2);
    assert_eq!(bot.store().erase_board_entry(&people[2].id).await.unwrap(), Commit::Applied);
    let board = bot.store().public_snapshot(Default::default(), bot.now()).await.unwrap().board;
    assert_eq!(
        board.iter().map(|entry| (entry.name.as_str(), entry.hidden)).collect::<Vec<_>>(),
        [("Ann", true)]
    );
    // A viewer who has hidden themselves since, and then one without any entry.
    let left = Change::Viewer(ViewerChange::HideFromBoards { viewer: bob.clone(), hidden: true });
    let decision = Decision::change(left);
    bot.store().commit(None, bot.now(), &decision).await.unwrap();
    bot.faults.reset();
    assert_eq!(bot.store().erase_board_entry(bob).await.unwrap(), Commit::Applied);
    assert_eq!(bot.faults.total(), 2);
    assert_eq!(bot.store().erase_board_entry(bob).await.unwrap(), Commit::Applied);
    assert_eq!(bot.faults.total(), 3, "nothing is left to write");
    assert!(!format!("{:?}", bot.table.item("BOARD", "STATE").await).contains("id-Bob"));
}

#[tokio::test]
async fn erasure_ends_once_and_its_record_is_deleted_last() {
    let (bot, ann) = bot().await;
    let erasure = begin(&bot, &ann.id).await;
    bot.store().delete_erasure_record(&erasure).await.unwrap();
    assert_eq!(
        bot.store().erasure(&ann.id).await.unwrap().as_ref(),
        Some(&erasure),
        "the record of a running erasure stays"
    );
    erase_history(&bot, &ann.id).await;
    assert_eq!(bot.store().erase_ledger(&erasure).await.unwrap(), ErasedPart::All);
    for expect in [Commit::Applied, Commit::Stale] {
        assert_eq!(bot.store().end_erasure(&erasure, bot.now()).await.unwrap(), expect);
    }
    let gone = bot.store().erasure(&ann.id).await.unwrap().unwrap();
    assert_eq!(gone, Erasure { place: None, gone_at: Some(bot.now()), ..erasure });
    bot.store().delete_erasure_record(&gone).await.unwrap();
    assert_eq!(bot.store().all_erasures(10).await.unwrap(), []);
    let traces = bot.table.items().await.into_iter().filter(|item| !item.contains_key("ttl"));
    let traces: Vec<Item> = traces.filter(|item| format!("{item:?}").contains("Ann")).collect();
    assert_eq!(traces, [] as [Item; 0]);
}
