//! Watch streaks: streams watched in a row.

use crate::settings::{Grace, StreakSettings};
use crate::{Account, Points, Span, StreamId, Timestamp};

/// As many streams that count are remembered. Whoever was away for longer begins anew, whatever the grace.
pub const MAX_COUNTED: usize = 64;

/// How far a viewer has come.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Streak {
    /// Streams in a row, the last one included.
    pub length: u32,
    /// The longest ever.
    pub best: u32,
    /// The last stream that was watched.
    pub last: Option<StreamId>,
    /// Streams watched in the week of the last one.
    pub in_week: u32,
    /// The planned time of the tick that counted the last one.
    pub at: Option<Timestamp>,
}

impl Streak {
    /// What becomes of it when `stream` has been watched. `counted` are the streams that count, the oldest first.
    /// `None` when it has been counted before, or is not among them.
    #[must_use]
    pub fn watched(
        &self,
        stream: &StreamId,
        counted: &[StreamId],
        grace: Grace,
        slot: Timestamp,
    ) -> Option<Self> {
        if self.last.as_ref() >= Some(stream) || !counted.contains(stream) {
            return None;
        }
        let goes_on = self.goes_on(stream, counted, grace);
        let length = if goes_on { self.length.saturating_add(1) } else { 1 };
        let same_week = self.last.as_ref().is_some_and(|last| week(last) == week(stream));
        Some(Self {
            length,
            best: self.best.max(length),
            last: Some(stream.clone()),
            in_week: if same_week && goes_on { self.in_week.saturating_add(1) } else { 1 },
            at: Some(slot),
        })
    }

    /// How long it is for whoever watches next: 0 when too much has been missed since. `current` is the stream that is
    /// on, which can still be watched.
    #[must_use]
    pub fn standing(&self, counted: &[StreamId], current: Option<&StreamId>, grace: Grace) -> u32 {
        let newest = counted.last().filter(|newest| Some(*newest) != current);
        // Just after the newest that is over: nothing can be missed later than that.
        let next = match (current, newest) {
            (Some(current), _) => current.clone(),
            (None, Some(newest)) => StreamId::begun_at(newest.began().saturating_add(Span::from_ms(1))),
            (None, None) => return self.length,
        };
        if self.last.as_ref() >= Some(&next) || self.goes_on(&next, counted, grace) { self.length } else { 0 }
    }

    fn goes_on(&self, stream: &StreamId, counted: &[StreamId], grace: Grace) -> bool {
        let Some(last) = &self.last else { return false };
        match grace {
            Grace::Missed(limit) => {
                let missed = counted.iter().filter(|id| last < *id && *id < stream).count();
                missed <= usize::try_from(limit).unwrap_or(usize::MAX)
            }
            Grace::EachWeek(min) => {
                let (from, to) = (week(last), week(stream));
                if from == to {
                    return true;
                }
                let held = |number: i64| counted.iter().filter(|id| week(id) == number).count();
                let min = usize::try_from(min).unwrap_or(usize::MAX);
                // The week of the last one needs its share, and no week between may have had any stream.
                let watched = usize::try_from(self.in_week).unwrap_or(usize::MAX);
                watched >= min.min(held(from)) && (min == 0 || (from + 1..to).all(|number| held(number) == 0))
            }
        }
    }
}

/// What watching brings a viewer beside the points of the tick.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Earned {
    /// Their streak from now on.
    pub streak: Streak,
    /// What it brings: the stream, the length it made, and the points.
    pub rewards: Vec<(StreamId, u32, Points)>,
}

impl Earned {
    /// All points together.
    #[must_use]
    pub fn points(&self) -> Points {
        self.rewards
            .iter()
            .fold(Points::ZERO, |sum, (_, _, points)| sum.checked_add(*points).unwrap_or(Points::MAX))
    }
}

/// What the tick at `slot`, which brings the time watched in `stream` to `seconds`, does to the streak of `account`. The
/// stream before may have become long enough to count only after this viewer had left, so it is looked at as well.
#[must_use]
pub fn earned(
    settings: &StreakSettings,
    account: &Account,
    counted: &[StreamId],
    stream: &StreamId,
    seconds: i64,
    slot: Timestamp,
) -> Option<Earned> {
    if !settings.on {
        return None;
    }
    let before = account.open.as_ref().filter(|open| open.stream != *stream);
    let watched = before.map(|open| (&open.stream, open.seconds)).into_iter().chain([(stream, seconds)]);
    let (mut streak, mut lengths) = (account.streak.clone(), Vec::new());
    for (stream, _) in watched.filter(|(_, seconds)| Span::from_ms(seconds * 1000) >= settings.watch) {
        if let Some(longer) = streak.watched(stream, counted, settings.grace, slot) {
            lengths.push((stream.clone(), longer.length));
            streak = longer;
        }
    }
    if lengths.is_empty() {
        return None;
    }
    let reward = |(stream, length)| (stream, length, settings.reward(length));
    let rewards = lengths.into_iter().map(reward).filter(|(_, _, points)| !points.is_zero()).collect();
    Some(Earned { streak, rewards })
}

