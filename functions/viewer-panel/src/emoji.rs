//! Owncast's custom emoji: `:name:` in what people write.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use ownchatbot_app::Cached;
use ownchatbot_app::ports::{Clock, Emoji, Owncast};
use ownchatbot_domain::Span;
use ownchatbot_owncast::{BaseUrl, OwncastClient};
use tokio::time::timeout;

/// The age up to which a list serves without asking Owncast.
const FRESH: Span = Span::minutes(10);
/// The pause after Owncast has not answered.
const REST: Span = Span::minutes(1);
/// The age up to which a list serves while Owncast does not answer: a hundred years.
const HOWEVER_OLD: Span = Span::days(36_525);
/// A page is not kept waiting for pictures.
const PATIENCE: Duration = Duration::from_millis(800);

/// The custom emoji by name, with the addresses of their pictures.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Emojis(HashMap<String, String>);

impl Emojis {
    fn of(list: Vec<Emoji>, base: &str) -> Self {
        Self(list.into_iter().map(|emoji| (emoji.name, format!("{base}{}", emoji.path))).collect())
    }

    /// By name.
    pub(crate) const fn all(&self) -> &HashMap<String, String> {
        &self.0
    }

    /// `text` in pieces.
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

/// A piece of what somebody wrote.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Piece {
    /// Text, to be escaped by whoever shows it.
    Text(String),
    /// A picture.
    Emoji {
        /// What was written between the colons.
        name: String,
        /// Its address.
        picture: String,
    },
}

/// The list as Owncast last gave it.
#[derive(Debug)]
pub(crate) struct EmojiList {
    owncast: OwncastClient,
    known: Cached<Emojis>,
}

impl EmojiList {
    pub(crate) const fn new(owncast: OwncastClient) -> Self {
        Self { owncast, known: Cached::new(FRESH).with_fallback(HOWEVER_OLD, REST) }
    }

    /// The emoji, with pictures at `public`, the address under which browsers reach Owncast. Those of before, or none,
    /// while Owncast does not answer.
    pub(crate) async fn get<C: Clock>(&self, clock: &C, public: &BaseUrl) -> Arc<Emojis> {
        let read = async {
            let why = match timeout(PATIENCE, self.owncast.emoji()).await {
                Ok(Ok(list)) => return Some(Emojis::of(list, &public.origin())),
                Ok(Err(error)) => error.to_string(),
                Err(_) => "it takes too long".to_owned(),
            };
            tracing::warn!(reason = why, "Owncast does not tell its emoji");
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
