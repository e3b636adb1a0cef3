//! Watch streaks: streams watched in a row.

use crate::settings::{Grace, StreakSettings};
use crate::{Account, Points, Span, StreamId, Timestamp};

/// The most streams that are kept for counting streaks. A viewer who was away for longer starts a new streak.
pub const MAX_COUNTED: usize = 64;

/// A viewer's streak of watched streams.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Streak {
    /// The number of streams in a row, the last one included.
    pub length: u32,
    /// The greatest length so far.
    pub best: u32,
    /// The last stream that was watched.
    pub last: Option<StreamId>,
    /// The number of streams watched in the week of the last one.
    pub in_week: u32,
    /// The planned time of the tick that counted the last one.
    pub at: Option<Timestamp>,
}

impl Streak {
    /// The streak after `stream` has been watched; `None` when that was counted already or is not one of
    /// `counted`, the streams that count, sorted by time.
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

    /// The current length: 0 when too many streams have been missed since. `current` is the stream that is
    /// live, which can still be watched.
    #[must_use]
    pub fn standing(&self, counted: &[StreamId], current: Option<&StreamId>, grace: Grace) -> u32 {
        let newest = counted.last().filter(|newest| Some(*newest) != current);
        // If no stream is live, the next one begins after the newest that has ended.
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
                let streams_in = |number: i64| counted.iter().filter(|id| week(id) == number).count();
                let min = usize::try_from(min).unwrap_or(usize::MAX);
                // Enough of the week of the last stream must be watched, and no week in between may have had
                // a stream.
                let watched = usize::try_from(self.in_week).unwrap_or(usize::MAX);
                watched >= min.min(streams_in(from))
                    && (min == 0 || (from + 1..to).all(|number| streams_in(number) == 0))
            }
        }
    }
}

/// What a tick changes in the streak of a viewer, and the points for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Earned {
    /// The new streak.
    pub streak: Streak,
    /// The rewards: the stream, the length that it brought the streak to, and the points.
    pub rewards: Vec<(StreamId, u32, Points)>,
}

impl Earned {
    /// The sum of the points, at most [`Points::MAX`].
    #[must_use]
    pub fn points(&self) -> Points {
        self.rewards
            .iter()
            .fold(Points::ZERO, |sum, (_, _, points)| sum.checked_add(*points).unwrap_or(Points::MAX))
    }
}

/// What the tick at `slot` changes in the streak of `account`, where `seconds` is the time watched in
/// `stream` after the tick; `None` when nothing changes. The previous stream may have become long enough to
/// count after the viewer had left, so it is considered as well.
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

/// The number of the week (Monday to Sunday in UTC) in which a stream began.
fn week(stream: &StreamId) -> i64 {
    // 1970 began on a Thursday.
    (stream.began().ms() / Span::days(1).ms() + 3) / 7
}

/// `counted` with `stream` appended, cut to the newest [`MAX_COUNTED`].
#[must_use]
pub fn counted_with(counted: &[StreamId], stream: &StreamId) -> Vec<StreamId> {
    let mut counted = counted.to_vec();
    counted.push(stream.clone());
    let too_many = counted.len().saturating_sub(MAX_COUNTED);
    counted.split_off(too_many)
}

/// Whether `stream` has lasted for at least `min` at `now`, and does not count yet.
#[must_use]
pub fn begins_to_count(counted: &[StreamId], stream: &StreamId, min: Span, now: Timestamp) -> bool {
    !counted.contains(stream) && now.since(stream.began()) >= min
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The stream on the day that is `day` days after Monday, 5 January 1970.
    fn day(day: u32) -> StreamId {
        StreamId::begun_at(
            Timestamp::from_ms(0).saturating_add(Span::days(4 + day)).saturating_add(Span::minutes(18 * 60)),
        )
    }

    fn lengths_after(watched: &[u32], streams: &[u32], grace: Grace) -> Vec<u32> {
        let counted: Vec<StreamId> = streams.iter().copied().map(day).collect();
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
    fn streams_in_a_row_extend_the_streak() {
        assert_eq!(lengths_after(&[0, 1, 2], &[0, 1, 2], Grace::Missed(0)), [1, 2, 3]);
        assert_eq!(lengths_after(&[0, 2, 3], &[0, 1, 2, 3], Grace::Missed(0)), [1, 1, 2]);
        assert_eq!(lengths_after(&[0, 2, 3], &[0, 1, 2, 3], Grace::Missed(1)), [1, 2, 3]);
        assert_eq!(lengths_after(&[0, 3], &[0, 1, 2, 3], Grace::Missed(1)), [1, 1]);
        assert_eq!(
            lengths_after(&[0, 9], &[0, 9], Grace::Missed(0)),
            [1, 2],
            "days without a stream are not missed"
        );
    }

    #[test]
    fn enough_streams_of_each_week_extend_the_streak() {
        let streams = [0, 1, 2, 3, 7, 8, 14];
        assert_eq!(lengths_after(&[0, 3, 7, 8, 14], &streams, Grace::EachWeek(2)), [1, 2, 3, 4, 5]);
        assert_eq!(lengths_after(&[0, 7], &streams, Grace::EachWeek(2)), [1, 1], "one of four is too few");
        assert_eq!(
            lengths_after(&[0, 3, 14], &streams, Grace::EachWeek(2)),
            [1, 2, 1],
            "a whole week missed"
        );
        assert_eq!(
            lengths_after(&[14, 21], &[14, 21], Grace::EachWeek(3)),
            [1, 2],
            "all of a week that has fewer"
        );
    }

    #[test]
    fn stream_counts_once_and_only_if_long_enough() {
        let counted = [day(0), day(1)];
        let streak = Streak::default().watched(&day(1), &counted, Grace::Missed(0), day(0).began()).unwrap();
        assert_eq!(streak.watched(&day(1), &counted, Grace::Missed(0), day(0).began()), None);
        assert_eq!(
            streak.watched(&day(0), &counted, Grace::Missed(0), day(0).began()),
            None,
            "an older stream"
        );
        assert_eq!(
            streak.watched(&day(2), &counted, Grace::Missed(0), day(0).began()),
            None,
            "too short to count"
        );
    }

    #[test]
    fn missed_stream_resets_the_length_and_keeps_the_best() {
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
        let restarted = streak.watched(&day(4), &later, grace, day(0).began()).unwrap();
        assert_eq!((restarted.length, restarted.best), (1, 3));
    }

    #[test]
    fn counted_streams_are_cut_to_the_newest() {
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
