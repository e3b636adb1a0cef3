//! Lines that the bot says by itself.

use ownchatbot_app::announce::{Announcement, on_announcements};
use ownchatbot_app::event::ChatLine;
use ownchatbot_domain::config::Section;
use ownchatbot_domain::settings::{AnnouncementSettings, Line};
use ownchatbot_domain::{Person, Span};
use ownchatbot_testkit::builders::{chat_line, goal, person};
use ownchatbot_testkit::faults::Fault;

use crate::World;

fn settings(lines: &[&str]) -> AnnouncementSettings {
    let lines = lines.iter().map(|line| Line::new(line).unwrap()).collect();
    AnnouncementSettings { lines, messages: 2, ..AnnouncementSettings::default() }
}

async fn world(lines: &[&str]) -> World {
    let world = World::with(&[goal("charity", 1000, &[])]).await;
    world.set(&Section::Announcements(settings(lines))).await;
    world.bot.goes_live().await;
    world
}

impl World {
    /// The run of a quarter of an hour later, after these messages.
    async fn announces(&self, written: &[ChatLine]) -> Announcement {
        self.minutes(15);
        self.owncast.remembers(written);
        on_announcements(&self.bot.context, &self.owncast, self.now()).await.unwrap()
    }

    fn lines_now(&self, people: &[&str]) -> Vec<ChatLine> {
        let at = self.now().plus(Span::minutes(14));
        people.iter().map(|name| chat_line(name, &person(name), "hi", at)).collect()
    }
}

#[tokio::test]
async fn lines_are_said_in_turn_while_viewers_chat() {
    let world = world(&["Type {prefix}help, **please**", "{goal}"]).await;
    for expect in [Announcement::Said, Announcement::Said, Announcement::Said] {
        let written = world.lines_now(&["Ann", "Bob"]);
        assert_eq!(world.announces(&written).await, expect);
    }
    assert_eq!(
        world.said().await,
        ["Type !help, **please**", "charity: 0 of 1000", "Type !help, **please**"]
    );
}

#[tokio::test]
async fn an_empty_room_is_left_alone() {
    let world = world(&["Hello"]).await;
    assert_eq!(world.announces(&[]).await, Announcement::Quiet);
    let one = world.lines_now(&["Ann"]);
    assert_eq!(world.announces(&one).await, Announcement::Quiet);
    let bot = Person { bot: true, ..person("Bot") };
    let mut bots = world.lines_now(&["Ann"]);
    bots.push(chat_line("b", &bot, "hi", bots[0].at));
    assert_eq!(world.announces(&bots).await, Announcement::Quiet, "bots are nobody");
    let two = world.lines_now(&["Ann", "Bob"]);
    assert_eq!(world.announces(&two).await, Announcement::Said);
    assert_eq!(world.announces(&two).await, Announcement::Quiet, "these were before the last line");
}

#[tokio::test]
async fn a_repeat_and_a_run_too_soon_say_nothing() {
    let world = world(&["Hello"]).await;
    let written = world.lines_now(&["Ann", "Bob"]);
    assert_eq!(world.announces(&written).await, Announcement::Said);
    let slot = world.now();
    for later in [0, 1, 10] {
        world.minutes(later);
        let written = [world.lines_now(&["Cleo", "Dan"]), written.clone()].concat();
        world.owncast.remembers(&written);
        let again = on_announcements(&world.bot.context, &world.owncast, slot).await.unwrap();
        assert_eq!(again, Announcement::TooSoon);
    }
    assert_eq!(world.said().await.len(), 1);
}

#[tokio::test]
async fn nothing_is_said_offline_or_without_lines_and_changes_count_from_the_next_run() {
    let world = world(&["Old"]).await;
    let written = world.lines_now(&["Ann", "Bob"]);
    world.set(&Section::Announcements(AnnouncementSettings { on: false, ..settings(&["Old"]) })).await;
    assert_eq!(world.announces(&written).await, Announcement::Nothing);
    world.set(&Section::Announcements(settings(&["New"]))).await;
    let written = world.lines_now(&["Ann", "Bob"]);
    assert_eq!(world.announces(&written).await, Announcement::Said);
    assert_eq!(world.said().await, ["New"]);
    world.bot.goes_offline().await;
    assert_eq!(world.announces(&written).await, Announcement::Offline);
}

#[tokio::test]
async fn a_lost_answer_says_it_once() {
    let world = world(&["One", "Two"]).await;
    let mut lost = false;
    world.bot.faults.plan(move |asked| {
        (asked == "TransactWriteItems" && !std::mem::replace(&mut lost, true)).then_some(Fault::LostAnswer)
    });
    let written = world.lines_now(&["Ann", "Bob"]);
    world.announces(&written).await;
    assert_eq!(world.said().await, ["One"]);
}
