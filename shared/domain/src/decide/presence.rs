//! Viewers who arrive, and streams that begin and end.

use super::clock;
use crate::{
    Alert, Change, Decision, Effect, Person, Points, Profile, Settings, StreamChange, StreamId, StreamState,
    Timestamp, ViewerChange,
};

/// The change when `person` is seen: a new viewer arrives with `welcome` points, and a known one may have
/// another name or other rights. Bots are ignored.
#[must_use]
pub fn meet(known: Option<&Profile>, person: &Person, welcome: Points) -> Option<Change> {
    if person.bot {
        return None;
    }
    let Some(profile) = known else {
        return Some(Change::Viewer(ViewerChange::Arrive { person: person.clone(), welcome }));
    };
    let before = &profile.person;
    let same = before.name == person.name
        && before.authenticated == person.authenticated
        && before.moderator == person.moderator
        && before.banned == person.banned;
    if same {
        None
    } else {
        Some(Change::Viewer(ViewerChange::Refresh { known_as: before.name.clone(), person: person.clone() }))
    }
}

/// Decides that a broadcast began at `at`. An event that is older than the stored state changes nothing. A
/// broadcast that begins soon after the last one ended continues its stream.
#[must_use]
pub fn start_stream(
    settings: &Settings,
    state: &StreamState,
    at: Timestamp,
    now: Timestamp,
    title: &str,
) -> Decision {
    if !state.is_news(at) {
        return Decision::default();
    }
    let title = state.is_new_title(at).then(|| title.to_owned());
    // The last change is the end of the last broadcast, or its beginning when two sources report the same
    // one.
    let soon = state.changed_at.is_some_and(|changed| at.since(changed) <= settings.streams.resume_within);
    let change = match state.newest.clone().filter(|_| soon) {
        Some(_) if state.live => return title.map_or_else(Decision::default, |title| retitled(&title)),
        Some(stream) => Change::Stream(StreamChange::Resume { stream, title }),
        None => Change::Stream(StreamChange::Start { stream: StreamId::begun_at(at), title }),
    };
    Decision { changes: vec![change], effects: clock::switched(settings, true, now) }
}

/// Decides that the stream ended at `at`. An event that is older than the stored state changes nothing. An
/// end is recorded even when the beginning is unknown, so that a beginning that arrives later does not start
/// a stream.
#[must_use]
pub fn stop_stream(settings: &Settings, state: &StreamState, at: Timestamp, now: Timestamp) -> Decision {
    if !state.is_news(at) {
        return Decision::default();
    }
    let stream = state.newest.clone().filter(|_| state.live);
    let change = Change::Stream(StreamChange::Stop { stream });
    Decision { changes: vec![change], effects: clock::switched(settings, false, now) }
}

/// Decides that the title of the stream changed at `at`. A title that is older than the stored one changes
/// nothing.
#[must_use]
pub fn retitle(state: &StreamState, at: Timestamp, title: &str) -> Decision {
    if !state.is_new_title(at) {
        return Decision::default();
    }
    retitled(title)
}

fn retitled(title: &str) -> Decision {
    Decision::change(StreamChange::Retitle { title: title.to_owned() })
}

