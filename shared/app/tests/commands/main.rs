//! Commands, phrases and moderation, from a chat message to the table and the outbox.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test")]

mod giving;
mod moderation;
mod phrases;
mod queries;
mod timers;

use ownchatbot_domain::config::Section;
use ownchatbot_domain::{Span, Task};
use ownchatbot_store::Commit;
use ownchatbot_testkit::bot::Bot;
use ownchatbot_testkit::configure::save_section;

/// Saves a section of the settings, and waits until the process has the old ones no longer cached.
async fn set(bot: &Bot, section: Section) {
    let seen = bot.store().config().await.unwrap().versions.section(section.name());
    assert_eq!(save_section(bot.store(), &section, seen).await.unwrap(), Commit::Applied);
    bot.clock.push(Span::seconds(5));
}

/// The timer that the message `id` has set.
fn timer(id: &str) -> Task {
    Task::Timer(ownchatbot_testkit::builders::event(id))
}