/// The number of the week in which a stream began, Mondays first, in UTC.
fn week(stream: &StreamId) -> i64 {
    // 1970 began on a Thursday.
    (stream.began().ms() / Span::days(1).ms() + 3) / 7
}

/// `counted` with `stream` at its end, cut to [`MAX_COUNTED`].
#[must_use]
pub fn counted_with(counted: &[StreamId], stream: &StreamId) -> Vec<StreamId> {
    let mut counted = counted.to_vec();
    counted.push(stream.clone());
    let too_many = counted.len().saturating_sub(MAX_COUNTED);
    counted.split_off(too_many)
}

/// Whether `stream` has lasted long enough at `now` to count, and is not counted yet.
#[must_use]
pub fn begins_to_count(counted: &[StreamId], stream: &StreamId, min: Span, now: Timestamp) -> bool {
    !counted.contains(stream) && now.since(stream.began()) >= min
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A stream on a day since Monday, 5 January 1970.
    fn day(day: u32) -> StreamId {
        StreamId::begun_at(
            Timestamp::from_ms(0).saturating_add(Span::days(4 + day)).saturating_add(Span::minutes(18 * 60)),
        )
    }

    fn after(watched: &[u32], held: &[u32], grace: Grace) -> Vec<u32> {
        let counted: Vec<StreamId> = held.iter().copied().map(day).collect();
        let mut streak = Streak::default();
        let mut lengths = Vec::new();
        for stream in watched {
            let known: Vec<StreamId> = counted.iter().filter(|id| **id <= day(*stream)).cloned().collect();
            streak = streak.watched(&day(*stream), &known, grace, day(0).began()).unwrap();
            lengths.push(streak.length);
        }
        lengths
    }

    #[test]
    fn streams_in_a_row_make_a_streak() {
        assert_eq!(after(&[0, 1, 2], &[0, 1, 2], Grace::Missed(0)), [1, 2, 3]);
        assert_eq!(after(&[0, 2, 3], &[0, 1, 2, 3], Grace::Missed(0)), [1, 1, 2]);
        assert_eq!(after(&[0, 2, 3], &[0, 1, 2, 3], Grace::Missed(1)), [1, 2, 3]);
        assert_eq!(after(&[0, 3], &[0, 1, 2, 3], Grace::Missed(1)), [1, 1]);
        assert_eq!(
            after(&[0, 9], &[0, 9], Grace::Missed(0)),
            [1, 2],
            "days without a stream are nobody's miss"
        );
    }

    #[test]
    fn a_share_of_each_week_is_enough() {
        let held = [0, 1, 2, 3, 7, 8, 14];
        assert_eq!(after(&[0, 3, 7, 8, 14], &held, Grace::EachWeek(2)), [1, 2, 3, 4, 5]);
        assert_eq!(after(&[0, 7], &held, Grace::EachWeek(2)), [1, 1], "one of four is too few");
        assert_eq!(after(&[0, 3, 14], &held, Grace::EachWeek(2)), [1, 2, 1], "a whole week missed");
        assert_eq!(after(&[14, 21], &[14, 21], Grace::EachWeek(3)), [1, 2], "all of a week that has fewer");
    }

    #[test]
    fn a_stream_counts_once_and_only_if_it_counts() {
        let counted = [day(0), day(1)];
        let streak = Streak::default().watched(&day(1), &counted, Grace::Missed(0), day(0).began()).unwrap();
        assert_eq!(streak.watched(&day(1), &counted, Grace::Missed(0), day(0).began()), None);
        assert_eq!(streak.watched(&day(0), &counted, Grace::Missed(0), day(0).began()), None, "old news");
        assert_eq!(
            streak.watched(&day(2), &counted, Grace::Missed(0), day(0).began()),
            None,
            "too short to count"
        );
    }

    #[test]
    fn the_best_stays_and_what_was_missed_shows() {
        let grace = Grace::Missed(0);
        let counted = [day(0), day(1), day(2), day(3)];
        let mut streak = Streak::default();
        for n in 0..3 {
            streak = streak.watched(&day(n), &counted[..=n as usize], grace, day(0).began()).unwrap();
        }
        assert_eq!(streak.standing(&counted[..3], None, grace), 3);
        assert_eq!(streak.standing(&counted, Some(&day(3)), grace), 3, "this one can still be watched");
        assert_eq!(streak.standing(&counted, None, grace), 0, "missed");
        let later = [day(0), day(1), day(2), day(3), day(4)];
        let anew = streak.watched(&day(4), &later, grace, day(0).began()).unwrap();
        assert_eq!((anew.length, anew.best), (1, 3));
    }

    #[test]
    fn only_so_many_streams_are_remembered() {
        let mut counted = Vec::new();
        for n in 0..100 {
            counted = counted_with(&counted, &day(n));
        }
        assert_eq!((counted.len(), counted.last()), (MAX_COUNTED, Some(&day(99))));
        assert!(!begins_to_count(&counted, &day(99), Span::ZERO, day(100).began()));
        assert!(begins_to_count(
            &counted,
            &day(100),
            Span::minutes(20),
            day(100).began().saturating_add(Span::minutes(20))
        ));
        assert!(!begins_to_count(&counted, &day(100), Span::minutes(20), day(100).began()));
    }
}
