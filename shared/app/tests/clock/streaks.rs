//! Watch streaks, paid by ticks.

use ownchatbot_app::ports::Ledger;
use ownchatbot_domain::config::Section;
use ownchatbot_domain::settings::{StreakReward, StreakSettings};
use ownchatbot_domain::{Cause, Person, Streak};
use ownchatbot_testkit::builders::{crowd, person, points};
use ownchatbot_testkit::faults::Fault;

use crate::World;

/// 5 points from the second stream on, 20 from the third; three in a row are announced.
async fn world() -> World {
    let world = World::new().await;
    let reward = |length, n| StreakReward { length, points: points(n) };
    let settings = StreakSettings {
        rewards: vec![reward(2, 5), reward(3, 20)],
        milestones: vec![3],
        ..StreakSettings::default()
    };
    world.set(&Section::Streaks(settings)).await;
    world
}

impl World {
    /// A stream of `ticks` ticks with these viewers, then a day of rest.
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
async fn streams_in_a_row_bring_more_and_more() {
    let (world, ann, bob) = (world().await, person("Ann"), person("Bob"));
    let both = [ann.clone(), bob.clone()];
    world.evening(3, &both).await;
    world.evening(3, &both).await;
    world.evening(1, &[]).await;
    assert_eq!(
        world.streak(&ann).await.length,
        2,
        "a stream of ten minutes is no stream that could be missed"
    );
    world.evening(3, std::slice::from_ref(&ann)).await;
    assert_eq!((world.streak(&ann).await.length, world.streak(&bob).await.length), (3, 2));
    // 100 and nine ticks, 5 for the second stream and 20 for the third.
    assert_eq!(world.bot.balance(&ann.id).await, 100 + 90 + 25);
    let causes: Vec<Cause> =
        world.bot.store().ledger(&ann.id).await.unwrap().into_iter().map(|row| row.cause).collect();
    let streaks: Vec<&Cause> = causes.iter().filter(|cause| matches!(cause, Cause::Streak(_))).collect();
    assert_eq!(streaks, [&Cause::Streak(2), &Cause::Streak(3)]);
    assert_eq!(world.said().await, ["Ann watched 3 streams in a row!"]);
    world.evening(3, &both).await;
    assert_eq!((world.streak(&bob).await.length, world.streak(&bob).await.best), (1, 2), "he has missed one");
    world.bot.audited().await;
}

#[tokio::test]
async fn a_stream_counts_for_whoever_watched_it_long_enough() {
    let (world, ann) = (world().await, person("Ann"));
    world.bot.goes_live().await;
    world.minutes(10);
    world.tick(std::slice::from_ref(&ann)).await;
    assert_eq!(world.streak(&ann).await.length, 0, "the stream is too short so far");
    world.minutes(10);
    // She has left, but the stream counts from now on.
    world.tick(&[]).await;
    world.bot.goes_offline().await;
    world.minutes(1440);
    world.bot.goes_live().await;
    world.minutes(10);
    world.tick(std::slice::from_ref(&ann)).await;
    assert_eq!(world.streak(&ann).await.length, 1, "it is made up for at the first tick of the next");
    world.minutes(10);
    world.tick(std::slice::from_ref(&ann)).await;
    assert_eq!(world.streak(&ann).await.length, 2);
    world.bot.audited().await;
}

#[tokio::test]
async fn many_who_reach_a_milestone_together_get_one_line() {
    let (world, people) = (world().await, crowd(8));
    for _ in 0..3 {
        world.evening(2, &people).await;
    }
    let names = "Viewer0, Viewer1, Viewer2, Viewer3, Viewer4 and 3 more";
    assert_eq!(world.said().await, [format!("{names} watched 3 streams in a row!")]);
    assert_eq!(world.bot.audited().await, 8 * (100 + 60 + 25));
}

#[tokio::test]
async fn a_tick_that_breaks_off_is_finished_by_its_repeat() {
    let (world, people) = (world().await, crowd(30));
    world.evening(2, &people).await;
    world.bot.goes_live().await;
    world.minutes(10);
    world.tick(&people).await;
    world.minutes(10);
    // The streaks of this tick are transactions; the eleventh and all later requests of its first run fail.
    let mut asked = 0;
    world.bot.faults.plan(move |_| {
        asked += 1;
        (asked > 10).then_some(Fault::Unreachable)
    });
    world.owncast.watched_by(&people);
    let mut context = world.bot.another_process();
    context.deadline = std::time::Duration::from_millis(50);
    let broken = tokio::time::timeout(
        std::time::Duration::from_millis(300),
        ownchatbot_app::tick::on_tick(&context, &world.owncast, world.now()),
    );
    assert!(broken.await.is_err(), "it was killed in the middle");
    world.bot.faults.stop();
    world.tick(&people).await;
    world.tick(&people).await;
    assert_eq!(world.bot.audited().await, 30 * (100 + 40 + 5));
}
