//! The watchdog: state and schedules mended, an Owncast that is away, deliveries that are due.

use ownchatbot_app::deliver::Deliveries;
use ownchatbot_app::ports::{Ledger, Outbox, Times};
use ownchatbot_domain::config::Section;
use ownchatbot_domain::settings::PointsSettings;
use ownchatbot_domain::{Span, StreamId};
use ownchatbot_testkit::builders::{event, person};

use crate::World;

#[tokio::test]
async fn a_beginning_and_an_end_whose_webhooks_were_lost_are_mended() {
    let world = World::new().await;
    world.owncast_is(true, world.now().minus(Span::minutes(2)));
    let report = world.watch().await;
    assert!(report.mended);
    assert_eq!(report.schedules, 1, "the ticks are switched on at once");
    let state = world.bot.store().stream().await.unwrap();
    assert!(state.live);
    assert_eq!(state.newest, Some(StreamId::begun_at(world.now().minus(Span::minutes(2)))));
    assert_eq!(world.switched_on().await, [true, false]);
    world.minutes(1);
    let report = world.watch().await;
    assert_eq!((report.mended, report.schedules), (false, 0), "nothing is left to be mended");

    // The webhook of that beginning comes at last, by a clock that is a little ahead.
    let late = world.now().minus(Span::minutes(2));
    ownchatbot_app::stream::on_started(&world.bot.context, &event("late"), late, "A stream").await.unwrap();
    assert_eq!(world.bot.store().streams(10).await.unwrap().len(), 1, "it is the same stream");

    world.minutes(30);
    world.owncast_is(false, world.now());
    assert!(world.watch().await.mended);
    assert_eq!(world.switched_on().await, [false, false]);
    assert!(!world.bot.store().stream().await.unwrap().live);
}

#[tokio::test]
async fn offline_it_asks_every_five_minutes_and_live_each_minute() {
    let world = World::new().await;
    let asked = async |minutes: u32| {
        let mut times = 0;
        for _ in 0..minutes {
            times += usize::from(world.watch().await.asked);
            world.minutes(1);
        }
        times
    };
    assert_eq!(asked(20).await, 4);
    world.owncast_is(true, world.now());
    world.bot.goes_live().await;
    assert_eq!(asked(10).await, 10);
}

#[tokio::test]
async fn an_owncast_that_is_away_is_asked_less_and_less_and_its_absence_is_kept() {
    let world = World::new().await;
    world.bot.goes_live().await;
    world.owncast_is(true, world.now());
    world.owncast.is_away(true);
    let since = world.now();
    let mut asked = Vec::new();
    for minute in 0..20 {
        if world.watch().await.asked {
            asked.push(minute);
        }
        world.minutes(1);
    }
    assert_eq!(asked, [0, 1, 3, 7, 12, 17]);
    let watch = world.bot.store().watch().await.unwrap();
    assert_eq!((watch.away_since, watch.failures), (Some(since), 6));
    assert_eq!(watch.reason.as_deref(), Some("Owncast cannot be reached: connection refused"));
    assert!(world.bot.store().stream().await.unwrap().live, "nobody knows better");
    world.owncast.is_away(false);
    world.minutes(5);
    world.watch().await;
    let watch = world.bot.store().watch().await.unwrap();
    assert_eq!((watch.away_since, watch.failures, watch.reason), (None, 0, None));
}

#[tokio::test]
async fn schedules_that_were_lost_or_changed_are_put_right() {
    let world = World::new().await;
    world.bot.goes_live().await;
    world.owncast_is(true, world.now());
    assert_eq!(world.watch().await.schedules, 1);
    let points = PointsSettings { interval: Span::minutes(5), ..PointsSettings::default() };
    world.set(&Section::Points(points)).await;
    assert_eq!(world.watch().await.schedules, 1, "the interval is another");
    assert_eq!(world.switched_on().await, [true, false]);
    assert_eq!(world.watch().await.schedules, 0);
}

#[tokio::test]
async fn what_is_due_is_delivered_although_owncast_was_away() {
    let world = World::new().await;
    let ann = person("Ann");
    world.bot.answer(&ann, "!points").await;
    let lane =
        ownchatbot_app::ports::LaneId { event: event("event-0"), lane: ownchatbot_app::ports::Lane::Chat };
    world.bot.store().remind(&ownchatbot_app::ports::Due { at: world.now(), lane }).await.unwrap();
    world.bot.clock.push(Span::seconds(30));
    let report = world.watch().await;
    assert_eq!(report.delivered, Deliveries { done: 1, ..Deliveries::default() });
    assert_eq!(world.owncast.lines(), ["Ann, you have 100 points"]);
}

#[tokio::test]
async fn a_clock_that_is_set_back_does_not_silence_it() {
    let world = World::new().await;
    world.bot.goes_live().await;
    world.owncast.is_away(true);
    world.watch().await;
    world.owncast.is_away(false);
    world.owncast_is(true, world.now());
    world.bot.clock.set(world.now().minus(Span::minutes(60)));
    assert!(world.watch().await.asked);
}