/// Decides the alert for a new follower on the Fediverse.
#[must_use]
pub fn follow(handle: &str, name: &str) -> Decision {
    let change =
        Change::Viewer(ViewerChange::Follow { handle: handle.to_lowercase(), name: name.to_owned() });
    Decision { changes: vec![change], effects: vec![Effect::Show(Alert::Follow { name: name.to_owned() })] }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Span;
    use crate::decide::testing::{person, points};

    fn known(person: &Person) -> Profile {
        let at = Timestamp::from_ms(5);
        Profile { person: person.clone(), first_seen: at, last_seen: at, follower: None, epoch: 0 }
    }

    #[test]
    fn new_viewer_is_welcomed() {
        let ann = person("Ann");
        let welcome = points(100);
        assert_eq!(
            meet(None, &ann, welcome),
            Some(Change::Viewer(ViewerChange::Arrive { person: ann, welcome }))
        );
    }

    #[test]
    fn known_viewer_changes_nothing() {
        let mut ann = person("Ann");
        let profile = known(&ann);
        assert_eq!(meet(Some(&profile), &ann, points(100)), None);
        ann.former_names.push("Anna".to_owned());
        assert_eq!(meet(Some(&profile), &ann, points(100)), None, "former names are ignored");
    }

    #[test]
    fn bot_is_ignored() {
        let bot = Person { bot: true, ..person("Bot") };
        assert_eq!(meet(None, &bot, points(100)), None);
        assert_eq!(meet(Some(&known(&person("Bot"))), &bot, points(100)), None);
    }

    #[test]
    fn changed_name_or_rights_are_stored() {
        let ann = person("Ann");
        let changed = [
            Person { name: "Anna".to_owned(), ..ann.clone() },
            Person { authenticated: true, ..ann.clone() },
            Person { moderator: true, ..ann.clone() },
            Person { banned: true, ..ann.clone() },
        ];
        for person in changed {
            let refresh =
                Change::Viewer(ViewerChange::Refresh { known_as: "Ann".to_owned(), person: person.clone() });
            assert_eq!(meet(Some(&known(&ann)), &person, points(100)), Some(refresh));
        }
    }

    fn at(seconds: u32) -> Timestamp {
        Timestamp::from_ms(0).saturating_add(Span::seconds(seconds))
    }

    fn live_since(seconds: u32) -> StreamState {
        StreamState {
            newest: Some(StreamId::begun_at(at(seconds))),
            live: true,
            changed_at: Some(at(seconds)),
            ..StreamState::default()
        }
    }

    fn start(state: &StreamState, begins: Timestamp, title: &str) -> Decision {
        start_stream(&Settings::default(), state, begins, begins, title)
    }

    fn stop(state: &StreamState, ends: Timestamp) -> Decision {
        stop_stream(&Settings::default(), state, ends, ends)
    }

    #[test]
    fn stream_begins_once() {
        let begun = start(&StreamState::default(), at(10), "Hello");
        let change = Change::Stream(StreamChange::Start {
            stream: StreamId::begun_at(at(10)),
            title: Some("Hello".to_owned()),
        });
        assert_eq!(begun.changes, [change]);
        assert_eq!(begun.effects.len(), 2, "its schedules are switched on");
        assert!(start(&live_since(10), at(10), "Hello").is_empty(), "a repeat");
        assert!(start(&live_since(10), at(9), "Hello").is_empty(), "an older event");
        let reported_twice = StreamState { titled_at: Some(at(60)), ..live_since(10) };
        assert!(start(&reported_twice, at(12), "Hello").is_empty(), "the same beginning, by another clock");
        let later = start(&live_since(10), at(10_000), "Again");
        assert!(
            matches!(later.changes.as_slice(), [Change::Stream(StreamChange::Start { .. })]),
            "an end was missed"
        );
    }

    #[test]
    fn broadcast_that_resumes_soon_continues_its_stream() {
        let ended = StreamState { live: false, changed_at: Some(at(1000)), ..live_since(10) };
        let soon = start(&ended, at(1300), "Back");
        let stream = StreamId::begun_at(at(10));
        assert_eq!(
            soon.changes,
            [Change::Stream(StreamChange::Resume { stream, title: Some("Back".to_owned()) })]
        );
        assert_eq!(soon.effects.len(), 2);
        let late = start(&ended, at(1301), "Next");
        assert!(matches!(late.changes.as_slice(), [Change::Stream(StreamChange::Start { .. })]), "{late:?}");
        let never = Settings {
            streams: crate::settings::StreamSettings { resume_within: Span::ZERO, ..Default::default() },
            ..Settings::default()
        };
        let restarted = start_stream(&never, &ended, at(1001), at(1001), "Next");
        assert!(
            matches!(restarted.changes.as_slice(), [Change::Stream(StreamChange::Start { .. })]),
            "{restarted:?}"
        );
    }

    #[test]
    fn stream_ends_once() {
        let end = stop(&live_since(10), at(20));
        assert_eq!(
            end.changes,
            [Change::Stream(StreamChange::Stop { stream: Some(StreamId::begun_at(at(10))) })]
        );
        assert!(stop(&live_since(10), at(10)).is_empty(), "an end is after its beginning");
        let ended = StreamState { live: false, changed_at: Some(at(20)), ..live_since(10) };
        assert!(stop(&ended, at(20)).is_empty(), "a repeat");
    }

    #[test]
    fn end_that_arrives_before_its_beginning_wins() {
        let end = stop(&StreamState::default(), at(20));
        assert_eq!(end.changes, [Change::Stream(StreamChange::Stop { stream: None })]);
        let known = StreamState { changed_at: Some(at(20)), ..StreamState::default() };
        assert!(start(&known, at(10), "Late").is_empty());
    }

    #[test]
    fn older_title_does_not_replace_a_newer_one() {
        let titled = StreamState { title: "New".to_owned(), titled_at: Some(at(12)), ..live_since(10) };
        assert!(retitle(&titled, at(11), "Old").is_empty());
        assert_eq!(
            retitle(&titled, at(13), "X").changes,
            [Change::Stream(StreamChange::Retitle { title: "X".to_owned() })]
        );
        let state = StreamState { changed_at: None, ..titled };
        let state = StreamState { live: false, newest: None, ..state };
        let late = start(&state, at(10), "Old");
        assert_eq!(
            late.changes,
            [Change::Stream(StreamChange::Start { stream: StreamId::begun_at(at(10)), title: None })]
        );
    }

    #[test]
    fn follower_handles_are_lower_case() {
        let follow = follow("Ann@Social.Example", "Ann");
        let expect = Change::Viewer(ViewerChange::Follow {
            handle: "ann@social.example".to_owned(),
            name: "Ann".to_owned(),
        });
        assert_eq!(follow.changes, [expect]);
    }
}
