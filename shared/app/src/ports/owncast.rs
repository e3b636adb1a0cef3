//! Owncast's integrations API, as far as the use cases need it.

use std::future::Future;

use ownchatbot_domain::{ClientId, Person};

use crate::event::{ChatLine, StreamStatus};

/// Why Owncast did not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum OwncastError {
    /// It answered, and refused: the reason is safe to show to the streamer and holds no token.
    #[error("Owncast refused: {0}")]
    Refused(String),
    /// It could not be reached, or not in time.
    #[error("Owncast cannot be reached: {0}")]
    Unreachable(String),
    /// It answered something that cannot be read.
    #[error("Owncast's answer cannot be read: {0}")]
    Garbled(String),
}

/// The connected Owncast.
pub trait Owncast: Send + Sync {
    /// Says a line to everybody. `line` is in chat markup, with what viewers wrote already escaped.
    ///
    /// # Errors
    /// [`OwncastError`] unless Owncast confirms it.
    fn say(&self, line: &str) -> impl Future<Output = Result<(), OwncastError>> + Send;

    /// Says a line to one connection only. Owncast confirms even when that connection is gone.
    ///
    /// # Errors
    /// [`OwncastError`] unless Owncast confirms it.
    fn whisper(&self, client: ClientId, line: &str) -> impl Future<Output = Result<(), OwncastError>> + Send;

    /// Who is connected to chat now: one entry a connection, so a viewer with two tabs comes twice.
    ///
    /// # Errors
    /// [`OwncastError`] when the list cannot be had.
    fn clients(&self) -> impl Future<Output = Result<Vec<Person>, OwncastError>> + Send;

    /// The newest visible messages of viewers and bots, the oldest first, at most 50. They come without their connections,
    /// and their text is what is left of the rendered message.
    ///
    /// # Errors
    /// [`OwncastError`] when the list cannot be had.
    fn history(&self) -> impl Future<Output = Result<Vec<ChatLine>, OwncastError>> + Send;

    /// Whether Owncast is live.
    ///
    /// # Errors
    /// [`OwncastError`] when it cannot be asked.
    fn status(&self) -> impl Future<Output = Result<StreamStatus, OwncastError>> + Send;
}
