//! Streams and their records.

use ownchatbot_app::ports::{Ledger, Times};
use ownchatbot_app::stream;
use ownchatbot_domain::{Span, StreamId};
use ownchatbot_testkit::builders::{crowd, event, person, redeem};

use crate::World;

#[tokio::test]
async fn a_record_tells_of_its_stream() {
    let world = World::with(&[redeem("hydrate", 50)]).await;
    let people = crowd(4);
    let began = world.now();
    let stream = world.bot.goes_live().await;
    for many in [2, 4, 3] {
        world.minutes(10);
        world.tick(&people[..many]).await;
    }
    for (person, line) in [(0, "!hydrate"), (1, "!hydrate")] {
        world.bot.answer(&people[person], line).await;
    }
    world.minutes(5);
    world.bot.goes_offline().await;
    let records = world.bot.store().streams(10).await.unwrap();
    let record = &records[0];
    assert_eq!((records.len(), &record.id), (1, &stream));
    assert_eq!((record.began, record.ended), (began, Some(world.now())));
    assert_eq!((record.peak, record.average(), record.ticks), (4, 3, 3));
    assert_eq!((record.paid.get(), record.spent.get(), record.redeems), (90, 100, 2));
    // The same tick again counts nobody twice.
    assert_eq!(record.present, 9);
}

#[tokio::test]
async fn a_tick_that_comes_twice_is_recorded_once() {
    let world = World::new().await;
    world.bot.goes_live().await;
    world.minutes(10);
    world.tick(&crowd(3)).await;
    world.tick(&crowd(3)).await;
    let record = world.bot.store().streams(1).await.unwrap().remove(0);
    assert_eq!((record.ticks, record.present, record.paid.get()), (1, 3, 30));
}

#[tokio::test]
async fn a_broadcast_that_comes_back_within_minutes_continues_its_stream() {
    let world = World::with(&[redeem("hydrate", 50)]).await;
    let (first, ann) = (world.bot.goes_live().await, person("Ann"));
    world.minutes(10);
    world.tick(std::slice::from_ref(&ann)).await;
    world.bot.answer(&ann, "!hydrate").await;
    world.bot.goes_offline().await;
    world.minutes(4);
    let back = world.now();
    stream::on_started(&world.bot.context, &event("back"), back, "Back").await.unwrap();
    let state = world.bot.store().stream().await.unwrap();
    assert_eq!((state.newest.clone(), state.live, state.title.as_str()), (Some(first.clone()), true, "Back"));
    assert_eq!(state.began, Some(first.began()), "it is the same stream");
    world.minutes(10);
    world.tick(std::slice::from_ref(&ann)).await;
    world.bot.goes_offline().await;
    let records = world.bot.store().streams(10).await.unwrap();
    assert_eq!(records.len(), 1);
    assert_eq!((records[0].ended, records[0].ticks, records[0].redeems), (Some(world.now()), 2, 1));
    let account = world.bot.store().load(&ann.id, None).await.unwrap().account;
    assert_eq!(account.open.unwrap().seconds, 1200, "one row for both parts");

    world.minutes(6);
    let next = world.bot.goes_live().await;
    assert_eq!(next, StreamId::begun_at(world.now()), "too late: another stream");
    assert_eq!(world.bot.store().streams(10).await.unwrap()[0].id, next, "the newest first");
    world.bot.audited().await;
}

#[tokio::test]
async fn a_clock_that_jumps_breaks_no_stream() {
    let world = World::new().await;
    let ann = person("Ann");
    let stream = world.bot.goes_live().await;
    world.owncast_is(true, world.now());
    world.minutes(10);
    world.tick(std::slice::from_ref(&ann)).await;
    let right = world.now();
    // An hour ahead, a tick there, and back.
    world.minutes(60);
    world.tick(std::slice::from_ref(&ann)).await;
    world.bot.clock.set(right.plus(Span::minutes(10)));
    world.tick(std::slice::from_ref(&ann)).await;
    assert_eq!(
        world.bot.balance(&ann.id).await,
        120,
        "the hour that was not has been paid once, and nothing twice"
    );
    world.watch().await;
    assert_eq!(world.bot.store().stream().await.unwrap().newest, Some(stream));
    world.bot.clock.set(right.plus(Span::minutes(80)));
    world.tick(std::slice::from_ref(&ann)).await;
    assert_eq!(world.bot.balance(&ann.id).await, 130, "and ticks pay again");
    world.bot.audited().await;
}
