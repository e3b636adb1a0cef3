//! Schedules as effects: switched on and off with the stream, and replaced when the settings change.

use ownchatbot_app::configure::configure;
use ownchatbot_app::deliver::{DeliveryTargets, on_rows};
use ownchatbot_app::ports::Clock;
use ownchatbot_app::{AppError, Context};
use ownchatbot_app::{Outcome, stream};
use ownchatbot_domain::config::Section;
use ownchatbot_domain::line::Line;
use ownchatbot_domain::reward::{Kind, Vote};
use ownchatbot_domain::settings::{AnnouncementSettings, PointsSettings};
use ownchatbot_domain::{
    Configure, EditTarget, Editor, EventId, Reward, Schedule, Settings, Span, Task, Timing,
};
use ownchatbot_store::{Lane, LaneId};
use ownchatbot_testkit::builders::{event, reward};

use crate::{ClockTest, put};

impl ClockTest {
    /// Delivers the schedules of an event, as the table's stream would.
    async fn deliver_schedules(&self, event: &EventId) {
        let lane = LaneId { event: event.clone(), lane: Lane::Schedule };
        let rows = self.bot.outbox(event).await.into_iter().filter(|row| row.lane == lane);
        let rows: Vec<_> = rows.map(|row| (row.lane, row.n)).collect();
        let targets = DeliveryTargets { owncast: &self.owncast, schedules: &self.schedules };
        let (_, failed) = on_rows(&self.bot.context, targets, rows).await;
        assert_eq!(failed, []);
    }
}

#[tokio::test]
async fn stream_switches_its_schedules_on_and_off() {
    let test = ClockTest::new().await;
    let lines = vec![Line::new("Hello").unwrap()];
    test.set(&Section::Announcements(AnnouncementSettings { lines, ..AnnouncementSettings::default() }))
        .await;
    let (start, stop) = (event("start"), event("stop"));
    stream::on_started(&test.bot.context, &start, test.now(), "Hi").await.unwrap();
    let effects: Vec<_> = test.bot.outbox(&start).await.into_iter().filter_map(|row| row.effect).collect();
    let first = test.now().saturating_add(Span::minutes(10));
    let timing = Timing::Every { interval: Span::minutes(10), from: first, on: true };
    assert_eq!(
        put(&effects)[0],
        &Schedule { task: Task::PointsTick, timing },
        "the first one interval ahead"
    );
    test.deliver_schedules(&start).await;
    assert_eq!(test.switched_on().await, [true, true]);
    test.minutes(30);
    stream::on_stopped(&test.bot.context, &stop, test.now()).await.unwrap();
    test.deliver_schedules(&stop).await;
    assert_eq!(test.switched_on().await, [false, false]);
}

#[tokio::test]
async fn late_delivery_of_an_ended_stream_switches_nothing_on() {
    let test = ClockTest::new().await;
    let (start, stop) = (event("start"), event("stop"));
    stream::on_started(&test.bot.context, &start, test.now(), "Hi").await.unwrap();
    test.minutes(30);
    stream::on_stopped(&test.bot.context, &stop, test.now()).await.unwrap();
    test.deliver_schedules(&stop).await;
    test.deliver_schedules(&start).await;
    assert_eq!(test.switched_on().await, [false, false]);
}

/// Saves a section as the streamer does.
async fn save_section<C: Clock>(
    context: &Context<C>,
    event: &EventId,
    section: &Section,
    seen: u64,
) -> Result<Outcome, AppError> {
    let (before, after) = (Section::same_of(&Settings::default(), section), section.clone());
    let change = Configure::one(Editor::Streamer, seen, EditTarget::Settings { before, after });
    configure(context, event, &change).await
}

/// Saves, or without `after` deletes, a reward as the streamer does.
async fn save_reward<C: Clock>(
    context: &Context<C>,
    event: &EventId,
    after: Option<&Reward>,
    before: Option<(&Reward, u64)>,
) -> Outcome {
    let (before, seen) = before.map_or((None, 0), |(before, seen)| (Some(before.clone()), seen));
    let target = EditTarget::Reward { before, after: after.cloned() };
    configure(context, event, &Configure::one(Editor::Streamer, seen, target)).await.unwrap()
}

