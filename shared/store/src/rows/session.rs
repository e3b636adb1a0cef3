//! Sessions, sign-in offers and link requests.

use ownchatbot_domain::{KeyedHash, Timestamp, ViewerId};

use crate::Session;
use crate::item::{Damaged, Item};
use crate::keys::{self, Key, TTL};

/// A new item that expires at `until`.
fn expiring(key: &Key, kind: &str, until: Timestamp) -> Item {
    Item::new(key, kind).time("until", until).number(TTL, until.seconds())
}

pub(crate) fn offer(proof: &KeyedHash, viewer: &ViewerId, epoch: u64, until: Timestamp) -> Item {
    expiring(&keys::offer(proof), "offer", until).text("viewer", viewer).number("epoch", epoch)
}

pub(crate) fn link_request(proof: &KeyedHash, until: Timestamp) -> Item {
    expiring(&keys::link_request(proof), "link", until)
}

pub(crate) fn row(id: &KeyedHash, session: &Session) -> Item {
    expiring(&keys::session(id), "session", session.until)
        .text("viewer", &session.viewer)
        .number("epoch", session.epoch)
}

pub(crate) fn read(item: &Item) -> Result<Session, Damaged> {
    Ok(Session { viewer: item.need("viewer")?, epoch: item.need("epoch")?, until: item.need_time("until")? })
}
