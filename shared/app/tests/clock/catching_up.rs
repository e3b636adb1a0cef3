//! Catching up with commands whose webhook was lost (I6).

use ownchatbot_app::event::ChatLine;
use ownchatbot_app::watchdog::CaughtUp;
use ownchatbot_domain::{Person, Span};
use ownchatbot_testkit::builders::{chat_line, person, redeem};

use crate::ClockTest;

async fn test() -> ClockTest {
    let test = ClockTest::with(&[redeem("hydrate", 10)]).await;
    test.bot.goes_live().await;
    test.owncast_is(true, test.now());
    test.watch().await;
    test
}

/// A message as it is in Owncast's history: without its connection.
fn remembered(test: &ClockTest, id: &str, person: &Person, text: &str) -> ChatLine {
    ChatLine { client: None, ..chat_line(id, person, text, test.now()) }
}

#[tokio::test]
async fn missed_commands_are_carried_out_once_and_in_order() {
    let (test, ann) = (test().await, person("Ann"));
    let mut lines = Vec::new();
    for (id, text, arrives) in [
        ("a", "!hydrate", false),
        ("b", "hello", false),
        ("c", "!hydrate", true),
        ("d", "!points", false),
        ("e", "!nosuch", false),
        ("f", "!panel", false),
    ] {
        test.bot.clock.push(Span::seconds(2));
        lines.push(remembered(&test, id, &ann, text));
        if arrives {
            test.bot.hears(id, &ann, text).await.unwrap();
        }
    }
    test.owncast.remembers(&lines);
    test.bot.clock.push(Span::seconds(30));
    assert_eq!(test.watch().await.caught_up, CaughtUp { commands: 3, stale: 0 });
    assert_eq!(test.bot.balance(&ann.id).await, 80);
    let said = test.said().await;
    for line in ["Ann, you have 80 points", "Ann, that came too late to be safe. Write !panel again."] {
        assert!(
            said.contains(&line.to_owned()),
            "answered in public, since no whisper is possible: {said:?}"
        );
    }
    test.minutes(1);
    assert_eq!(test.watch().await.caught_up, CaughtUp::default());
    // The webhook arrives after all.
    test.bot.hears("a", &ann, "!hydrate").await.unwrap();
    assert_eq!(test.bot.balance(&ann.id).await, 80);
}

#[tokio::test]
async fn young_message_is_left_to_the_next_run() {
    let (test, ann) = (test().await, person("Ann"));
    test.bot.clock.push(Span::seconds(50));
    test.owncast.remembers(&[remembered(&test, "a", &ann, "!hydrate")]);
    test.bot.clock.push(Span::seconds(10));
    assert_eq!(test.watch().await.caught_up, CaughtUp::default());
    test.minutes(1);
    assert_eq!(test.watch().await.caught_up, CaughtUp { commands: 1, stale: 0 });
}

#[tokio::test]
async fn stale_commands_are_announced_in_one_line() {
    let (test, ann) = (test().await, person("Ann"));
    let mut lines = Vec::new();
    for id in ["a", "b", "c"] {
        test.bot.clock.push(Span::seconds(5));
        lines.push(remembered(&test, id, &ann, "!hydrate"));
    }
    test.owncast.remembers(&lines);
    test.minutes(11);
    assert_eq!(test.watch().await.caught_up, CaughtUp { commands: 0, stale: 3 });
    let notice = "I was away and missed 3 commands that are too old now. Please send them again.";
    assert_eq!(test.said().await, [notice]);
    test.minutes(1);
    assert_eq!(test.watch().await.caught_up, CaughtUp::default(), "announced once");
    assert_eq!(test.bot.balance(&ann.id).await, 0, "the viewer is still unknown");
}

#[tokio::test]
async fn messages_before_the_first_run_are_ignored() {
    let test = ClockTest::with(&[redeem("hydrate", 10)]).await;
    let ann = person("Ann");
    test.owncast.remembers(&[remembered(&test, "a", &ann, "!hydrate")]);
    test.bot.clock.push(Span::seconds(60));
    test.bot.goes_live().await;
    test.owncast_is(true, test.now());
    assert_eq!(test.watch().await.caught_up, CaughtUp::default());
    test.minutes(1);
    assert_eq!(test.watch().await.caught_up, CaughtUp::default());
}

#[tokio::test]
async fn messages_of_bots_and_banned_viewers_are_ignored() {
    let test = test().await;
    let bot = Person { bot: true, ..person("Bot") };
    let banned = Person { banned: true, ..person("Eve") };
    test.bot.clock.push(Span::seconds(5));
    test.owncast
        .remembers(&[remembered(&test, "a", &bot, "!hydrate"), remembered(&test, "b", &banned, "!hydrate")]);
    test.minutes(1);
    assert_eq!(test.watch().await.caught_up, CaughtUp::default());
    assert_eq!(test.said().await, [""; 0]);
}
