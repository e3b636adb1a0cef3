//! Changes of sign-ins and sessions as writes.

use ownchatbot_domain::{AccessChange, Timestamp};

use crate::expression::{Expression, Write};
use crate::item::{n, s};
use crate::{keys, rows};

pub(super) fn writes(change: &AccessChange, at: Timestamp) -> Vec<Write> {
    match change {
        AccessChange::OfferSignIn { viewer, epoch, proof_hashes, until } => {
            let offer = |proof_hash| Write::put(rows::session::offer(proof_hash, viewer, *epoch, *until));
            proof_hashes.iter().map(offer).collect()
        }
        AccessChange::Link { proof, viewer, epoch } => {
            let linked = Expression::new().set("viewer", s(viewer)).set("epoch", n(epoch));
            let linked = linked.when_missing("viewer");
            let linked = linked.when_exists(keys::PK).when("until", ">", n(at.ms()));
            vec![Write::Update(keys::link_request(proof), linked)]
        }
        AccessChange::EndSessions { viewer } => {
            let ended = Expression::new().count("epoch", n(1)).when_exists(keys::PK);
            vec![Write::Update(keys::profile(viewer), ended)]
        }
    }
}
