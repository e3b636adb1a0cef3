//! Saving what the streamer has set up, with what that does to the schedules.

use ownchatbot_domain::config::Section;
use ownchatbot_domain::decide::{end_changed, settings_changed};
use ownchatbot_domain::{Effect, EventId, Reward, Settings};

use crate::chat::Outcome;
use crate::context::Context;
use crate::ports::Clock;
use crate::retry::{AppError, retry_until_deadline};
use ownchatbot_store::Commit;

/// Saves a section of the settings. `event` is the click that asked for it, `seen` the version that was read, 0 for
/// none. [`Outcome::Ignored`] when somebody else has changed it since.
///
/// # Errors
/// [`AppError`] when it is not known to be saved.
pub async fn save_section<C>(
    ctx: &Context<C>,
    event: &EventId,
    section: &Section,
    seen: u64,
) -> Result<Outcome, AppError>
where
    C: Clock,
{
    retry_until_deadline(ctx.deadline, |_| async move {
        let before = ctx.store.config().await?.settings;
        let live = ctx.store.stream().await?.live;
        let after = with(&before, section);
        let effects = settings_changed(&before, &after, live, ctx.clock.now());
        let saved = ctx.store.commit_section(event, ctx.clock.now(), section, seen, &effects).await?;
        Ok(Some(outcome(saved)))
    })
    .await
}

/// Saves a reward. `before` is what was read, with its version; nothing for a new one. [`Outcome::Ignored`] when
/// somebody else has changed it since, or its command belongs to another.
///
/// # Errors
/// [`AppError`] when it is not known to be saved.
pub async fn save_reward<C>(
    ctx: &Context<C>,
    event: &EventId,
    reward: &Reward,
    before: Option<(&Reward, u64)>,
) -> Result<Outcome, AppError>
where
    C: Clock,
{
    let now = ctx.clock.now();
    let effects: Vec<Effect> =
        end_changed(before.map(|(before, _)| before), reward, now).into_iter().collect();
    let effects = &effects;
    retry_until_deadline(ctx.deadline, |_| async move {
        let saved = ctx.store.commit_reward(event, now, reward, before, effects).await?;
        Ok(Some(outcome(saved)))
    })
    .await
}

fn with(settings: &Settings, section: &Section) -> Settings {
    let mut settings = settings.clone();
    match section.clone() {
        Section::Chat(chat) => settings.chat = chat,
        Section::Points(points) => settings.points = points,
        Section::Streams(streams) => settings.streams = streams,
        Section::Announcements(announcements) => settings.announcements = announcements,
        Section::Streaks(streaks) => settings.streaks = streaks,
        Section::Phrases(phrases) => settings.phrases = phrases,
        Section::Give(give) => settings.give = give,
        Section::Panel(panel) => settings.panel = panel,
        Section::Address { public_url, owncast_url } => {
            (settings.public_url, settings.owncast_url) = (public_url, owncast_url);
        }
    }
    settings
}

fn outcome(saved: Commit) -> Outcome {
    Outcome::of(saved).unwrap_or(Outcome::Ignored)
}
