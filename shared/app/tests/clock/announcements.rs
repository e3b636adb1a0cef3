//! Announcements.

use ownchatbot_app::announce::{Announcement, on_announcements};
use ownchatbot_app::event::ChatLine;
use ownchatbot_domain::config::Section;
use ownchatbot_domain::line::Line;
use ownchatbot_domain::settings::AnnouncementSettings;
use ownchatbot_domain::{Person, Span};
use ownchatbot_testkit::builders::{chat_line, goal, person};
use ownchatbot_testkit::faults::Fault;

use crate::ClockTest;

fn settings(lines: &[&str]) -> AnnouncementSettings {
    let lines = lines.iter().map(|line| Line::new(line).unwrap()).collect();
    AnnouncementSettings { lines, messages: 2, ..AnnouncementSettings::default() }
}

async fn test(lines: &[&str]) -> ClockTest {
    let test = ClockTest::with(&[goal("charity", 1000, &[])]).await;
    test.set(&Section::Announcements(settings(lines))).await;
    test.bot.goes_live().await;
    test
}

impl ClockTest {
    /// Runs the announcements a quarter of an hour later, with `written` as the chat history.
    async fn announces(&self, written: &[ChatLine]) -> Announcement {
        self.minutes(15);
        self.owncast.remembers(written);
        on_announcements(&self.bot.context, &self.owncast, self.now()).await.unwrap()
    }

    fn lines_now(&self, people: &[&str]) -> Vec<ChatLine> {
        let at = self.now().saturating_add(Span::minutes(14));
        people.iter().map(|name| chat_line(name, &person(name), "hi", at)).collect()
    }
}

#[tokio::test]
async fn lines_are_announced_in_turn_while_viewers_chat() {
    let test = test(&["Type {prefix}help, **please**", "{goal}"]).await;
    for expect in [Announcement::Said, Announcement::Said, Announcement::Said] {
        let written = test.lines_now(&["Ann", "Bob"]);
        assert_eq!(test.announces(&written).await, expect);
    }
    assert_eq!(
        test.said().await,
        ["Type !help, **please**", "charity: 0 of 1,000", "Type !help, **please**"]
    );
}

#[tokio::test]
async fn announcement_needs_enough_messages_of_viewers() {
    let test = test(&["Hello"]).await;
    assert_eq!(test.announces(&[]).await, Announcement::Quiet);
    let one = test.lines_now(&["Ann"]);
    assert_eq!(test.announces(&one).await, Announcement::Quiet);
    let bot = Person { bot: true, ..person("Bot") };
    let mut bots = test.lines_now(&["Ann"]);
    bots.push(chat_line("b", &bot, "hi", bots[0].at));
    assert_eq!(test.announces(&bots).await, Announcement::Quiet, "messages of bots do not count");
    let two = test.lines_now(&["Ann", "Bob"]);
    assert_eq!(test.announces(&two).await, Announcement::Said);
    assert_eq!(test.announces(&two).await, Announcement::Quiet, "these are older than the last announcement");
}

#[tokio::test]
async fn repeated_or_early_run_announces_nothing() {
    let test = test(&["Hello"]).await;
    let written = test.lines_now(&["Ann", "Bob"]);
    assert_eq!(test.announces(&written).await, Announcement::Said);
    let slot = test.now();
    for later in [0, 1, 10] {
        test.minutes(later);
        let written = [test.lines_now(&["Cleo", "Dan"]), written.clone()].concat();
        test.owncast.remembers(&written);
        let again = on_announcements(&test.bot.context, &test.owncast, slot).await.unwrap();
        assert_eq!(again, Announcement::TooSoon);
    }
    assert_eq!(test.said().await.len(), 1);
}

#[tokio::test]
async fn nothing_is_announced_offline_or_when_off_and_changes_apply_to_the_next_run() {
    let test = test(&["Old"]).await;
    let written = test.lines_now(&["Ann", "Bob"]);
    test.set(&Section::Announcements(AnnouncementSettings { on: false, ..settings(&["Old"]) })).await;
    assert_eq!(test.announces(&written).await, Announcement::Nothing);
    test.set(&Section::Announcements(settings(&["New"]))).await;
    let written = test.lines_now(&["Ann", "Bob"]);
    assert_eq!(test.announces(&written).await, Announcement::Said);
    assert_eq!(test.said().await, ["New"]);
    test.bot.goes_offline().await;
    assert_eq!(test.announces(&written).await, Announcement::Offline);
}

#[tokio::test]
async fn lost_response_announces_once() {
    let test = test(&["One", "Two"]).await;
    let mut lost = false;
    test.bot.faults.plan(move |asked| {
        (asked == "TransactWriteItems" && !std::mem::replace(&mut lost, true)).then_some(Fault::LostAnswer)
    });
    let written = test.lines_now(&["Ann", "Bob"]);
    test.announces(&written).await;
    assert_eq!(test.said().await, ["One"]);
}
