#![doc = include_str!("../README.md")]

pub mod chain;
pub mod chat;
pub mod context;
pub mod deliver;
pub mod event;
pub mod ports;
pub mod presence;
pub mod queue;
pub mod retry;
pub mod stream;
pub mod tick;

pub use chain::Chain;
pub use chat::Outcome;
pub use context::Context;
pub use event::OwncastEvent;
pub use retry::AppError;

use ports::{Clock, Configuration, Ledger};

/// Handles whatever Owncast sent.
///
/// # Errors
/// [`AppError`] when the table is in the way. Nothing is half done then.
pub async fn on_event<S, C>(ctx: &Context<S, C>, event: &OwncastEvent) -> Result<Outcome, AppError>
where
    S: Ledger + Configuration,
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
        OwncastEvent::VisibilityChanged { .. } | OwncastEvent::ScheduledStream | OwncastEvent::Unknown(_) => {
            Ok(Outcome::Ignored)
        }
    }
}
