//! Redemptions, waiting and finished.

use ownchatbot_domain::{EventId, Redemption, Status, Timestamp};

use crate::item::{Damaged, Item};
use crate::keys;

/// The stored word for a status.
pub(crate) fn status(status: Status) -> &'static str {
    match status {
        Status::Waiting => "waiting",
        Status::Fulfilled => "fulfilled",
        Status::Refunded => "refunded",
    }
}

pub(crate) fn row(entry: &Redemption) -> Item {
    Item::new(&keys::redemption(entry), "redemption")
        .text("reward", &entry.reward)
        .text("reward_name", &entry.reward_name)
        .text("viewer", &entry.viewer)
        .text("viewer_name", &entry.viewer_name)
        .number("price", entry.price)
        .maybe(entry.note.as_ref(), |item, note| item.text("note", note))
        .maybe(entry.note_hidden.then_some(()), |item, ()| item.flag("note_hidden", true))
        .text("stream", &entry.stream)
        .text("status", status(entry.status))
        .flag("automatic", entry.automatic)
}

pub(crate) fn read(item: &Item) -> Result<Redemption, Damaged> {
    let (at, event) = item.sk().split_once('#').ok_or_else(|| item.damaged("sk"))?;
    let status = match item.get("status") {
        Some("waiting") => Status::Waiting,
        Some("fulfilled") => Status::Fulfilled,
        Some("refunded") => Status::Refunded,
        _ => return Err(item.damaged("status")),
    };
    Ok(Redemption {
        event: EventId::parse(event).map_err(|_| item.damaged("sk"))?,
        at: Timestamp::from_ms(at.parse().map_err(|_| item.damaged("sk"))?),
        reward: item.need("reward")?,
        reward_name: item.need("reward_name")?,
        viewer: item.need("viewer")?,
        viewer_name: item.need("viewer_name")?,
        price: item.get_points("price")?,
        note: item.get("note").map(str::to_owned),
        note_hidden: item.get_flag("note_hidden"),
        stream: item.need("stream")?,
        status,
        automatic: item.get_flag("automatic"),
    })
}
