//! Forgetting a viewer, part by part.

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

/// A bot with something that is done at once, something that waits, and Ann, who has 1,000 points.
async fn bot() -> (Bot, Person) {
    let faults = Faults::default();
    let confetti = Kind::Special(Special { action: Action::Alert("confetti".to_owned()) });
    let rewards = [reward("confetti", 1, confetti), redeem("hydrate", 5)];
    let bot = Bot::on_table(TestTable::in_file(&faults).await, faults, &rewards).await;
    let ann = person("Ann");
    bot.endow(&ann, 1000).await;
    (bot, ann)
}

async fn profile(bot: &Bot, viewer: &ViewerId) -> Profile {
    bot.store().active_profile(viewer).await.unwrap().unwrap()
}

/// Begins to forget `viewer` now.
async fn begin(bot: &Bot, viewer: &ViewerId) -> Erasure {
    let change = Change::Viewer(ViewerChange::BeginErasure { profile: profile(bot, viewer).await });
    let decision = Decision { changes: vec![change], effects: Vec::new() };
    let click = EventId::new(Source::Click, format!("forget-{viewer}")).unwrap();
    assert_eq!(bot.store().commit(Some(&click), bot.now(), &decision).await.unwrap(), Commit::Applied);
    bot.store().erasure(viewer).await.unwrap().unwrap()
}

/// Looks through all that is over; returns in how many steps.
async fn look_through(bot: &Bot, viewer: &ViewerId) -> usize {
    for step in 1..100 {
        let erasure = bot.store().erasure(viewer).await.unwrap().unwrap();
        match bot.store().erase_finished(&erasure, "somebody").await.unwrap() {
            ErasedPart::All => {
                let place = bot.store().erasure(viewer).await.unwrap().unwrap().place;
                assert_eq!(place, None);
                return step;
            }
            ErasedPart::Part => {}
            ErasedPart::Stale => panic!("nobody is in the way"),
        }
    }
    panic!("no end after a hundred steps")
}

/// Writes `many` copies of `item`, each with what `change` makes of it.
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
        let answer = write.send().await.unwrap();
        assert!(answer.unprocessed_items.unwrap_or_default().is_empty());
    }
}

async fn items(bot: &Bot, pk: &str) -> Vec<Item> {
    bot.table.items().await.into_iter().filter(|item| text(item, "pk").starts_with(pk)).collect()
}

#[tokio::test]
async fn the_first_transaction_leaves_nothing_to_be_found_or_used() {
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
    assert_eq!(erasure, expect, "a day before they were met");
    assert_eq!(bot.store().active_profile(&ann.id).await.unwrap(), None);
    let loaded = bot.store().load(&ann.id, Some(&RewardId::new("hydrate").unwrap())).await.unwrap();
    assert!(loaded.profile.is_none() && loaded.account.balance.is_zero(), "{loaded:?}");
    let accounts = bot.store().accounts(std::slice::from_ref(&ann.id)).await.unwrap();
    assert_eq!(accounts.get(&ann.id), Some(&None), "neither new nor to be paid");
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
        let decision = Decision { changes: vec![change.clone()], effects: Vec::new() };
        let commit = bot.store().commit(Some(&bot.fresh_event()), bot.now(), &decision).await.unwrap();
        assert_eq!(commit, Commit::Stale, "{change:?}");
    }
    bot.verify_totals().await;
}

#[tokio::test]
async fn a_tick_that_has_read_them_before_pays_nothing() {
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
            bot.store().open(&payment, &first_payment, slot).await.unwrap(),
            Commit::Stale,
            "{first_payment:?}"
        );
    }
    assert_eq!(bot.table.items().await, before);
}

#[tokio::test]
async fn it_begins_only_with_whoever_was_read() {
    let (bot, ann) = bot().await;
    let known = profile(&bot, &ann.id).await;
    let renamed = Profile { person: Person { name: "Anna".to_owned(), ..ann.clone() }, ..known.clone() };
    let follower = Profile { follower: Some("ann@example.org".to_owned()), ..known.clone() };
    for other in [renamed, follower] {
        let decision = Decision {
            changes: vec![Change::Viewer(ViewerChange::BeginErasure { profile: other })],
            effects: Vec::new(),
        };
        let commit = bot.store().commit(Some(&event("e")), bot.now(), &decision).await.unwrap();
        assert_eq!(commit, Commit::Stale);
    }
    assert_eq!(profile(&bot, &ann.id).await, known);
}

