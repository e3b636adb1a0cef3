//! Commands whose webhook was lost (I6).

use ownchatbot_app::event::ChatLine;
use ownchatbot_app::watchdog::CaughtUp;
use ownchatbot_domain::{Person, Span};
use ownchatbot_testkit::builders::{chat_line, person, redeem};

use crate::World;

async fn world() -> World {
    let world = World::with(&[redeem("hydrate", 10)]).await;
    world.bot.goes_live().await;
    world.owncast_is(true, world.now());
    world.watch().await;
    world
}

/// As Owncast remembers it: without its connection.
fn remembered(world: &World, id: &str, person: &Person, text: &str) -> ChatLine {
    ChatLine { client: None, ..chat_line(id, person, text, world.now()) }
}

#[tokio::test]
async fn missed_commands_are_carried_out_once_and_in_order() {
    let (world, ann) = (world().await, person("Ann"));
    let mut lines = Vec::new();
    for (id, text, arrives) in [
        ("a", "!hydrate", false),
        ("b", "hello", false),
        ("c", "!hydrate", true),
        ("d", "!points", false),
        ("e", "!nosuch", false),
        ("f", "!panel", false),
    ] {
        world.bot.clock.push(Span::seconds(2));
        lines.push(remembered(&world, id, &ann, text));
        if arrives {
            world.bot.hears(id, &ann, text).await.unwrap();
        }
    }
    world.owncast.remembers(&lines);
    world.bot.clock.push(Span::seconds(30));
    assert_eq!(world.watch().await.caught_up, CaughtUp { commands: 3, stale: 0 });
    assert_eq!(world.bot.balance(&ann.id).await, 80);
    let said = world.said().await;
    for line in ["Ann, you have 80 points", "Ann, that came too late to be safe. Write !panel again."] {
        assert!(said.contains(&line.to_owned()), "said, where nobody can be whispered to: {said:?}");
    }
    world.minutes(1);
    assert_eq!(world.watch().await.caught_up, CaughtUp::default());
    // The webhook comes after all.
    world.bot.hears("a", &ann, "!hydrate").await.unwrap();
    assert_eq!(world.bot.balance(&ann.id).await, 80);
    world.bot.audited().await;
}

#[tokio::test]
async fn what_may_still_be_on_its_way_is_left_to_the_next_run() {
    let (world, ann) = (world().await, person("Ann"));
    world.bot.clock.push(Span::seconds(50));
    world.owncast.remembers(&[remembered(&world, "a", &ann, "!hydrate")]);
    world.bot.clock.push(Span::seconds(10));
    assert_eq!(world.watch().await.caught_up, CaughtUp::default());
    world.minutes(1);
    assert_eq!(world.watch().await.caught_up, CaughtUp { commands: 1, stale: 0 });
}

#[tokio::test]
async fn commands_too_old_are_told_in_one_line() {
    let (world, ann) = (world().await, person("Ann"));
    let mut lines = Vec::new();
    for id in ["a", "b", "c"] {
        world.bot.clock.push(Span::seconds(5));
        lines.push(remembered(&world, id, &ann, "!hydrate"));
    }
    world.owncast.remembers(&lines);
    world.minutes(11);
    assert_eq!(world.watch().await.caught_up, CaughtUp { commands: 0, stale: 3 });
    let told = "I was away and missed 3 commands that are too old now. Please send them again.";
    assert_eq!(world.said().await, [told]);
    world.minutes(1);
    assert_eq!(world.watch().await.caught_up, CaughtUp::default(), "told once");
    assert_eq!(world.bot.balance(&ann.id).await, 0, "she was never met");
}

#[tokio::test]
async fn what_was_said_before_the_first_look_was_not_said_to_us() {
    let world = World::with(&[redeem("hydrate", 10)]).await;
    let ann = person("Ann");
    world.owncast.remembers(&[remembered(&world, "a", &ann, "!hydrate")]);
    world.bot.clock.push(Span::seconds(60));
    world.bot.goes_live().await;
    world.owncast_is(true, world.now());
    assert_eq!(world.watch().await.caught_up, CaughtUp::default());
    world.minutes(1);
    assert_eq!(world.watch().await.caught_up, CaughtUp::default());
}

#[tokio::test]
async fn bots_and_the_banned_are_passed_over() {
    let world = world().await;
    let bot = Person { bot: true, ..person("Bot") };
    let banned = Person { banned: true, ..person("Eve") };
    world.bot.clock.push(Span::seconds(5));
    world.owncast.remembers(&[
        remembered(&world, "a", &bot, "!hydrate"),
        remembered(&world, "b", &banned, "!hydrate"),
    ]);
    world.minutes(1);
    assert_eq!(world.watch().await.caught_up, CaughtUp::default());
    assert_eq!(world.said().await, [""; 0]);
}
