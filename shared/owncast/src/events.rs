//! Parses webhooks: one tolerant reader for every Owncast since 0.1.0.

mod wire;

use ownchatbot_app::event::{ChatLine, OwncastEvent};
use ownchatbot_domain::{BadId, ClientId, EventId, Person, Source, Timestamp};
use sha2::{Digest, Sha256};

use crate::text::{NAME_CHARS, TITLE_CHARS, clean, stripped, timestamp, typed};
use crate::tolerant::known;
use wire::{Data, Envelope};

/// The longest Fediverse handle that is accepted, in bytes.
const HANDLE_BYTES: usize = 255;

/// Why a webhook's body cannot be parsed. The message repeats nothing of the body.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unreadable {
    /// It is not JSON, is cut off, is not UTF-8, or contains a field twice.
    #[error("not readable as JSON, at line {line}, column {column}")]
    NotJson {
        /// The line where parsing stopped, counted from 1.
        line: usize,
        /// The column in that line, in bytes, counted from 1.
        column: usize,
    },
    /// It is JSON, but not an object.
    #[error("not a JSON object")]
    NotAnObject,
    /// A field that the event is meaningless without is missing or of another type.
    #[error("{0} is missing or of the wrong type")]
    Field(&'static str),
    /// The value of a field cannot be an id.
    #[error("{0} is not a valid id: {1}")]
    Id(&'static str, #[source] BadId),
}

/// Parses the body of a webhook that arrived at `received_at`, which is used where Owncast sends no usable
/// time. The event's id (its idempotency key) is `eventData.id`, or the SHA-256 of `raw` in hex where that is
/// not a valid id.
///
/// # Errors
/// [`Unreadable`] when the body is not an event, or lacks a field that an event of its type is meaningless
/// without.
pub fn read_event(raw: &[u8], received_at: Timestamp) -> Result<OwncastEvent, Unreadable> {
    let Envelope { kind, data } = wire::parse(raw)?;
    let kind = known(kind).ok_or(Unreadable::Field("type"))?;
    let data = known(data);
    match &*kind {
        "CHAT"
        | "USER_JOINED"
        | "USER_PARTED"
        | "NAME_CHANGE"
        | "NAME_CHANGED"
        | "VISIBILITY-UPDATE"
        | "VISIBILITY_UPDATE"
        | "STREAM_STARTED"
        | "STREAM_STOPPED"
        | "STREAM_TITLE_UPDATED"
        | "FEDIVERSE_ENGAGEMENT_FOLLOW" => {
            Reader { raw, received_at, data: data.ok_or(Unreadable::Field("eventData"))? }.read(&kind)
        }
        "SCHEDULED_EVENTS" => Ok(OwncastEvent::ScheduledStream),
        other => Ok(OwncastEvent::Unknown(clean(other, NAME_CHARS))),
    }
}

struct Reader<'a> {
    raw: &'a [u8],
    received_at: Timestamp,
    data: Data<'a>,
}

impl Reader<'_> {
    fn read(mut self, kind: &str) -> Result<OwncastEvent, Unreadable> {
        let event = self.event()?;
        let at = self.at();
        Ok(match kind {
            "CHAT" => OwncastEvent::Chat(ChatLine {
                event,
                person: self.person()?,
                client: Some(self.client()?),
                text: self.text()?,
                at,
            }),
            "USER_JOINED" => OwncastEvent::Joined { event, person: self.person()?, at },
            "USER_PARTED" => OwncastEvent::Parted { event, person: self.person()?, at },
            "NAME_CHANGE" | "NAME_CHANGED" => OwncastEvent::Renamed { event, person: self.person()?, at },
            "VISIBILITY-UPDATE" | "VISIBILITY_UPDATE" => {
                let (messages, visible) = self.visibility()?;
                OwncastEvent::VisibilityChanged { event, messages, visible, at }
            }
            "STREAM_STARTED" => OwncastEvent::StreamStarted { event, title: self.title(), at },
            "STREAM_STOPPED" => OwncastEvent::StreamStopped { event, at },
            "STREAM_TITLE_UPDATED" => OwncastEvent::TitleChanged { event, title: self.title(), at },
            _ => {
                let (handle, name) = self.follower()?;
                OwncastEvent::Followed { event, handle, name, at }
            }
        })
    }

    fn event(&mut self) -> Result<EventId, Unreadable> {
        let own = known(self.data.id.take()).and_then(|id| EventId::new(Source::Owncast, id).ok());
        match own {
            Some(event) => Ok(event),
            None => EventId::new(Source::Owncast, hex::encode(Sha256::digest(self.raw)))
                .map_err(|why| Unreadable::Id("eventData.id", why)),
        }
    }

    fn at(&mut self) -> Timestamp {
        known(self.data.timestamp.take()).and_then(|at| timestamp(&at)).unwrap_or(self.received_at)
    }

    fn person(&mut self) -> Result<Person, Unreadable> {
        let user = known(self.data.user.take()).ok_or(Unreadable::Field("user"))?;
        user.person().map_err(|why| Unreadable::Id("user.id", why))
    }

    /// Owncast leaves out the connection's id when it is 0. A value of another type must not become 0, or a
    /// whisper would go to the viewer who connected first.
    fn client(&mut self) -> Result<ClientId, Unreadable> {
        match self.data.client_id.take() {
            None => Ok(ClientId(0)),
            Some(number) => number.0.map(ClientId).ok_or(Unreadable::Field("clientId")),
        }
    }

    fn text(&mut self) -> Result<String, Unreadable> {
        if let Some(raw) = known(self.data.raw_body.take()) {
            return Ok(typed(&raw));
        }
        known(self.data.body.take()).map(|html| stripped(&html)).ok_or(Unreadable::Field("rawBody"))
    }

    fn visibility(&mut self) -> Result<(Vec<String>, bool), Unreadable> {
        let ids = known(self.data.ids.take()).or_else(|| known(self.data.message_ids.take()));
        let visible = known(self.data.visible.take()).or_else(|| known(self.data.old_visible.take()));
        let ids = ids.ok_or(Unreadable::Field("ids"))?;
        let visible = visible.ok_or(Unreadable::Field("visible"))?;
        Ok((ids.0.into_iter().map(Into::into).filter(|id: &String| !id.is_empty()).collect(), visible))
    }

    fn title(&mut self) -> String {
        let title = known(self.data.stream_title.take())
            .or_else(|| known(self.data.status.take()).and_then(|status| known(status.stream_title)));
        clean(&title.unwrap_or_default(), TITLE_CHARS)
    }

    fn follower(&mut self) -> Result<(String, String), Unreadable> {
        let handle = known(self.data.username.take()).ok_or(Unreadable::Field("username"))?;
        let handle = handle.trim().trim_start_matches('@').to_owned();
        let plain = !handle.contains(|c: char| c.is_whitespace() || c.is_control());
        if handle.is_empty() || handle.len() > HANDLE_BYTES || !plain {
            return Err(Unreadable::Field("username"));
        }
        let name = clean(&known(self.data.name.take()).unwrap_or_default(), NAME_CHARS);
        let name = if name.is_empty() { handle.clone() } else { name };
        Ok((handle, name))
    }
}
