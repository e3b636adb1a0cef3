//! Ids as types. Each is validated once, when it is created, and one kind cannot be passed where another is
//! expected.

use std::fmt;

/// Why a text cannot be an id.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadId {
    /// It is empty.
    #[error("an id cannot be empty")]
    Empty,
    /// Longer than [`MAX_ID_BYTES`].
    #[error("an id has at most {MAX_ID_BYTES} bytes")]
    TooLong,
    /// It contains `#`, which separates the parts of a table key, or a control character.
    #[error("an id cannot contain {0:?}")]
    Forbidden(char),
}

/// The most bytes an id may have. Owncast's are about 10, payment ids 36, a SHA-256 in hex 64.
pub const MAX_ID_BYTES: usize = 128;

/// The most bytes of an event's id that the bot composes from other ids, such as that of a timer's end.
const MAX_OWN_BYTES: usize = 4 * MAX_ID_BYTES;

fn check(text: &str) -> Result<(), BadId> {
    check_up_to(MAX_ID_BYTES, text)
}

fn check_up_to(max: usize, text: &str) -> Result<(), BadId> {
    if text.is_empty() {
        return Err(BadId::Empty);
    }
    if text.len() > max {
        return Err(BadId::TooLong);
    }
    match text.chars().find(|c| *c == '#' || c.is_control()) {
        Some(c) => Err(BadId::Forbidden(c)),
        None => Ok(()),
    }
}

macro_rules! ids {
    ($($(#[$meta:meta])* $name:ident;)*) => {$(
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(String);

        impl $name {
            /// Validates `text` as an id.
            ///
            /// # Errors
            /// [`BadId`] when it is empty, too long, or contains `#` or a control character.
            pub fn new(text: impl Into<String>) -> Result<Self, BadId> {
                let text = text.into();
                check(&text)?;
                Ok(Self(text))
            }

            /// The id as text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl std::str::FromStr for $name {
            type Err = BadId;
            fn from_str(text: &str) -> Result<Self, BadId> {
                Self::new(text)
            }
        }
    )*};
}

ids! {
    /// A viewer: Owncast's `user.id`. Unlike a name it is unique and never changes.
    ViewerId;
    /// A reward. Its command and title may change; the id does not.
    RewardId;
    /// A category of rewards.
    CategoryId;
    /// A stream, by the time when it began.
    StreamId;
    /// A phrase that the bot answers when it finds it in chat.
    PhraseId;
    /// The keyed hash (HMAC) of a secret. It is stored in the secret's place, and the secret is looked up by
    /// it.
    KeyedHash;
}

impl ViewerId {
    /// The id that replaces that of every erased viewer. Owncast never generates it.
    #[must_use]
    pub fn erased() -> Self {
        Self("~forgotten".to_owned())
    }

    /// Whether this stands for an erased viewer.
    #[must_use]
    pub fn is_erased(&self) -> bool {
        *self == Self::erased()
    }
}

impl KeyedHash {
    /// The hash with these hex digits. Other characters are dropped.
    #[must_use]
    pub fn of_digits(digits: impl AsRef<str>) -> Self {
        Self(digits.as_ref().chars().filter(char::is_ascii_hexdigit).collect())
    }
}

impl StreamId {
    /// The id of the stream that began at `begin`: its time in 13 digits, so that later streams sort later.
    #[must_use]
    pub fn begun_at(begin: crate::Timestamp) -> Self {
        Self(begin.sortable())
    }

    /// The time when the stream began.
    #[must_use]
    pub fn began(&self) -> crate::Timestamp {
        crate::Timestamp::from_ms(self.0.parse().unwrap_or_default())
    }
}

/// The number that Owncast gives a chat connection. Owncast counts from 0 again after each start, so it is
/// only good for an immediate whisper.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ClientId(pub u64);

/// The system that an event came from. It determines how long the event's receipt is kept, and keeps the ids
/// of different systems apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Source {
    /// A message or another event from Owncast.
    Owncast,
    /// A payment from a donation platform.
    Payment,
    /// A run of a schedule, by its planned time.
    Schedule,
    /// A click in one of our pages, by the form's one-time key.
    Click,
    /// Something that the bot does on its own, such as welcoming a new viewer.
    Bot,
}

