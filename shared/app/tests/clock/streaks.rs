//! Watch streaks, paid by ticks.

use ownchatbot_domain::config::Section;
use ownchatbot_domain::settings::{StreakReward, StreakSettings};
use ownchatbot_domain::{Cause, Person, Streak};
use ownchatbot_testkit::builders::{crowd, person, points};
use ownchatbot_testkit::faults::Fault;

use crate::ClockTest;

/// 5 points from the second stream on, 20 from the third; three in a row are announced.
async fn test() -> ClockTest {
    let test = ClockTest::new().await;
    let reward = |length, n| StreakReward { length, points: points(n) };
    let settings = StreakSettings {
        rewards: vec![reward(2, 5), reward(3, 20)],
        milestones: vec![3],
        ..StreakSettings::default()
    };
    test.set(&Section::Streaks(settings)).await;
    test
}

impl ClockTest {
    /// A stream of `ticks` ticks with these viewers, then a day without a stream.
    async fn evening(&self, ticks: u32, people: &[Person]) {
        self.bot.goes_live().await;
        for _ in 0..ticks {
            self.minutes(10);
            self.tick(people).await;
        }
        self.minutes(1);
        self.bot.goes_offline().await;
        self.minutes(1440);
    }

    async fn streak(&self, person: &Person) -> Streak {
        self.bot.store().load(&person.id, None).await.unwrap().account.streak
    }
}

#[tokio::test]
async fn longer_streak_brings_its_reward() {
    let (test, ann, bob) = (test().await, person("Ann"), person("Bob"));
    let both = [ann.clone(), bob.clone()];
    test.evening(3, &both).await;
    test.evening(3, &both).await;
    test.evening(1, &[]).await;
    assert_eq!(test.streak(&ann).await.length, 2, "a stream of ten minutes is too short to be missed");
    test.evening(3, std::slice::from_ref(&ann)).await;
    assert_eq!((test.streak(&ann).await.length, test.streak(&bob).await.length), (3, 2));
    // 100 and nine ticks, 5 for the second stream and 20 for the third.
    assert_eq!(test.bot.balance(&ann.id).await, 100 + 90 + 25);
    let causes: Vec<Cause> =
        test.bot.store().ledger(&ann.id).await.unwrap().into_iter().map(|row| row.cause).collect();
    let streaks: Vec<&Cause> = causes.iter().filter(|cause| matches!(cause, Cause::Streak(_))).collect();
    assert_eq!(streaks, [&Cause::Streak(2), &Cause::Streak(3)]);
    assert_eq!(test.said().await, ["Ann watched 3 streams in a row!"]);
    test.evening(3, &both).await;
    assert_eq!(
        (test.streak(&bob).await.length, test.streak(&bob).await.best),
        (1, 2),
        "Bob has missed one stream"
    );
}

#[tokio::test]
async fn stream_counts_for_viewers_who_watched_long_enough() {
    let (test, ann) = (test().await, person("Ann"));
    test.bot.goes_live().await;
    test.minutes(10);
    test.tick(std::slice::from_ref(&ann)).await;
    assert_eq!(test.streak(&ann).await.length, 0, "the stream is too short so far");
    test.minutes(10);
    // Ann has left, but the stream counts from now on.
    test.tick(&[]).await;
    test.bot.goes_offline().await;
    test.minutes(1440);
    test.bot.goes_live().await;
    test.minutes(10);
    test.tick(std::slice::from_ref(&ann)).await;
    assert_eq!(test.streak(&ann).await.length, 1, "the stream is counted at the first tick of the next one");
    test.minutes(10);
    test.tick(std::slice::from_ref(&ann)).await;
    assert_eq!(test.streak(&ann).await.length, 2);
}

#[tokio::test]
async fn milestone_of_many_viewers_is_announced_in_one_line() {
    let (test, people) = (test().await, crowd(8));
    for _ in 0..3 {
        test.evening(2, &people).await;
    }
    let names = "Viewer0, Viewer1, Viewer2, Viewer3, Viewer4 and 3 more";
    assert_eq!(test.said().await, [format!("{names} watched 3 streams in a row!")]);
    assert_eq!(test.bot.verify_totals().await, 8 * (100 + 60 + 25));
}

#[tokio::test]
async fn interrupted_tick_with_streaks_is_completed_by_its_repeat() {
    let (test, people) = (test().await, crowd(30));
    test.evening(2, &people).await;
    test.bot.goes_live().await;
    test.minutes(10);
    test.tick(&people).await;
    test.minutes(10);
    // The streaks of this tick are transactions; the eleventh and all later requests of its first run fail.
    let mut asked = 0;
    test.bot.faults.plan(move |_| {
        asked += 1;
        (asked > 10).then_some(Fault::Unreachable)
    });
    test.owncast.watched_by(&people);
    let mut context = test.bot.another_process();
    context.deadline = std::time::Duration::from_millis(50);
    let broken = tokio::time::timeout(
        std::time::Duration::from_millis(300),
        ownchatbot_app::tick::on_tick(&context, &test.owncast, test.now()),
    );
    assert!(broken.await.is_err(), "the tick was killed in the middle");
    test.bot.faults.stop();
    test.tick(&people).await;
    test.tick(&people).await;
    assert_eq!(test.bot.verify_totals().await, 30 * (100 + 40 + 5));
}
