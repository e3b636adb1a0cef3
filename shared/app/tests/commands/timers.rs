//! Timers that moderators set.

use futures_util::future::join_all;
use ownchatbot_app::{Outcome, chat};
use ownchatbot_domain::{Effect, Span, Timing};
use ownchatbot_testkit::bot::Bot;
use ownchatbot_testkit::builders::{chat_line, event, moderator, person};

use crate::timer;

/// The effects of the message `id` other than lines and whispers.
async fn scheduled(bot: &Bot, id: &str) -> Vec<Effect<String>> {
    let effects = bot.outbox(&event(id)).await.into_iter().filter_map(|row| row.effect);
    effects.filter(|effect| !matches!(effect, Effect::Say(_) | Effect::Whisper { .. })).collect()
}

async fn running(bot: &Bot) -> Vec<String> {
    bot.store().timers().await.unwrap().running.into_iter().map(|timer| timer.name).collect()
}

#[tokio::test]
async fn timer_is_set_listed_and_cancelled() {
    let (bot, meg) = (Bot::new().await, moderator("Meg"));
    assert_eq!(bot.hears("m", &meg, "!timer 5m Pizza").await.unwrap(), Outcome::Done);
    assert_eq!(bot.hears("m", &meg, "!timer 5m Pizza").await.unwrap(), Outcome::Duplicate);
    assert_eq!(bot.lines(&event("m")).await, ["Timer Pizza ends in 5:00."]);
    let timers = bot.store().timers().await.unwrap();
    let [set] = timers.running.as_slice() else { panic!("{timers:?}") };
    assert_eq!((&set.id, set.ends), (&event("m"), bot.now().saturating_add(Span::minutes(5))));
    let effects = scheduled(&bot, "m").await;
    let [Effect::Schedule(schedule)] = effects.as_slice() else { panic!("{effects:?}") };
    assert_eq!(schedule.task, timer("m"));
    assert_eq!(schedule.timing, Timing::Once { at: bot.now().saturating_add(Span::seconds(225)) });

    bot.clock.push(Span::minutes(1));
    assert_eq!(bot.answer(&meg, "!timer 90").await, ["The timer ends in 1:30."]);
    assert_eq!(bot.answer(&meg, "!timer list").await, ["[Timers: 1: in 1:30, 2: Pizza in 4:00]"]);
    bot.hears("c", &meg, "!timer cancel pizza").await.unwrap();
    assert_eq!(bot.lines(&event("c")).await, ["Timer Pizza is cancelled."]);
    assert_eq!(scheduled(&bot, "c").await, [Effect::Unschedule(timer("m"))]);
    assert_eq!(running(&bot).await, [""]);
    assert_eq!(
        bot.answer(&meg, "!timer cancel pizza").await,
        ["[No timer is called pizza. There is 1: in 1:30]"]
    );
}

#[tokio::test]
async fn only_moderators_can_set_timers() {
    let bot = Bot::new().await;
    let answer = ["[Ann, !timer is for moderators.]"];
    assert_eq!(bot.answer(&person("Ann"), "!timer 5m").await, answer);
    assert_eq!(running(&bot).await, [""; 0]);
}

#[tokio::test]
async fn concurrent_timers_are_all_set_up_to_ten() {
    let (bot, meg) = (Bot::new().await, moderator("Meg"));
    bot.answer(&meg, "!points").await;
    let lines: Vec<_> = (0..12)
        .map(|n| chat_line(&format!("m{n}"), &meg, &format!("!timer {}m t{n}", n + 1), bot.now()))
        .collect();
    let outcomes = join_all(lines.iter().map(|line| chat::on_chat(&bot.context, line))).await;
    assert!(outcomes.iter().all(|outcome| matches!(outcome, Ok(Outcome::Done))), "{outcomes:?}");
    let timers = bot.store().timers().await.unwrap();
    assert_eq!((timers.version, timers.running.len()), (10, 10));
    assert!(timers.running.is_sorted_by_key(|timer| timer.ends));
    let mut refused = 0;
    for line in &lines {
        let effects = scheduled(&bot, line.event.id()).await;
        let set = timers.running.iter().any(|timer| timer.id == line.event);
        assert_eq!(effects.len(), usize::from(set), "{effects:?}");
        refused += usize::from(!set);
    }
    assert_eq!(refused, 2);
}
