//! Streams and their records.

use ownchatbot_app::stream;
use ownchatbot_domain::{Span, StreamId};
use ownchatbot_testkit::builders::{crowd, event, person, redeem};

use crate::ClockTest;

#[tokio::test]
async fn record_summarises_its_stream() {
    let test = ClockTest::with(&[redeem("hydrate", 50)]).await;
    let people = crowd(4);
    let began = test.now();
    let stream = test.bot.goes_live().await;
    for many in [2, 4, 3] {
        test.minutes(10);
        test.tick(&people[..many]).await;
    }
    for (person, line) in [(0, "!hydrate"), (1, "!hydrate")] {
        test.bot.answer(&people[person], line).await;
    }
    test.minutes(5);
    test.bot.goes_offline().await;
    let records = test.bot.store().streams(10).await.unwrap();
    let record = &records[0];
    assert_eq!((records.len(), &record.id), (1, &stream));
    assert_eq!((record.began, record.ended), (began, Some(test.now())));
    assert_eq!((record.peak, record.average(), record.ticks), (4, 3, 3));
    assert_eq!((record.paid.get(), record.spent.get(), record.redeems), (90, 100, 2));
    // Two, four and three viewers.
    assert_eq!(record.present, 9);
}

#[tokio::test]
async fn repeated_tick_is_recorded_once() {
    let test = ClockTest::new().await;
    test.bot.goes_live().await;
    test.minutes(10);
    test.tick(&crowd(3)).await;
    test.tick(&crowd(3)).await;
    let record = test.bot.store().streams(1).await.unwrap().remove(0);
    assert_eq!((record.ticks, record.present, record.paid.get()), (1, 3, 30));
}

#[tokio::test]
async fn broadcast_resumed_within_minutes_continues_its_stream() {
    let test = ClockTest::with(&[redeem("hydrate", 50)]).await;
    let (first, ann) = (test.bot.goes_live().await, person("Ann"));
    test.minutes(10);
    test.tick(std::slice::from_ref(&ann)).await;
    test.bot.answer(&ann, "!hydrate").await;
    test.bot.goes_offline().await;
    test.minutes(4);
    let back = test.now();
    stream::on_started(&test.bot.context, &event("back"), back, "Back").await.unwrap();
    let state = test.bot.store().stream().await.unwrap();
    assert_eq!((state.newest.clone(), state.live, state.title.as_str()), (Some(first.clone()), true, "Back"));
    assert_eq!(state.began, Some(first.began()), "it is the same stream");
    test.minutes(10);
    test.tick(std::slice::from_ref(&ann)).await;
    test.bot.goes_offline().await;
    let records = test.bot.store().streams(10).await.unwrap();
    assert_eq!(records.len(), 1);
    assert_eq!((records[0].ended, records[0].ticks, records[0].redeems), (Some(test.now()), 2, 1));
    let account = test.bot.store().load(&ann.id, None).await.unwrap().account;
    assert_eq!(account.open.unwrap().seconds, 1200, "one row for both parts");

    test.minutes(6);
    let next = test.bot.goes_live().await;
    assert_eq!(next, StreamId::begun_at(test.now()), "too late, so this is another stream");
    assert_eq!(test.bot.store().streams(10).await.unwrap()[0].id, next, "the newest first");
}

#[tokio::test]
async fn clock_jump_breaks_no_stream() {
    let test = ClockTest::new().await;
    let ann = person("Ann");
    let stream = test.bot.goes_live().await;
    test.owncast_is(true, test.now());
    test.minutes(10);
    test.tick(std::slice::from_ref(&ann)).await;
    let right = test.now();
    // The clock jumps an hour ahead, a tick runs there, and the clock is set back.
    test.minutes(60);
    test.tick(std::slice::from_ref(&ann)).await;
    test.bot.clock.set(right.saturating_add(Span::minutes(10)));
    test.tick(std::slice::from_ref(&ann)).await;
    assert_eq!(
        test.bot.balance(&ann.id).await,
        120,
        "the slot an hour ahead is paid once, and no slot twice"
    );
    test.watch().await;
    assert_eq!(test.bot.store().stream().await.unwrap().newest, Some(stream));
    test.bot.clock.set(right.saturating_add(Span::minutes(80)));
    test.tick(std::slice::from_ref(&ann)).await;
    assert_eq!(test.bot.balance(&ann.id).await, 130, "ticks pay again");
}
