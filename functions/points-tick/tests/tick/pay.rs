//! Which viewers are paid, and how much.

use std::collections::BTreeMap;

use ownchatbot_boot::SlotEvent;
use ownchatbot_domain::config::Section;
use ownchatbot_domain::settings::{Multipliers, Percent, PointsSettings};
use ownchatbot_domain::{Cause, Person, Span, ViewerId};
use ownchatbot_testkit::builders::{crowd, person};
use ownchatbot_testkit::configure::save_section;
use points_tick::handle;

use crate::harness::{TickTest, event, report, watched_by};

#[test]
fn event_is_the_planned_time_in_rfc_3339() {
    let read = |text: &str| serde_json::from_str::<SlotEvent>(text);
    for text in ["2026-09-10T18:10:00Z", "2026-09-10T18:10:00.000Z", "2026-09-10T20:10:00+02:00"] {
        let slot = read(&format!(r#"{{"slot":"{text}"}}"#)).unwrap().slot;
        assert_eq!(slot.as_millisecond(), 1_789_063_800_000, "{text}");
    }
    // A placeholder that EventBridge did not fill in, because the template is wrong, is not taken for a time.
    for text in [r#"{"slot":"<aws.scheduler.scheduled-time>"}"#, r#"{"slot":""}"#, r#"{"slot":1}"#, "{}"] {
        assert!(read(text).is_err(), "{text}");
    }
}

#[tokio::test]
async fn offline_tick_pays_nothing_and_does_not_call_owncast() {
    let test = TickTest::offline().await;
    test.owncast.viewer("Ann").connect().await;
    assert_eq!(test.tick("18:10").await, report(false, 0, 0));
    test.go_live().await;
    test.clock.push(Span::minutes(1));
    test.go_offline().await;
    test.faults.reset();
    assert_eq!(test.tick("18:20").await, report(false, 0, 0));
    assert_eq!(test.faults.requests(), BTreeMap::from([("GetItem".to_owned(), 1)]));
    assert_eq!((test.owncast.seen().calls, test.verify_totals().await), (Vec::new(), (0, 0)));
}

#[tokio::test]
async fn viewers_are_paid_once_for_each_slot() {
    let test = TickTest::live().await;
    let (ann, bob) = (test.owncast.viewer("Ann"), test.owncast.viewer("Bob"));
    ann.connect().await;
    // The tick itself creates and welcomes her.
    assert_eq!(test.tick("18:10").await, report(true, 1, 1));
    assert_eq!(test.balance("ann").await, 110);
    bob.connect().await;
    assert_eq!(test.tick("18:20").await, report(true, 2, 2));
    for _ in 0..2 {
        assert_eq!(test.tick("18:20").await, report(true, 2, 0), "paid already");
    }
    assert_eq!(test.tick("18:10").await, report(true, 2, 0), "a late slot pays nothing");
    ann.leave().await;
    assert_eq!(test.tick("18:30").await, report(true, 1, 1));
    assert_eq!((test.balance("ann").await, test.balance("bob").await), (120, 120));
    let watched = |account: ownchatbot_domain::Account| account.watched_seconds;
    assert_eq!(
        (watched(test.viewer("ann").await.account), watched(test.viewer("bob").await.account)),
        (1200, 1200)
    );
    assert_eq!(test.verify_totals().await, (240, 2));
}

#[tokio::test]
async fn viewers_are_paid_once_for_all_connections_and_bots_and_banned_viewers_never() {
    let test = TickTest::live().await;
    let ann = test.owncast.viewer("Ann");
    for _ in 0..3 {
        ann.connect().await;
    }
    test.owncast.viewer("Robot").bot().connect().await;
    let eve = test.owncast.viewer("Eve");
    eve.connect().await;
    eve.ban().await;
    assert_eq!(test.tick("18:10").await, report(true, 1, 1));
    assert_eq!(test.verify_totals().await, (110, 1));

    // A banned viewer whom Owncast still lists, between two connections of another viewer.
    let banned = Person { banned: true, ..person("eve") };
    let bot = Person { bot: true, ..person("robot") };
    let deps = watched_by(&test, &[person("bob"), banned, bot, person("bob")]);
    assert_eq!(handle(&deps, event("18:20")).await.unwrap(), report(true, 1, 1));
    assert_eq!(test.verify_totals().await, (220, 2));
}

#[tokio::test]
async fn multipliers_apply_to_moderators_and_authenticated_viewers() {
    let test = TickTest::live().await;
    let percent = |n| Percent::new(n).unwrap();
    let multipliers =
        Multipliers { moderator: percent(200), authenticated: percent(150), ..Multipliers::default() };
    let settings = PointsSettings { multipliers, ..PointsSettings::default() };
    save_section(&test.table.store, &Section::Points(settings), 0).await.unwrap();
    // Longer than a process caches the settings.
    test.clock.push(Span::seconds(5));
    for viewer in [
        test.owncast.viewer("Ann"),
        test.owncast.viewer("Bob").moderator(),
        test.owncast.viewer("Cleo").authenticated(),
        test.owncast.viewer("Dora").moderator().authenticated(),
    ] {
        viewer.connect().await;
    }
    for (slot, paid) in [("18:10", 1), ("18:20", 2)] {
        assert_eq!(test.tick(slot).await, report(true, 4, 4));
        for (id, points) in [("ann", 10), ("bob", 20), ("cleo", 15), ("dora", 30)] {
            assert_eq!(test.balance(id).await, 100 + paid * points, "{id}");
        }
    }
}

#[tokio::test]
async fn first_tick_of_a_stream_closes_the_open_row_of_the_last_one() {
    let test = TickTest::live().await;
    let ann = ViewerId::new("ann").unwrap();
    test.owncast.viewer("Ann").connect().await;
    for slot in ["18:10", "18:20", "18:30"] {
        test.tick(slot).await;
    }
    test.clock.push(Span::minutes(31));
    test.go_offline().await;
    test.clock.push(Span::minutes(29));
    test.go_live().await;
    let watching = |rows: Vec<ownchatbot_domain::LedgerRow>| -> Vec<i64> {
        let watched = rows.into_iter().filter(|row| matches!(row.cause, Cause::Watching(_)));
        watched.map(|row| row.delta.get()).collect()
    };
    assert_eq!(watching(test.table.store.ledger(&ann).await.unwrap()), Vec::<i64>::new(), "one open row");
    for _ in 0..2 {
        test.tick("19:10").await;
        assert_eq!(watching(test.table.store.ledger(&ann).await.unwrap()), [30]);
    }
    assert_eq!(test.viewer("ann").await.account.open.unwrap().points.get(), 10);
    assert_eq!(test.verify_totals().await, (140, 1));
}

#[tokio::test]
async fn tick_stays_within_its_budget() {
    let test = TickTest::live().await;
    let deps = watched_by(&test, &crowd(260));
    assert_eq!(handle(&deps, event("18:10")).await.unwrap(), report(true, 260, 260));
    test.faults.reset();
    assert_eq!(handle(&deps, event("18:20")).await.unwrap(), report(true, 260, 260));
    // Reads: the stream's state, and 3 groups of up to 100 viewers. Writes: batches of 25 in each group. The
    // settings are still cached. Independent of the number of viewers: three writes for the stream's record,
    // two reads and a write for the leaderboard.
    let expected = [
        ("BatchExecuteStatement", 4 + 4 + 3),
        ("BatchGetItem", 3 + 1),
        ("GetItem", 1 + 1),
        ("UpdateItem", 3),
        ("PutItem", 1),
    ];
    assert_eq!(test.faults.requests(), expected.map(|(name, count)| (name.to_owned(), count)).into());
    assert_eq!(test.verify_totals().await, (260 * 120, 260));
}