#[tokio::test]
async fn new_interval_replaces_the_tick_schedule_while_live() {
    let test = ClockTest::new().await;
    test.bot.goes_live().await;
    let points = PointsSettings { interval: Span::minutes(5), ..PointsSettings::default() };
    let save = event("save");
    let saved = save_section(&test.bot.context, &save, &Section::Points(points.clone()), 0).await;
    assert_eq!(saved.unwrap(), Outcome::Done);
    test.deliver_schedules(&save).await;
    assert_eq!(test.switched_on().await, [true, false]);
    let again = save_section(&test.bot.context, &event("again"), &Section::Points(points), 0).await;
    assert_eq!(again.unwrap(), Outcome::Ignored, "another change was saved first");
}

#[tokio::test]
async fn announcements_can_be_switched_off_while_the_stream_is_live() {
    let test = ClockTest::new().await;
    let lines = vec![Line::new("Hello").unwrap()];
    let settings = AnnouncementSettings { lines, ..AnnouncementSettings::default() };
    test.set(&Section::Announcements(settings.clone())).await;
    let (start, stop, off) = (event("start"), event("stop"), event("off"));
    stream::on_started(&test.bot.context, &start, test.now(), "Hi").await.unwrap();
    test.deliver_schedules(&start).await;
    let none = Section::Announcements(AnnouncementSettings { on: false, ..settings });
    save_section(&test.bot.context, &off, &none, 1).await.unwrap();
    test.deliver_schedules(&off).await;
    assert_eq!(test.switched_on().await, [true, false]);
    // The schedules of the end are delivered late, after the start of the next stream: the ticks stay on.
    test.minutes(30);
    stream::on_stopped(&test.bot.context, &stop, test.now()).await.unwrap();
    test.minutes(1);
    stream::on_started(&test.bot.context, &event("next"), test.now(), "Hi").await.unwrap();
    test.deliver_schedules(&stop).await;
    assert_eq!(test.switched_on().await, [true, false]);
}

#[tokio::test]
async fn deadline_schedule_follows_the_end_of_a_vote() {
    let test = ClockTest::new().await;
    let vote = |minutes: Option<u32>| Reward {
        ends: minutes.map(|minutes| test.now().saturating_add(Span::minutes(minutes))),
        ..reward("red", 10, Kind::Vote(Vote::default()))
    };
    let context = &test.bot.context;
    let first = vote(Some(10));
    save_reward(context, &event("a"), Some(&first), None).await;
    test.deliver_schedules(&event("a")).await;
    let moved = vote(Some(20));
    save_reward(context, &event("b"), Some(&moved), Some((&first, 1))).await;
    test.deliver_schedules(&event("b")).await;
    test.minutes(10);
    assert_eq!(test.schedules.due(), [], "the end was moved");
    test.minutes(10);
    let due = test.schedules.due();
    assert_eq!(due.iter().map(|run| &run.task).collect::<Vec<_>>(), [&Task::Deadline(moved.id.clone())]);
    assert_eq!(due[0].slot, moved.ends.unwrap());
    let open = Reward { ends: None, ..moved.clone() };
    save_reward(context, &event("c"), Some(&open), Some((&moved, 2))).await;
    test.deliver_schedules(&event("c")).await;
    test.schedules.finish(&due[0], false);
    test.minutes(60);
    assert_eq!(test.schedules.due(), [], "the schedule is deleted");
}

#[tokio::test]
async fn deleting_a_vote_deletes_its_deadline_schedule() {
    let test = ClockTest::new().await;
    let ends = Some(test.now().saturating_add(Span::minutes(10)));
    let vote = Reward { ends, ..reward("red", 10, Kind::Vote(Vote::default())) };
    let context = &test.bot.context;
    save_reward(context, &event("a"), Some(&vote), None).await;
    test.deliver_schedules(&event("a")).await;
    assert_eq!(save_reward(context, &event("b"), None, Some((&vote, 2))).await, Outcome::Ignored);
    assert_eq!(save_reward(context, &event("b"), None, Some((&vote, 1))).await, Outcome::Done);
    test.deliver_schedules(&event("b")).await;
    test.minutes(60);
    assert_eq!(test.schedules.due(), []);
    assert_eq!(test.bot.store().config().await.unwrap().reward(&vote.id), None);
    assert_eq!(
        save_reward(context, &event("c"), Some(&vote), None).await,
        Outcome::Done,
        "its command is free"
    );
}
