//! The planned times of what happens again and again: a pure function of the first one and the interval.

use ownchatbot_domain::{Span, Timestamp};

/// The shortest interval kept; a shorter one would only mean a mistake in the settings.
const SHORTEST: i64 = 1000;

/// The newest planned time that is not after `now`; `None` before the first.
pub(crate) fn newest(from: Timestamp, interval: Span, now: Timestamp) -> Option<Timestamp> {
    let step = interval.ms().max(SHORTEST);
    (now >= from).then(|| Timestamp::from_ms(from.ms() + (now.ms() - from.ms()) / step * step))
}

/// The first planned time that is after `now`.
pub(crate) fn next(from: Timestamp, interval: Span, now: Timestamp) -> Timestamp {
    newest(from, interval, now)
        .map_or(from, |newest| newest.saturating_add(Span::from_ms(interval.ms().max(SHORTEST))))
}

/// A schedule may begin this much later than asked for: EventBridge takes no beginning that is past.
const LATE: Span = Span::minutes(1);

/// Whether a schedule that begins at `begins` is as good as one from `wanted` on. One that was put while a clock was ahead
/// begins much later, and would leave a whole stream without runs. One that is off never begins.
pub(crate) fn has_begun(begins: Timestamp, wanted: Timestamp, on: bool) -> bool {
    !on || begins <= wanted.saturating_add(LATE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_begins_an_hour_late_is_put_anew() {
        let at = |minutes: u32| Timestamp::from_ms(0).saturating_add(Span::minutes(minutes));
        assert!(has_begun(at(10), at(10), true) && has_begun(at(10), at(70), true));
        assert!(has_begun(at(11), at(10), true), "as late as EventBridge makes it");
        assert!(!has_begun(at(70), at(10), true));
        assert!(has_begun(at(70), at(10), false));
    }

    #[test]
    fn planned_times_follow_from_the_first() {
        let at = |seconds: i64| Timestamp::from_ms(seconds * 1000);
        let minute = Span::minutes(1);
        for (now, before, after) in [
            (0, None, 90),
            (89, None, 90),
            (90, Some(90), 150),
            (149, Some(90), 150),
            (3700, Some(3690), 3750),
        ] {
            assert_eq!(newest(at(90), minute, at(now)), before.map(at), "{now}");
            assert_eq!(next(at(90), minute, at(now)), at(after), "{now}");
        }
        assert_eq!(next(at(90), Span::ZERO, at(90)), at(91), "no interval is no endless loop");
    }
}
