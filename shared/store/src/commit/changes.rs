//! Each change of state as writes of items.

use aws_sdk_dynamodb::types::AttributeValue;
use ownchatbot_domain::reward::Guard;
use ownchatbot_domain::viewer::fold_name;
use ownchatbot_domain::{
    Cause, Change, Contribution, Delta, EventId, LedgerRow, Person, Points, Profile, Redemption, RewardId,
    Status, StreamId, Timestamp, UsageRollback, ViewerId,
};

use crate::expression::{Expression, Write};
use crate::item::{Item, n, s};
use crate::{keys, rows};

pub(super) fn writes(change: &Change, event: &EventId, at: Timestamp) -> Vec<Write> {
    match change {
        Change::Arrive { person, welcome } => arrive(person, *welcome, None, event, at),
        Change::Refresh { known_as, person } => refresh(known_as, person, at),
        Change::Seen { viewer } => {
            vec![Write::Update(
                keys::profile(viewer),
                Expression::new().set("last_seen", n(at.ms())).when_there(keys::PK),
            )]
        }
        Change::Move { viewer, delta, cause } => movement(viewer, *delta, cause, event, at),
        Change::Use { reward, viewer, points, stream, everybody, own } => {
            let used = [(keys::reward_state(reward), everybody), (keys::own_use(viewer, reward), own)]
                .map(|(key, guard)| Write::Update(key, used(guard, *points, stream, event, at)));
            // What is free moves no points, and would not notice that its viewer is being forgotten.
            let free = points.is_zero().then(|| Write::Update(keys::balance(viewer), unmoved()));
            used.into_iter().chain(free).collect()
        }
        Change::RevertUse { redemption, everybody, own } => [
            (keys::reward_state(&redemption.reward), everybody),
            (keys::own_use(&redemption.viewer, &redemption.reward), own),
        ]
        .into_iter()
        .map(|(key, rollback)| Write::Update(key, unused(rollback, redemption)))
        .collect(),
        Change::Enqueue(entry) => vec![Write::create(rows::queue::row(entry))],
        Change::Close { redemption, to } => closed(redemption, *to, at),
        Change::StartStream { stream, title } => started(stream, title.as_deref(), at),
        Change::StopStream { stream } => stopped(stream.as_ref(), at),
        Change::ResumeStream { stream, title } => resumed(stream, title.as_deref(), at),
        Change::CountStream { stream, counted } => {
            let counted = Expression::new().set("counted", rows::stream::counted(counted));
            vec![Write::Update(keys::stream_state(), counted.when("newest", "=", s(stream)))]
        }
        Change::RecordTick { stream, slot, present, paid, peak } => {
            vec![Write::Update(keys::stream_record(stream), ticked(*slot, *present, *paid, *peak))]
        }
        Change::SumUp { stream, spent, redeems } => vec![Write::Update(
            keys::stream_record(stream),
            Expression::new().set("spent", n(spent)).set("redeems", n(redeems)).when_there(keys::PK),
        )],
        Change::Announce { said } => {
            let next = Expression::new().set("said", n(said + 1)).set("at", n(at.ms()));
            let next = if *said == 0 { next.when_missing("said") } else { next.when("said", "=", n(said)) };
            vec![Write::Update(keys::announcements(), next)]
        }
        Change::AnswerPhrase { phrase, rested_since } => {
            let answered = Expression::new().set("at", n(at.ms()));
            let answered = answered.when_missing_or("at", "<=", n(rested_since.ms()));
            vec![Write::Update(keys::phrase_state(phrase), answered)]
        }
        Change::SetTimers { version, running } => {
            let set =
                Expression::new().set("running", rows::timers::running(running)).set("v", n(version + 1));
            let set = if *version == 0 { set.when_missing("v") } else { set.when("v", "=", n(version)) };
            vec![Write::Update(keys::timers(), set)]
        }
        Change::EndReward { reward, ends } => {
            let ended = Expression::new().set("ended_for", n(ends.ms()));
            vec![Write::Update(
                keys::reward_state(reward),
                ended.when_missing_or("ended_for", "<>", n(ends.ms())),
            )]
        }
        Change::GiveBack { reward, givers } => given_back(reward, givers),
        Change::Give { from, to, points, day, same_day, given_at_most } => {
            let today = Today { day: *day, same: *same_day, at_most: *given_at_most };
            given(from, to, *points, &today, event, at)
        }
        Change::HideFromBoards { viewer, hidden } => {
            let hide = Expression::new().set("hidden", AttributeValue::Bool(*hidden));
            // The board of the last tick still has them.
            let board = Expression::new();
            let (left, id) = (rows::board::LEFT, viewer.as_str());
            let board = if *hidden { board.insert(left, id) } else { board.take(left, id) };
            vec![
                Write::Update(keys::balance(viewer), hide.when_there(keys::PK)),
                Write::Update(keys::board(), board),
            ]
        }
        Change::HideNote { redemption, hidden } => {
            let hide = Expression::new().set("note_hidden", AttributeValue::Bool(*hidden));
            let mut writes = vec![Write::Update(keys::redemption(redemption), hide.when_there(keys::PK))];
            if *hidden {
                // The alert has the note too, and is the first of its event.
                writes.push(Write::discard(keys::alert(redemption.at, &redemption.event, 0)));
            }
            writes
        }
        Change::OfferSignIn { viewer, epoch, proof_hashes, until } => {
            let offer = |proof| Write::put(rows::session::offer(proof, viewer, *epoch, *until));
            proof_hashes.iter().map(offer).collect()
        }
        Change::Link { proof, viewer, epoch } => {
            let taken = Expression::new().set("viewer", s(viewer)).set("epoch", n(epoch));
            let taken = taken.when_missing("viewer");
            let taken = taken.when_there(keys::PK).when("until", ">", n(at.ms()));
            vec![Write::Update(keys::link_request(proof), taken)]
        }
        Change::EndSessions { viewer } => {
            let ended = Expression::new().count("epoch", n(1)).when_there(keys::PK);
            vec![Write::Update(keys::profile(viewer), ended)]
        }
        Change::Retitle { title } => {
            vec![Write::Update(keys::stream_state(), titled(Expression::new(), title, at))]
        }
        Change::BeginErasure { profile } => begin_erasure(profile, at),
        Change::ErasureInProgress { viewer, since } => {
            vec![Write::Update(keys::erasure(viewer), rows::erasure::still(*since))]
        }
        Change::Follow { handle, name } => {
            let known = Expression::new().set("name", s(name)).set_once("first_at", n(at.ms()));
            vec![Write::Update(keys::follower(handle), known)]
        }
    }
}