impl Source {
    const ALL: [(Self, &'static str); 5] = [
        (Self::Owncast, "owncast"),
        (Self::Payment, "payment"),
        (Self::Schedule, "schedule"),
        (Self::Click, "click"),
        (Self::Bot, "bot"),
    ];

    /// The days for which a receipt is kept, because a repeat of the event may still arrive: donation
    /// platforms retry for weeks, Owncast never retries.
    #[must_use]
    pub const fn receipt_days(self) -> i64 {
        match self {
            Self::Payment => 30,
            _ => 2,
        }
    }

    fn name(self) -> &'static str {
        Self::ALL.iter().find(|(source, _)| *source == self).map_or("bot", |(_, name)| name)
    }
}

/// The identity of something that happened outside the bot, used as the idempotency key: delivered any number
/// of times, it changes state once.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct EventId {
    source: Source,
    id: String,
}

impl EventId {
    /// The event that `source` calls `id`.
    ///
    /// # Errors
    /// [`BadId`] when `id` is empty, too long, or contains `#` or a control character.
    pub fn new(source: Source, id: impl Into<String>) -> Result<Self, BadId> {
        let id = id.into();
        check(&id)?;
        Ok(Self { source, id })
    }

    /// The event of a scheduled run. `kind` names the task and `about` its subject: the same run has the same
    /// id, which is its idempotency key.
    #[must_use]
    pub fn scheduled(kind: &'static str, about: impl fmt::Display) -> Self {
        Self::own(Source::Schedule, kind, &about.to_string())
    }

    /// The event of something that the bot does on its own. `kind` names what it does and `about` its
    /// subject.
    #[must_use]
    pub fn by_bot(kind: &'static str, about: impl fmt::Display) -> Self {
        Self::own(Source::Bot, kind, &about.to_string())
    }

    /// `about` consists of ids and times, which always fit, so nothing is cut off in practice.
    fn own(source: Source, kind: &'static str, about: &str) -> Self {
        let kept = about.chars().filter(|c| *c != '#' && !c.is_control());
        let mut id = kind.to_owned();
        for c in (!about.is_empty()).then_some('-').into_iter().chain(kept) {
            if id.len() + c.len_utf8() > MAX_OWN_BYTES {
                break;
            }
            id.push(c);
        }
        Self { source, id }
    }

    /// Reads what [`fmt::Display`] wrote.
    ///
    /// # Errors
    /// [`BadId`] when there is no known source before the colon or no id after it.
    pub fn parse(text: &str) -> Result<Self, BadId> {
        let (name, id) = text.split_once(':').ok_or(BadId::Empty)?;
        let (source, _) =
            Source::ALL.into_iter().find(|(_, known)| *known == name).ok_or(BadId::Forbidden(':'))?;
        check_up_to(MAX_OWN_BYTES, id)?;
        Ok(Self { source, id: id.to_owned() })
    }

    /// The system that the event came from.
    #[must_use]
    pub const fn source(&self) -> Source {
        self.source
    }

    /// The id that the source gave it.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }
}

impl fmt::Display for EventId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.source.name(), self.id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_reject_what_would_break_a_key() {
        assert_eq!(ViewerId::new(""), Err(BadId::Empty));
        assert_eq!(ViewerId::new("a#b"), Err(BadId::Forbidden('#')));
        assert_eq!(ViewerId::new("a\nb"), Err(BadId::Forbidden('\n')));
        assert_eq!(ViewerId::new("x".repeat(129)), Err(BadId::TooLong));
        assert!(ViewerId::new("user id").is_ok());
    }

    #[test]
    fn only_the_reserved_id_is_erased() {
        assert_eq!("~forgotten".parse(), Ok(ViewerId::erased()), "as it is stored");
        assert!(ViewerId::erased().is_erased());
        assert!(!ViewerId::new("forgotten").unwrap().is_erased());
    }

    #[test]
    fn event_id_round_trips() {
        for (source, _) in Source::ALL {
            let event = EventId::new(source, "a:b").unwrap();
            assert_eq!(EventId::parse(&event.to_string()), Ok(event));
        }
        let longest = EventId::new(Source::Owncast, "x".repeat(MAX_ID_BYTES)).unwrap();
        for event in [EventId::scheduled("timer", &longest), EventId::by_bot("welcome", "")] {
            assert_eq!(EventId::parse(&event.to_string()), Ok(event));
        }
        assert_eq!(EventId::by_bot("welcome", "").to_string(), "bot:welcome");
        assert!(EventId::parse("unknown:1").is_err());
        assert!(EventId::parse("owncast:").is_err());
    }
}
