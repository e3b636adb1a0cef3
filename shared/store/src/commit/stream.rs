//! Changes of the stream, its record, and of what the bot says unasked (announcements, phrases, timers) as
//! writes.

use aws_sdk_dynamodb::types::AttributeValue;
use ownchatbot_domain::{Points, StreamChange, StreamId, Timestamp};

use crate::expression::{Expression, Write};
use crate::item::{Item, n, s};
use crate::{keys, rows};

pub(super) fn writes(change: &StreamChange, at: Timestamp) -> Vec<Write> {
    match change {
        StreamChange::Start { stream, title } => started(stream, title.as_deref(), at),
        StreamChange::Stop { stream } => stopped(stream.as_ref(), at),
        StreamChange::Resume { stream, title } => resumed(stream, title.as_deref(), at),
        StreamChange::Retitle { title } => {
            vec![Write::Update(keys::stream_state(), titled(Expression::new(), title, at))]
        }
        StreamChange::CountForStreaks { stream, counted } => {
            let counted = Expression::new().set("counted", rows::stream::counted(counted));
            vec![Write::Update(keys::stream_state(), counted.when("newest", "=", s(stream)))]
        }
        StreamChange::RecordTick { stream, slot, present, paid, peak } => {
            vec![Write::Update(keys::stream_record(stream), ticked(*slot, *present, *paid, *peak))]
        }
        StreamChange::SumUp { stream, spent, redeems } => vec![Write::Update(
            keys::stream_record(stream),
            Expression::new().set("spent", n(spent)).set("redeems", n(redeems)).when_exists(keys::PK),
        )],
        StreamChange::Announce { said } => {
            let next = Expression::new().set("said", n(said + 1)).set("at", n(at.ms()));
            let next = if *said == 0 { next.when_missing("said") } else { next.when("said", "=", n(said)) };
            vec![Write::Update(keys::announcements(), next)]
        }
        StreamChange::AnswerPhrase { phrase, rested_since } => {
            let answered = Expression::new().set("at", n(at.ms()));
            let answered = answered.when_missing_or("at", "<=", n(rested_since.ms()));
            vec![Write::Update(keys::phrase_state(phrase), answered)]
        }
        StreamChange::SetTimers { version, running } => {
            let set =
                Expression::new().set("running", rows::timers::running(running)).set("v", n(version + 1));
            let set = if *version == 0 { set.when_missing("v") } else { set.when("v", "=", n(version)) };
            vec![Write::Update(keys::timers(), set)]
        }
    }
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

/// The stream goes on after a short interruption: its record keeps its start and loses its end.
fn resumed(stream: &StreamId, title: Option<&str>, at: Timestamp) -> Vec<Write> {
    let state = Expression::new()
        .set("live", AttributeValue::Bool(true))
        .set("changed_at", n(at.ms()))
        .when("newest", "=", s(stream))
        .when("changed_at", "<", n(at.ms()))
        .maybe(title, |state, title| titled(state, title, at));
    let record = Expression::new().remove("ended").when_exists(keys::PK);
    vec![Write::Update(keys::stream_state(), state), Write::Update(keys::stream_record(stream), record)]
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

fn titled(state: Expression, title: &str, at: Timestamp) -> Expression {
    let state = state.set("title", s(title)).set("titled_at", n(at.ms()));
    state.when_missing_or("titled_at", "<", n(at.ms()))
}

fn ticked(slot: Timestamp, present: u64, paid: Points, peak: bool) -> Expression {
    let ticked = Expression::new()
        .set("last_slot", n(slot.ms()))
        .count("ticks", n(1))
        .count("present", n(present))
        .count("paid", n(paid))
        .when_exists(keys::PK)
        .when_missing_or("last_slot", "<", n(slot.ms()));
    if peak { ticked.set("peak", n(present)).when_missing_or("peak", "<", n(present)) } else { ticked }
}
