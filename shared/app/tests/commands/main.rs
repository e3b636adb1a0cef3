//! Commands, phrases and moderation, from a line of chat to the table and the outbox.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test")]

mod asking;
mod giving;
mod moderation;
mod phrases;
mod timers;

use ownchatbot_domain::config::Section;
use ownchatbot_domain::{Span, Task};
use ownchatbot_store::Saved;
use ownchatbot_testkit::bot::Bot;

/// Saves a section of the settings, and lets the process forget the old ones.
async fn set(bot: &Bot, section: Section) {
    let seen = bot.store().config().await.unwrap().versions.section(section.name());
    assert_eq!(bot.store().save_section(&section, seen).await.unwrap(), Saved::Saved);
    bot.clock.push(Span::seconds(5));
}

/// The timer that the message `id` has set.
fn timer(id: &str) -> Task {
    Task::Timer(ownchatbot_testkit::builders::event(id))
}
