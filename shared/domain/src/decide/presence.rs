//! Viewers who come, and streams that begin and end.

use crate::{Change, Decision, Person, Points, Profile, StreamId, StreamState, Timestamp};

/// What meeting `person` changes: a new viewer is welcomed, a known one may have another name or other rights.
#[must_use]
pub fn meet(known: Option<&Profile>, person: &Person, welcome: Points) -> Option<Change> {
    if person.bot {
        return None;
    }
    let Some(profile) = known else { return Some(Change::Arrive { person: person.clone(), welcome }) };
    let before = &profile.person;
    let same = before.name == person.name
        && before.authenticated == person.authenticated
        && before.moderator == person.moderator
        && before.banned == person.banned;
    if same { None } else { Some(Change::Refresh { known_as: before.name.clone(), person: person.clone() }) }
}

/// Decides that a stream began at `at`. Old news changes nothing.
#[must_use]
pub fn start_stream(state: &StreamState, at: Timestamp, title: &str) -> Decision {
    if !state.is_news(at) {
        return Decision::default();
    }
    let change = Change::StartStream { stream: StreamId::begun_at(at), title: title.to_owned() };
    Decision { changes: vec![change], effects: Vec::new() }
}

/// Decides that the stream ended at `at`. Old news changes nothing.
#[must_use]
pub fn stop_stream(state: &StreamState, at: Timestamp) -> Decision {
    match &state.newest {
        Some(stream) if state.live && state.is_news(at) => {
            Decision { changes: vec![Change::StopStream { stream: stream.clone() }], effects: Vec::new() }
        }
        _ => Decision::default(),
    }
}

/// Decides what a new follower on the Fediverse leads to.
#[must_use]
pub fn follow(handle: &str, name: &str) -> Decision {
    let change = Change::Follow { handle: handle.to_lowercase(), name: name.to_owned() };
    Decision { changes: vec![change], effects: Vec::new() }
}
