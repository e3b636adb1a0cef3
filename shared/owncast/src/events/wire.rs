//! The JSON of a webhook: the fields of all events and all versions in one struct, each of them optional.

use std::borrow::Cow;

use serde::Deserialize;

use super::Unreadable;
use crate::tolerant::{Texts, Tolerant, object};
use crate::user::User;

#[derive(Debug, Deserialize)]
pub(super) struct Envelope<'a> {
    #[serde(borrow, rename = "type")]
    pub(super) kind: Option<Tolerant<Cow<'a, str>>>,
    #[serde(borrow, rename = "eventData")]
    pub(super) data: Option<Tolerant<Data<'a>>>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Data<'a> {
    #[serde(borrow)]
    pub(super) id: Option<Tolerant<Cow<'a, str>>>,
    #[serde(borrow)]
    pub(super) timestamp: Option<Tolerant<Cow<'a, str>>>,
    #[serde(borrow)]
    pub(super) user: Option<Tolerant<User<'a>>>,
    pub(super) client_id: Option<Tolerant<u64>>,
    #[serde(borrow)]
    pub(super) body: Option<Tolerant<Cow<'a, str>>>,
    #[serde(borrow)]
    pub(super) raw_body: Option<Tolerant<Cow<'a, str>>>,
    #[serde(borrow)]
    pub(super) ids: Option<Tolerant<Texts<'a>>>,
    /// The field's name before Owncast 0.2.4.
    #[serde(borrow, rename = "MessageIDs")]
    pub(super) message_ids: Option<Tolerant<Texts<'a>>>,
    pub(super) visible: Option<Tolerant<bool>>,
    /// The field's name before Owncast 0.2.4.
    #[serde(rename = "Visible")]
    pub(super) old_visible: Option<Tolerant<bool>>,
    #[serde(borrow)]
    pub(super) stream_title: Option<Tolerant<Cow<'a, str>>>,
    #[serde(borrow)]
    pub(super) status: Option<Tolerant<Status<'a>>>,
    #[serde(borrow)]
    pub(super) username: Option<Tolerant<Cow<'a, str>>>,
    #[serde(borrow)]
    pub(super) name: Option<Tolerant<Cow<'a, str>>>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Status<'a> {
    #[serde(borrow)]
    pub(super) stream_title: Option<Tolerant<Cow<'a, str>>>,
}

object!(Envelope);
object!(Data);
object!(Status);

pub(super) fn parse(raw: &[u8]) -> Result<Envelope<'_>, Unreadable> {
    let envelope: Tolerant<Envelope<'_>> = serde_json::from_slice(raw)
        .map_err(|error| Unreadable::NotJson { line: error.line(), column: error.column() })?;
    envelope.0.ok_or(Unreadable::NotAnObject)
}
