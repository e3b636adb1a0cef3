//! Changes of the queue as writes.

use aws_sdk_dynamodb::types::AttributeValue;
use ownchatbot_domain::{QueueChange, Redemption, Status, Timestamp};

use crate::expression::{Expression, Write};
use crate::item::{Item, n, s};
use crate::{keys, rows};

pub(super) fn writes(change: &QueueChange, at: Timestamp) -> Vec<Write> {
    match change {
        QueueChange::Enqueue(entry) => vec![Write::create(rows::queue::row(entry))],
        QueueChange::Close { redemption, to } => closed(redemption, *to, at),
        QueueChange::HideNote { redemption, hidden } => {
            let hide = Expression::new().set("note_hidden", AttributeValue::Bool(*hidden));
            let mut writes = vec![Write::Update(keys::redemption(redemption), hide.when_exists(keys::PK))];
            if *hidden {
                // The redeem's alert, the first of its event, carries the note too.
                writes.push(Write::discard(keys::alert(redemption.at, &redemption.event, 0)));
            }
            writes
        }
    }
}

fn closed(redemption: &Redemption, to: Status, at: Timestamp) -> Vec<Write> {
    if redemption.status == Status::Waiting {
        let finished = Redemption { status: to, ..redemption.clone() };
        let row: Item = rows::queue::row(&finished).time("closed_at", at);
        // The row moves to its month as it was read, so its note must not have been hidden since.
        let same = Expression::new().when_exists(keys::PK);
        let same = if redemption.note_hidden {
            same.when("note_hidden", "=", AttributeValue::Bool(true))
        } else {
            same.when_missing_or("note_hidden", "=", AttributeValue::Bool(false))
        };
        return vec![Write::Delete(keys::redemption(redemption), same), Write::create(row)];
    }
    let changed = Expression::new()
        .set("status", s(rows::queue::status(to)))
        .set("closed_at", n(at.ms()))
        .when("status", "=", s(rows::queue::status(redemption.status)));
    vec![Write::Update(keys::redemption(redemption), changed)]
}
