//! Owncast's integrations API, as far as the use cases need it.

use std::future::Future;

use ownchatbot_domain::{ClientId, Person, ViewerId};

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

/// Whether a chat connection is a viewer's own, at the moment of asking.
///
/// A secret may only be whispered when it is [`Ownership::Theirs`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ownership {
    /// The connection is among theirs.
    Theirs,
    /// It is not: it is closed, it is somebody else's, or Owncast does not know the viewer.
    Foreign,
    /// This Owncast cannot tell: before 0.2 it has no such call. A 404 that is not surely its word about the viewer counts as
    /// this too.
    Unknown,
}

/// A custom emoji of the server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Emoji {
    /// Its name in chat, without the colons: at most 64 characters, no blanks, no colons, no control characters.
    pub name: String,
    /// Where its picture is, relative to the server, such as `/img/emoji/beerparrot.gif`. Begins with one slash, and holds
    /// nothing that could end an attribute or lead to another server. Not percent-encoded where Owncast did not.
    pub path: String,
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

    /// Whether the connection `client` is one of `viewer`'s right now. Numbers of connections begin anew with each start of
    /// Owncast, so an old one can have become somebody else's.
    ///
    /// # Errors
    /// [`OwncastError`] when it cannot be asked, or answers about somebody else.
    fn owner(
        &self,
        client: ClientId,
        viewer: &ViewerId,
    ) -> impl Future<Output = Result<Ownership, OwncastError>> + Send;

    /// The server's custom emoji in Owncast's order, at most 5,000. Those that could not be written in chat, or whose picture is
    /// elsewhere, are left out. The list is public: no access token is sent for it.
    ///
    /// # Errors
    /// [`OwncastError`] when the list cannot be had.
    fn emoji(&self) -> impl Future<Output = Result<Vec<Emoji>, OwncastError>> + Send;
}
