//! The planned times of recurring schedules: a pure function of the first one and the interval.

use ownchatbot_domain::{Span, Timestamp};

/// The shortest interval, in milliseconds; a shorter one can only be a mistake in the settings.
const MIN_INTERVAL_MS: i64 = 1000;

/// The latest planned time that is not after `now`; `None` before the first.
pub(crate) fn newest(from: Timestamp, interval: Span, now: Timestamp) -> Option<Timestamp> {
    let step = interval.ms().max(MIN_INTERVAL_MS);
    (now >= from).then(|| Timestamp::from_ms(from.ms() + (now.ms() - from.ms()) / step * step))
}

/// The first planned time that is after `now`.
pub(crate) fn next(from: Timestamp, interval: Span, now: Timestamp) -> Timestamp {
    newest(from, interval, now)
        .map_or(from, |newest| newest.saturating_add(Span::from_ms(interval.ms().max(MIN_INTERVAL_MS))))
}

/// How much later than asked for a schedule may begin, because EventBridge rejects a start in the past.
const MAX_DELAY: Span = Span::minutes(1);

/// Whether a schedule that begins at `begins` will do for one that should begin at `wanted`. One that was put
/// while a clock was ahead begins much later and would leave a whole stream without runs; it has to be put
/// again. The start of a schedule that is off does not matter.
pub(crate) fn has_begun(begins: Timestamp, wanted: Timestamp, on: bool) -> bool {
    !on || begins <= wanted.saturating_add(MAX_DELAY)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn start_an_hour_late_does_not_count_as_begun() {
        let at = |minutes: u32| Timestamp::from_ms(0).saturating_add(Span::minutes(minutes));
        assert!(has_begun(at(10), at(10), true) && has_begun(at(10), at(70), true));
        assert!(has_begun(at(11), at(10), true), "the most that EventBridge delays it");
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
        assert_eq!(next(at(90), Span::ZERO, at(90)), at(91), "a zero interval does not loop forever");
    }
}
