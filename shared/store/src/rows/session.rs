//! Sessions, and the proof_hashes to them.

use crate::Session;
use ownchatbot_domain::{KeyedHash, Timestamp, ViewerId};

use crate::item::{Damaged, Item};
use crate::keys::{self, Key, TTL};

fn ending(key: &Key, kind: &str, until: Timestamp) -> Item {
    Item::new(key, kind).time("until", until).number(TTL, until.seconds())
}

pub(crate) fn offer(proof: &KeyedHash, viewer: &ViewerId, epoch: u64, until: Timestamp) -> Item {
    ending(&keys::offer(proof), "offer", until).text("viewer", viewer).number("epoch", epoch)
}

pub(crate) fn link_request(proof: &KeyedHash, until: Timestamp) -> Item {
    ending(&keys::link_request(proof), "link", until)
}

pub(crate) fn row(id: &KeyedHash, session: &Session) -> Item {
    ending(&keys::session(id), "session", session.until)
        .text("viewer", &session.viewer)
        .number("epoch", session.epoch)
}

pub(crate) fn read(item: &Item) -> Result<Session, Damaged> {
    Ok(Session { viewer: item.need("viewer")?, epoch: item.need("epoch")?, until: item.need_time("until")? })
}
