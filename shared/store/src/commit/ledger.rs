//! Movements of points as writes: the balance and its ledger row together (invariant I1).

use ownchatbot_domain::{Cause, Delta, EventId, LedgerChange, LedgerRow, Points, Timestamp, ViewerId};

use crate::expression::{Expression, Write};
use crate::item::n;
use crate::{keys, rows};

pub(super) fn writes(change: &LedgerChange, event: &EventId, at: Timestamp) -> Vec<Write> {
    match change {
        LedgerChange::Move { viewer, delta, cause } => movement(viewer, *delta, cause, event, at),
        LedgerChange::Give { from, to, points, day, same_day, given_at_most } => {
            let today = Today { day: *day, same: *same_day, at_most: *given_at_most };
            given(from, to, *points, &today, event, at)
        }
    }
}

fn movement(viewer: &ViewerId, delta: Delta, cause: &Cause, event: &EventId, at: Timestamp) -> Vec<Write> {
    let balance = Expression::new().add("balance", n(delta.get()));
    let balance = if delta.get() < 0 {
        balance.when("balance", ">=", n(-delta.get()))
    } else {
        balance.when("balance", "<=", n(Points::MAX.get() - delta.get()))
    };
    let row = LedgerRow { at, delta, cause: cause.clone(), event: event.clone() };
    vec![Write::Update(keys::balance(viewer), balance), Write::create(rows::ledger::row(viewer, &row))]
}

/// An update that leaves a balance as it is, and fails where there is no balance, as for a viewer who is
/// being erased.
pub(super) fn balance_exists() -> Expression {
    Expression::new().add("balance", n(0)).when("balance", ">=", n(0))
}

/// What the giver has given away on this day, and the most that may have been given before this gift.
struct Today {
    day: i64,
    same: bool,
    at_most: Option<Points>,
}

fn given(
    from: &ViewerId,
    to: &ViewerId,
    points: Points,
    today: &Today,
    event: &EventId,
    at: Timestamp,
) -> Vec<Write> {
    let giver = Expression::new().add("balance", n(-points.get())).when("balance", ">=", n(points));
    let giver = if today.same {
        giver
            .add("given", n(points))
            .when("given_day", "=", n(today.day))
            .maybe(today.at_most, |giver, limit| giver.when("given", "<=", n(limit)))
    } else {
        giver.set("given_day", n(today.day)).set("given", n(points)).when_missing_or(
            "given_day",
            "<>",
            n(today.day),
        )
    };
    let (cause, row) = (
        |other: &ViewerId| Cause::Gift(Some(other.clone())),
        |viewer, delta, cause| {
            Write::create(rows::ledger::row(viewer, &LedgerRow { at, delta, cause, event: event.clone() }))
        },
    );
    let mut writes =
        vec![Write::Update(keys::balance(from), giver), row(from, Delta::debit(points), cause(to))];
    writes.extend(movement(to, Delta::credit(points), &cause(from), event, at));
    writes
}
