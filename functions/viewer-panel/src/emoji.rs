//! Owncast's custom emoji, which people write as `:name:`.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use ownchatbot_app::Cached;
use ownchatbot_app::ports::{Clock, Emoji, Owncast};
use ownchatbot_domain::Span;
use ownchatbot_owncast::{BaseUrl, OwncastClient};
use tokio::time::timeout;

/// The cache TTL of the list of emoji.
const FRESH: Span = Span::minutes(10);
/// The pause before Owncast is asked again after a failure.
const RETRY_PAUSE: Span = Span::minutes(1);
/// The maximum age of a list that is used while Owncast does not respond: a hundred years.
const ANY_AGE: Span = Span::days(36_525);
/// How long a page waits for the list of emoji.
const TIMEOUT: Duration = Duration::from_millis(800);

/// The URLs of the custom emoji's pictures, by name.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Emojis(HashMap<String, String>);

impl Emojis {
    fn of(list: Vec<Emoji>, base: &str) -> Self {
        Self(list.into_iter().map(|emoji| (emoji.name, format!("{base}{}", emoji.path))).collect())
    }

    /// The URLs by name.
    pub(crate) const fn all(&self) -> &HashMap<String, String> {
        &self.0
    }

    /// Splits `text` into plain text and emoji.
    pub(crate) fn pieces(&self, text: &str) -> Vec<Piece> {
        let mut pieces = Vec::new();
        let (mut plain, mut rest) = (String::new(), text);
        while let Some((before, after)) = rest.split_once(':') {
            plain.push_str(before);
            let found =
                after.split_once(':').and_then(|(name, after)| Some((name, self.0.get(name)?, after)));
            let Some((name, picture, after)) = found else {
                plain.push(':');
                rest = after;
                continue;
            };
            if !plain.is_empty() {
                pieces.push(Piece::Text(std::mem::take(&mut plain)));
            }
            pieces.push(Piece::Emoji { name: name.to_owned(), picture: picture.clone() });
            rest = after;
        }
        plain.push_str(rest);
        if !plain.is_empty() {
            pieces.push(Piece::Text(plain));
        }
        pieces
    }
}

/// A piece of a text that somebody wrote.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Piece {
    /// Plain text, not escaped.
    Text(String),
    /// A picture.
    Emoji {
        /// The name between the colons.
        name: String,
        /// The picture's URL.
        picture: String,
    },
}

/// The cache of Owncast's list of emoji.
#[derive(Debug)]
pub(crate) struct EmojiList {
    owncast: OwncastClient,
    known: Cached<Emojis>,
}

impl EmojiList {
    pub(crate) const fn new(owncast: OwncastClient) -> Self {
        Self { owncast, known: Cached::new(FRESH).with_fallback(ANY_AGE, RETRY_PAUSE) }
    }

    /// The emoji, with pictures at `public`, the URL under which browsers reach Owncast. While Owncast does
    /// not respond, the list of before, or an empty one.
    pub(crate) async fn get<C: Clock>(&self, clock: &C, public: &BaseUrl) -> Arc<Emojis> {
        let read = async {
            let reason = match timeout(TIMEOUT, self.owncast.emoji()).await {
                Ok(Ok(list)) => return Some(Emojis::of(list, &public.origin())),
                Ok(Err(error)) => error.to_string(),
                Err(_) => "no response in time".to_owned(),
            };
            tracing::warn!(reason, "could not read Owncast's list of emoji");
            None
        };
        self.known.get_or_stale(clock, read).await.unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn emojis() -> Emojis {
        let list = vec![Emoji { name: "parrot".to_owned(), path: "/img/parrot.svg".to_owned() }];
        Emojis::of(list, "https://live.example")
    }

    fn shown(text: &str) -> String {
        let shown = emojis().pieces(text).into_iter().map(|piece| match piece {
            Piece::Text(text) => text,
            Piece::Emoji { name, picture } => format!("[{name} {picture}]"),
        });
        shown.collect::<Vec<_>>().join("|")
    }

    #[test]
    fn only_known_names_between_colons_become_pictures() {
        assert_eq!(shown("a :parrot: b"), "a |[parrot https://live.example/img/parrot.svg]| b");
        assert_eq!(shown(":parrot::parrot:").matches("parrot.svg").count(), 2);
        for text in ["", "at 12:30:00", ":nobody:", "::", ":parrot", "parrot:", ":Parrot:", ": parrot:"] {
            assert_eq!(shown(text), text);
        }
        assert_eq!(shown("12:30 :parrot:"), "12:30 |[parrot https://live.example/img/parrot.svg]");
        assert_eq!(shown("<b>:x:parrot:"), "<b>:x|[parrot https://live.example/img/parrot.svg]");
    }
}
