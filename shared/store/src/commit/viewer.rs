//! Changes of viewers (profiles, names, leaderboard visibility, the start of an erasure) as writes.

use aws_sdk_dynamodb::types::AttributeValue;
use ownchatbot_domain::viewer::fold_name;
use ownchatbot_domain::{
    Cause, Delta, EventId, LedgerRow, OpenRow, Person, Points, Profile, Timestamp, ViewerChange,
};

use crate::expression::{Expression, Write};
use crate::item::{n, s};
use crate::payment::TickPayment;
use crate::{keys, rows};

pub(super) fn writes(change: &ViewerChange, event: &EventId, at: Timestamp) -> Vec<Write> {
    match change {
        ViewerChange::Arrive { person, welcome } => arrive(person, *welcome, None, event, at),
        ViewerChange::Refresh { known_as, person } => refresh(known_as, person, at),
        ViewerChange::Seen { viewer } => {
            vec![Write::Update(
                keys::profile(viewer),
                Expression::new().set("last_seen", n(at.ms())).when_exists(keys::PK),
            )]
        }
        ViewerChange::HideFromBoards { viewer, hidden } => {
            let hide = Expression::new().set("hidden", AttributeValue::Bool(*hidden));
            // The leaderboard of the last tick still lists the viewer.
            let board = Expression::new();
            let (left, id) = (rows::board::LEFT, viewer.as_str());
            let board = if *hidden { board.add_to_set(left, id) } else { board.remove_from_set(left, id) };
            vec![
                Write::Update(keys::balance(viewer), hide.when_exists(keys::PK)),
                Write::Update(keys::board(), board),
            ]
        }
        ViewerChange::BeginErasure { profile } => begin_erasure(profile, at),
        ViewerChange::ErasureInProgress { viewer, since } => {
            vec![Write::Update(keys::erasure(viewer), rows::erasure::in_progress(*since))]
        }
        ViewerChange::Follow { handle, name } => {
            let known = Expression::new().set("name", s(name)).set_once("first_at", n(at.ms()));
            vec![Write::Update(keys::follower(handle), known)]
        }
    }
}

/// The items of a new viewer: account, profile, name pointer and the welcome's ledger row. `payment` is the
/// first tick's, where a tick meets the viewer first.
pub(crate) fn arrive(
    person: &Person,
    welcome: Points,
    payment: Option<&TickPayment>,
    event: &EventId,
    at: Timestamp,
) -> Vec<Write> {
    let mut account = rows::viewer::newcomer(welcome);
    if let Some(payment) = payment {
        // Points beyond the largest balance are not paid, or the ledger would sum up to more than the
        // balance.
        let (balance, points) =
            welcome.checked_add(payment.points).map_or((welcome, Points::ZERO), |sum| (sum, payment.points));
        account.balance = balance;
        account.watched_seconds = payment.seconds;
        account.last_tick = Some(payment.slot);
        account.open = Some(OpenRow { stream: payment.stream.clone(), points, seconds: payment.seconds });
    }
    let mut writes = vec![
        Write::create(rows::viewer::balance(&person.id, &account)),
        Write::create(rows::viewer::profile(person, at)),
    ];
    if !welcome.is_zero() {
        let (delta, cause) = (Delta::credit(welcome), Cause::Gift(None));
        let row = LedgerRow { at, delta, cause, event: event.clone() };
        writes.push(Write::create(rows::ledger::row(&person.id, &row)));
    }
    if !fold_name(&person.name).is_empty() {
        writes.push(Write::put(rows::viewer::name_pointer(person)));
    }
    writes
}

fn refresh(known_as: &str, person: &Person, at: Timestamp) -> Vec<Write> {
    let changed = Expression::new()
        .set("name", s(&person.name))
        .set("former_names", rows::viewer::former_names(person))
        .set("authenticated", AttributeValue::Bool(person.authenticated))
        .set("moderator", AttributeValue::Bool(person.moderator))
        .set("banned", AttributeValue::Bool(person.banned))
        .set("last_seen", n(at.ms()))
        .when("name", "=", s(known_as));
    let mut writes = vec![Write::Update(keys::profile(&person.id), changed)];
    let (before, after) = (fold_name(known_as), fold_name(&person.name));
    if before != after {
        if !before.is_empty() {
            writes.push(Write::discard(keys::name_pointer(known_as, &person.id)));
        }
        if !after.is_empty() {
            writes.push(Write::put(rows::viewer::name_pointer(person)));
        }
    }
    writes
}

/// The first transaction of an erasure. It deletes what the viewer can be found by and replaces the balance
/// with a tombstone, so that every later change of the viewer fails its condition until the rest is deleted
/// too.
fn begin_erasure(profile: &Profile, since: Timestamp) -> Vec<Write> {
    let Person { id, name, .. } = &profile.person;
    // The name pointer and the follower row to delete come from the profile as read, so it must not have
    // changed.
    let same = Expression::new().when("name", "=", s(name));
    let same = match &profile.follower {
        Some(handle) => same.when("follower", "=", s(handle)),
        None => same.when_missing("follower"),
    };
    let mut writes = vec![
        Write::Delete(keys::profile(id), same),
        Write::put(rows::erasure::tombstone(id, since)),
        Write::put(rows::erasure::row(id, profile.first_seen, since)),
    ];
    if !fold_name(name).is_empty() {
        writes.push(Write::discard(keys::name_pointer(name, id)));
    }
    writes.extend(profile.follower.iter().map(|handle| Write::discard(keys::follower(handle))));
    writes
}