#[tokio::test]
async fn a_long_history_is_looked_through_in_steps() {
    let (bot, ann) = bot().await;
    bot.hears("m", &ann, "!confetti").await.unwrap();
    let key = RedemptionKey { at: bot.now(), event: event("m") };
    let sk = |n: usize| {
        format!("{}#owncast:copy-{n:04}", bot.now().saturating_add(Span::from_ms(n as i64 / 7)).sortable())
    };
    let row = items(&bot, "QUEUE#DONE#").await.pop().unwrap();
    // Of three, two are somebody else's.
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
    assert_eq!(look_through(&bot, &ann.id).await, 2);
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
async fn a_long_ledger_is_deleted_in_steps() {
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
    // The uses went with the rows that named the reward.
    let confetti = [RewardId::new("confetti").unwrap()];
    assert_eq!(bot.store().own_uses(&ann.id, &confetti).await.unwrap().len(), 0);
    assert_eq!(bot.store().own_uses(&ViewerId::erased(), &confetti).await.unwrap().len(), 1);
}

#[tokio::test]
async fn every_month_since_they_were_met_is_looked_through() {
    let (bot, ann) = bot().await;
    for days in [0, 25, 300, 60] {
        bot.clock.push(Span::days(days));
        bot.answer(&ann, "!confetti").await;
    }
    // The last millisecond of October 2027; another process is ahead of this one.
    let last = Timestamp::from_ms(1_825_027_199_999);
    assert!(bot.now() < last);
    bot.clock.set(last.saturating_add(Span::minutes(5)));
    bot.answer(&ann, "!confetti").await;
    bot.clock.set(last);
    begin(&bot, &ann.id).await;
    // From September 2026 to November 2027.
    assert_eq!(look_through(&bot, &ann.id).await, 15);
    let rows = items(&bot, "QUEUE#DONE#").await;
    let months: Vec<String> = rows.iter().map(|row| text(row, "pk")).collect();
    assert_eq!((months.len(), months.last().unwrap().as_str()), (5, "QUEUE#DONE#2027-11"));
    assert!(rows.iter().all(|row| text(row, "viewer") == "~forgotten"), "{rows:?}");
    // The uses went with the rows that named the reward, whether anything else names it or not.
    let confetti = [RewardId::new("confetti").unwrap()];
    assert_eq!(bot.store().own_uses(&ann.id, &confetti).await.unwrap().len(), 0);
    bot.verify_totals().await;
}

#[tokio::test]
async fn uses_of_several_viewers_add_up_in_one_place() {
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
        // The answer is lost, and it is done again.
        bot.faults.plan(|asked| (asked == "TransactWriteItems").then_some(Fault::LostAnswer));
        assert!(bot.store().erase_uses(&erasure, &rewards).await.is_err());
        bot.faults.stop();
        assert_eq!(bot.store().erase_uses(&erasure, &rewards).await.unwrap(), Commit::Applied);
        bot.verify_totals().await;
    }
    let nobodys = bot.store().own_uses(&ViewerId::erased(), &rewards).await.unwrap();
    assert_eq!((nobodys.len(), nobodys[&confetti].count, nobodys[&confetti].points), (1, 5, points(5)));
}

#[tokio::test]
async fn a_place_on_the_board_goes_and_the_others_stay() {
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
    let seen = bot.store().public_snapshot(Default::default(), bot.now()).await.unwrap().board;
    assert_eq!(
        seen.iter().map(|entry| (entry.name.as_str(), entry.hidden)).collect::<Vec<_>>(),
        [("Ann", true)]
    );
    // Whoever has left since, and whoever was never there.
    let left = Change::Viewer(ViewerChange::HideFromBoards { viewer: bob.clone(), hidden: true });
    let decision = Decision { changes: vec![left], effects: Vec::new() };
    bot.store().commit(None, bot.now(), &decision).await.unwrap();
    bot.faults.reset();
    assert_eq!(bot.store().erase_board_entry(bob).await.unwrap(), Commit::Applied);
    assert_eq!(bot.faults.total(), 2);
    assert_eq!(bot.store().erase_board_entry(bob).await.unwrap(), Commit::Applied);
    assert_eq!(bot.faults.total(), 3, "there is nothing to write any more");
    assert!(!format!("{:?}", bot.table.item("BOARD", "STATE").await).contains("id-Bob"));
}

#[tokio::test]
async fn the_end_is_noted_once_and_the_note_goes_last() {
    let (bot, ann) = bot().await;
    let erasure = begin(&bot, &ann.id).await;
    bot.store().delete_erasure_record(&erasure).await.unwrap();
    assert_eq!(bot.store().erasure(&ann.id).await.unwrap().as_ref(), Some(&erasure), "it is not over yet");
    look_through(&bot, &ann.id).await;
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