/// A newcomer, and what the first tick pays them if they come by one.
pub(crate) fn arrive(
    person: &Person,
    welcome: Points,
    payment: Option<&crate::TickPayment>,
    event: &EventId,
    at: Timestamp,
) -> Vec<Write> {
    let mut account = rows::viewer::newcomer(welcome);
    if let Some(payment) = payment {
        // What does not fit is not paid, or the ledger would say more than the balance.
        let (balance, points) =
            welcome.checked_add(payment.points).map_or((welcome, Points::ZERO), |sum| (sum, payment.points));
        account.balance = balance;
        account.watched_seconds = payment.seconds;
        account.last_tick = Some(payment.slot);
        account.open = Some(ownchatbot_domain::OpenRow {
            stream: payment.stream.clone(),
            points,
            seconds: payment.seconds,
        });
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

/// No points move. Holds only where some could.
fn unmoved() -> Expression {
    Expression::new().add("balance", n(0)).when("balance", ">=", n(0))
}

/// What is found by the viewer's name and profile goes at once, and what stands in the place of their balance keeps
/// everything else as it is, until it is gone too.
fn begin_erasure(profile: &Profile, since: Timestamp) -> Vec<Write> {
    let Person { id, name, .. } = &profile.person;
    // The pointer and the follower that go must be those of the profile that goes.
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

fn used(guard: &Guard, points: Points, stream: &StreamId, event: &EventId, at: Timestamp) -> Expression {
    let used = Expression::new()
        .count("count", n(1))
        .count("points", n(points))
        .set("last_at", n(at.ms()))
        .set("last_event", s(event));
    let used = if guard.same_stream {
        used.add("in_stream", n(1))
            .count("stream_points", n(points))
            .when("stream", "=", s(stream))
            .maybe(guard.in_stream_below, |used, limit| used.when("in_stream", "<", n(limit)))
    } else {
        // Ids of streams sort by time. Whoever read an older stream must not count it anew over a newer one.
        used.set("stream", s(stream)).set("in_stream", n(1)).set("stream_points", n(points)).when_missing_or(
            "stream",
            "<",
            s(stream),
        )
    };
    used.maybe(guard.rested_since, |used, since| used.when_missing_or("last_at", "<=", n(since.ms())))
        .maybe(guard.count_below, |used, limit| used.when_missing_or("count", "<", n(limit)))
        .maybe(guard.points_between, |used, (low, high)| {
            let used = used.when_missing_or("points", "<=", n(high));
            if low.is_zero() { used } else { used.when("points", ">=", n(low)) }
        })
}

fn unused(rollback: &UsageRollback, redemption: &Redemption) -> Expression {
    let (stream, event) = (s(&redemption.stream), s(&redemption.event));
    let mended =
        Expression::new().add("count", n(-1)).add("points", n(-redemption.price.get())).when_there(keys::PK);
    let mended = if rollback.same_stream {
        mended
            .add("in_stream", n(-1))
            .count("stream_points", n(-redemption.price.get()))
            .when("stream", "=", stream)
    } else {
        mended.when_missing_or("stream", "<>", stream)
    };
    if rollback.newest {
        mended.remove("last_at").remove("last_event").when("last_event", "=", event)
    } else {
        mended.when_missing_or("last_event", "<>", event)
    }
}

fn closed(redemption: &Redemption, to: Status, at: Timestamp) -> Vec<Write> {
    if redemption.status == Status::Waiting {
        let over = Redemption { status: to, ..redemption.clone() };
        let row: Item = rows::queue::row(&over).time("closed_at", at);
        // The row moves as it was read, so nobody may have hidden its note meanwhile.
        let same = Expression::new().when_there(keys::PK);
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

fn started(stream: &StreamId, title: Option<&str>, at: Timestamp) -> Vec<Write> {
    let state = Expression::new()
        .set("newest", s(stream))
        .set("live", AttributeValue::Bool(true))
        .set("began", n(at.ms()))
        .set("changed_at", n(at.ms()))
        .when_missing_or("changed_at", "<", n(at.ms()))
        .maybe(title, |state, title| titled(state, title, at));
    let record = Item::new(&keys::stream_record(stream), "stream").time("began", at);
    let record = record.maybe(title, |record, title| record.text("title", title));
    vec![Write::Update(keys::stream_state(), state), Write::put(record)]
}

/// The record keeps its beginning; what was its end was none.
fn resumed(stream: &StreamId, title: Option<&str>, at: Timestamp) -> Vec<Write> {
    let state = Expression::new()
        .set("live", AttributeValue::Bool(true))
        .set("changed_at", n(at.ms()))
        .when("newest", "=", s(stream))
        .when("changed_at", "<", n(at.ms()))
        .maybe(title, |state, title| titled(state, title, at));
    let record = Expression::new().remove("ended").when_there(keys::PK);
    vec![Write::Update(keys::stream_state(), state), Write::Update(keys::stream_record(stream), record)]
}

fn ticked(slot: Timestamp, present: u64, paid: Points, peak: bool) -> Expression {
    let ticked = Expression::new()
        .set("last_slot", n(slot.ms()))
        .count("ticks", n(1))
        .count("present", n(present))
        .count("paid", n(paid))
        .when_there(keys::PK)
        .when_missing_or("last_slot", "<", n(slot.ms()));
    if peak { ticked.set("peak", n(present)).when_missing_or("peak", "<", n(present)) } else { ticked }
}

fn given_back(reward: &RewardId, givers: &[Contribution]) -> Vec<Write> {
    let points: i64 = givers.iter().map(|giver| giver.points.get()).sum();
    let count: u64 = givers.iter().map(|giver| giver.count).sum();
    let state = Expression::new()
        .add("points", n(-points))
        .add("count", AttributeValue::N(format!("-{count}")))
        .when("points", ">=", n(points));
    let own = givers.iter().map(|giver| {
        let none = Expression::new()
            .set("points", n(0))
            .set("count", n(0))
            .when("points", "=", n(giver.points))
            .when("count", "=", n(giver.count));
        Write::Update(keys::own_use(&giver.viewer, reward), none)
    });
    std::iter::once(Write::Update(keys::reward_state(reward), state)).chain(own).collect()
}

/// What the giver has given on this day.
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

fn titled(state: Expression, title: &str, at: Timestamp) -> Expression {
    let state = state.set("title", s(title)).set("titled_at", n(at.ms()));
    state.when_missing_or("titled_at", "<", n(at.ms()))
}

fn stopped(stream: Option<&StreamId>, at: Timestamp) -> Vec<Write> {
    let state = Expression::new()
        .set("live", AttributeValue::Bool(false))
        .set("changed_at", n(at.ms()))
        .when_missing_or("changed_at", "<", n(at.ms()))
        .maybe(stream, |state, stream| state.when("newest", "=", s(stream)));
    let mut writes = vec![Write::Update(keys::stream_state(), state)];
    writes.extend(stream.map(|stream| {
        Write::Update(keys::stream_record(stream), Expression::new().set("ended", n(at.ms())))
    }));
    writes
}
