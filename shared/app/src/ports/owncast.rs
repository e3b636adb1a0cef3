//! Owncast's integrations API, as far as the use cases need it.

use std::future::Future;

use ownchatbot_domain::{ClientId, Person, ViewerId};

use crate::event::{ChatLine, StreamStatus};

/// Why Owncast did not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum OwncastError {
    /// It refused the request. The reason is safe to show to the streamer and contains no token.
    #[error("Owncast refused: {0}")]
    Refused(String),
    /// It could not be reached, or not in time.
    #[error("Owncast cannot be reached: {0}")]
    Unreachable(String),
    /// Its response could not be parsed.
    #[error("Owncast's response could not be read: {0}")]
    Garbled(String),
}

/// Whether a chat connection belongs to a viewer, at the time of the request.
///
/// A secret may only be whispered when it is [`Ownership::Theirs`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ownership {
    /// The connection is open and belongs to the viewer.
    Theirs,
    /// It does not: it is closed, it belongs to another viewer, or Owncast does not know the viewer.
    Foreign,
    /// It is unknown: Owncast has no such call before 0.2. A 404 that may come from something other than this
    /// call counts as unknown too.
    Unknown,
}

/// A custom emoji of the server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Emoji {
    /// Its name in chat, without the colons: at most 64 characters, without whitespace, colons and control
    /// characters.
    pub name: String,
    /// The path of its picture on the server, such as `/img/emoji/beerparrot.gif`. It begins with exactly one
    /// slash and contains nothing that could end an HTML attribute or lead to another server. It is
    /// percent-encoded only where Owncast sent it so.
    pub path: String,
}

/// The connected Owncast.
pub trait Owncast: Send + Sync {
    /// Posts a line to the whole chat. `line` is chat markup in which text from viewers is already escaped.
    ///
    /// # Errors
    /// [`OwncastError`] unless Owncast confirms it.
    fn say(&self, line: &str) -> impl Future<Output = Result<(), OwncastError>> + Send;

    /// Sends a line to one connection only. Owncast confirms this even when the connection is closed.
    ///
    /// # Errors
    /// [`OwncastError`] unless Owncast confirms it.
    fn whisper(&self, client: ClientId, line: &str) -> impl Future<Output = Result<(), OwncastError>> + Send;

    /// The people who are connected to chat, one entry for each connection: a viewer with two tabs is listed
    /// twice.
    ///
    /// # Errors
    /// [`OwncastError`] when the list cannot be read.
    fn clients(&self) -> impl Future<Output = Result<Vec<Person>, OwncastError>> + Send;

    /// The newest visible messages of viewers and bots, at most 50, the oldest first. They carry no
    /// connection, and their text is recovered from the rendered message, because the typed text is not in
    /// the history.
    ///
    /// # Errors
    /// [`OwncastError`] when the list cannot be read.
    fn history(&self) -> impl Future<Output = Result<Vec<ChatLine>, OwncastError>> + Send;

    /// The state of the stream.
    ///
    /// # Errors
    /// [`OwncastError`] when it cannot be read.
    fn status(&self) -> impl Future<Output = Result<StreamStatus, OwncastError>> + Send;

    /// Whether the connection `client` belongs to `viewer` now. Owncast starts the numbering of connections
    /// over at each restart, so an old number can belong to another viewer by now.
    ///
    /// # Errors
    /// [`OwncastError`] when it cannot be read, or the response is about another viewer.
    fn owner(
        &self,
        client: ClientId,
        viewer: &ViewerId,
    ) -> impl Future<Output = Result<Ownership, OwncastError>> + Send;

    /// The server's custom emoji in Owncast's order, at most 5,000. Those that cannot be written in chat, or
    /// whose picture is on another server, are left out. The list is public, so no access token is sent.
    ///
    /// # Errors
    /// [`OwncastError`] when the list cannot be read.
    fn emoji(&self) -> impl Future<Output = Result<Vec<Emoji>, OwncastError>> + Send;
}
