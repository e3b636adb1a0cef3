#![doc = include_str!("../README.md")]

pub mod announce;
pub mod cached;
pub mod chat;
pub mod click;
mod command;
pub mod configure;
pub mod context;
pub mod deadline;
pub mod deliver;
pub mod erasure;
pub mod error_chain;
pub mod event;
pub mod live;
pub mod moderation;
mod outcome;
pub mod own_data;
pub mod ports;
pub mod presence;
pub mod queue;
pub mod retry;
pub mod run;
pub mod sign_in;
pub mod signing;
pub mod stream;
pub mod tick;
pub mod timer;
pub mod watchdog;

pub use cached::Cached;
pub use context::Context;
pub use error_chain::ErrorChain;
pub use event::OwncastEvent;
pub use outcome::Outcome;
pub use retry::AppError;
pub use run::RunError;
pub use signing::{BadKey, SigningKey};

use ports::Clock;

/// Handles an event that Owncast sent.
///
/// # Errors
/// [`AppError`] when the table cannot be read or written. The event has then changed nothing, or all that it
/// should.
pub async fn on_event<C>(ctx: &Context<C>, event: &OwncastEvent) -> Result<Outcome, AppError>
where
    C: Clock,
{
    match event {
        OwncastEvent::Chat(line) => chat::on_chat(ctx, line).await,
        OwncastEvent::Joined { person, .. } => presence::on_joined(ctx, person).await,
        OwncastEvent::Renamed { event, person, .. } => presence::on_renamed(ctx, event, person).await,
        OwncastEvent::Parted { person, .. } => presence::on_parted(ctx, person).await,
        OwncastEvent::StreamStarted { event, title, at } => stream::on_started(ctx, event, *at, title).await,
        OwncastEvent::StreamStopped { event, at } => stream::on_stopped(ctx, event, *at).await,
        OwncastEvent::TitleChanged { event, title, at } => stream::on_title(ctx, event, *at, title).await,
        OwncastEvent::Followed { event, handle, name, at } => {
            stream::on_followed(ctx, event, *at, handle, name).await
        }
        OwncastEvent::VisibilityChanged { event, messages, visible, at } => {
            moderation::on_visibility(ctx, event, messages, *visible, *at).await
        }
        OwncastEvent::ScheduledStream | OwncastEvent::Unknown(_) => Ok(Outcome::Ignored),
    }
}
