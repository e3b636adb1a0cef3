//! The watchdog: it corrects state and schedules, backs off from an Owncast that is away, and delivers what
//! is due.

use ownchatbot_app::deliver::Deliveries;
use ownchatbot_domain::config::Section;
use ownchatbot_domain::settings::PointsSettings;
use ownchatbot_domain::{Span, StreamId};
use ownchatbot_testkit::builders::{event, person};

use crate::ClockTest;

#[tokio::test]
async fn watchdog_applies_a_lost_start_and_stop() {
    let test = ClockTest::new().await;
    test.owncast_is(true, test.now().saturating_sub(Span::minutes(2)));
    let report = test.watch().await;
    assert!(report.mended);
    assert_eq!(report.schedules, 1, "the ticks are switched on at once");
    let state = test.bot.store().stream().await.unwrap();
    assert!(state.live);
    assert_eq!(state.newest, Some(StreamId::begun_at(test.now().saturating_sub(Span::minutes(2)))));
    assert_eq!(test.switched_on().await, [true, false]);
    test.minutes(1);
    let report = test.watch().await;
    assert_eq!((report.mended, report.schedules), (false, 0), "nothing is left to correct");

    // The webhook of that start arrives at last, and its time differs a little.
    let late = test.now().saturating_sub(Span::minutes(2));
    ownchatbot_app::stream::on_started(&test.bot.context, &event("late"), late, "A stream").await.unwrap();
    assert_eq!(test.bot.store().streams(10).await.unwrap().len(), 1, "it is the same stream");

    test.minutes(30);
    test.owncast_is(false, test.now());
    assert!(test.watch().await.mended);
    assert_eq!(test.switched_on().await, [false, false]);
    assert!(!test.bot.store().stream().await.unwrap().live);
}

#[tokio::test]
async fn watchdog_asks_owncast_every_five_minutes_offline_and_each_minute_live() {
    let test = ClockTest::new().await;
    let asked = async |minutes: u32| {
        let mut times = 0;
        for _ in 0..minutes {
            times += usize::from(test.watch().await.asked);
            test.minutes(1);
        }
        times
    };
    assert_eq!(asked(20).await, 4);
    test.owncast_is(true, test.now());
    test.bot.goes_live().await;
    assert_eq!(asked(10).await, 10);
}

#[tokio::test]
async fn unreachable_owncast_is_asked_with_backoff_and_its_absence_is_saved() {
    let test = ClockTest::new().await;
    test.bot.goes_live().await;
    test.owncast_is(true, test.now());
    test.owncast.is_away(true);
    let since = test.now();
    let mut asked = Vec::new();
    for minute in 0..20 {
        if test.watch().await.asked {
            asked.push(minute);
        }
        test.minutes(1);
    }
    assert_eq!(asked, [0, 1, 3, 7, 12, 17]);
    let watch = test.bot.store().watch().await.unwrap();
    assert_eq!((watch.away_since, watch.failures), (Some(since), 6));
    assert_eq!(watch.reason.as_deref(), Some("Owncast cannot be reached: connection refused"));
    assert!(test.bot.store().stream().await.unwrap().live, "the state is kept while it is unknown");
    test.owncast.is_away(false);
    test.minutes(5);
    test.watch().await;
    let watch = test.bot.store().watch().await.unwrap();
    assert_eq!((watch.away_since, watch.failures, watch.reason), (None, 0, None));
}

#[tokio::test]
async fn watchdog_corrects_lost_and_changed_schedules() {
    let test = ClockTest::new().await;
    test.bot.goes_live().await;
    test.owncast_is(true, test.now());
    assert_eq!(test.watch().await.schedules, 1);
    let points = PointsSettings { interval: Span::minutes(5), ..PointsSettings::default() };
    test.set(&Section::Points(points)).await;
    assert_eq!(test.watch().await.schedules, 1, "the interval has changed");
    assert_eq!(test.switched_on().await, [true, false]);
    assert_eq!(test.watch().await.schedules, 0);
}

#[tokio::test]
async fn watchdog_delivers_due_rows() {
    let test = ClockTest::new().await;
    let ann = person("Ann");
    test.bot.answer(&ann, "!points").await;
    let lane = ownchatbot_store::LaneId { event: event("event-0"), lane: ownchatbot_store::Lane::Chat };
    test.bot.store().mark_due(&ownchatbot_store::Due { at: test.now(), lane }).await.unwrap();
    test.bot.clock.push(Span::seconds(30));
    let report = test.watch().await;
    assert_eq!(report.delivered, Deliveries { done: 1, ..Deliveries::default() });
    assert_eq!(test.owncast.lines(), ["Ann, you have 100 points"]);
}

#[tokio::test]
async fn clock_set_back_does_not_silence_the_watchdog() {
    let test = ClockTest::new().await;
    test.bot.goes_live().await;
    test.owncast.is_away(true);
    test.watch().await;
    test.owncast.is_away(false);
    test.owncast_is(true, test.now());
    test.bot.clock.set(test.now().saturating_sub(Span::minutes(60)));
    assert!(test.watch().await.asked);
}
