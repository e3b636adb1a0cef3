//! Points in time and durations. The rules get the current time as an argument and never read the clock.

use std::fmt;

/// A point in time in UTC, in milliseconds since 1970.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Timestamp(i64);

impl Timestamp {
    /// The time `ms` milliseconds after the beginning of 1970, clamped to the years 1970 to 9999.
    #[must_use]
    pub fn from_ms(ms: i64) -> Self {
        Self(ms.clamp(0, 253_402_300_799_999))
    }

    /// Milliseconds since 1970.
    #[must_use]
    pub const fn ms(self) -> i64 {
        self.0
    }

    /// Whole seconds since 1970, the unit of DynamoDB's time to live (TTL).
    #[must_use]
    pub const fn seconds(self) -> i64 {
        self.0 / 1000
    }

    /// The time `span` later, at most the end of the year 9999.
    #[must_use]
    pub fn saturating_add(self, span: Span) -> Self {
        Self::from_ms(self.0.saturating_add(span.ms()))
    }

    /// The time `span` earlier, at least the beginning of 1970.
    #[must_use]
    pub fn saturating_sub(self, span: Span) -> Self {
        Self::from_ms(self.0.saturating_sub(span.ms()))
    }

    /// The duration since `earlier`; zero when this is before it.
    #[must_use]
    pub fn since(self, earlier: Self) -> Span {
        Span::from_ms(self.0.saturating_sub(earlier.0))
    }

    /// The number of the day in UTC, counted from 1970.
    #[must_use]
    pub const fn day(self) -> i64 {
        self.0 / Span::days(1).ms()
    }

    /// The milliseconds with 13 digits, so that the texts sort in the order of time.
    #[must_use]
    pub fn sortable(self) -> String {
        format!("{:013}", self.0.min(9_999_999_999_999))
    }
}

/// A duration in milliseconds, never negative.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct Span(i64);

/// A text that cannot be parsed as a duration.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a duration is written as 90 (seconds), 30s, 5m, 2h or 1h30m")]
pub struct BadSpan;

impl Span {
    /// The duration of zero.
    pub const ZERO: Self = Self(0);

    /// `ms` milliseconds; zero when negative.
    #[must_use]
    pub fn from_ms(ms: i64) -> Self {
        Self(ms.max(0))
    }

    /// `seconds` seconds.
    #[must_use]
    pub const fn seconds(seconds: u32) -> Self {
        Self(seconds as i64 * 1000)
    }

    /// `minutes` minutes.
    #[must_use]
    pub const fn minutes(minutes: u32) -> Self {
        Self(minutes as i64 * 60_000)
    }

    /// `days` days.
    #[must_use]
    pub const fn days(days: u32) -> Self {
        Self(days as i64 * 86_400_000)
    }

    /// The duration in milliseconds.
    #[must_use]
    pub const fn ms(self) -> i64 {
        self.0
    }

    /// The duration in whole seconds, rounded up, so that "try again in" never gives too short a time.
    #[must_use]
    pub const fn whole_seconds(self) -> i64 {
        self.0.saturating_add(999) / 1000
    }

    /// Parses `90` (seconds), `30s`, `5m`, `2h` or `1h30m`.
    ///
    /// # Errors
    /// [`BadSpan`] for anything else, and for more than 1,000 hours.
    pub fn parse(text: &str) -> Result<Self, BadSpan> {
        let (mut total, mut number, mut seen, mut last) = (0_i64, String::new(), false, i64::MAX);
        for c in text.trim().chars() {
            if c.is_ascii_digit() {
                number.push(c);
                continue;
            }
            let unit = match c.to_ascii_lowercase() {
                'h' => 3600,
                'm' => 60,
                's' => 1,
                _ => return Err(BadSpan),
            };
            // Units must get smaller, so "5m2h" and "5m5m" are rejected as typing mistakes.
            if unit >= last {
                return Err(BadSpan);
            }
            let n: i64 = number.parse().map_err(|_| BadSpan)?;
            total = n.checked_mul(unit).and_then(|n| total.checked_add(n)).ok_or(BadSpan)?;
            (number, seen, last) = (String::new(), true, unit);
        }
        if !number.is_empty() {
            if seen {
                return Err(BadSpan);
            }
            total = number.parse().map_err(|_| BadSpan)?;
            seen = true;
        }
        if !seen || total > 3_600_000 {
            return Err(BadSpan);
        }
        Ok(Self(total * 1000))
    }
}

/// Minutes and seconds, as in `3:12`; from one hour on also hours, as in `1:02:03`.
impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seconds = self.whole_seconds();
        let (h, m, s) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
        if h > 0 { write!(f, "{h}:{m:02}:{s:02}") } else { write!(f, "{m}:{s:02}") }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_parsed() {
        for (text, seconds) in
            [("90", 90), ("30s", 30), ("5m", 300), ("1h30m", 5400), ("2H", 7200), (" 10m ", 600)]
        {
            assert_eq!(Span::parse(text), Ok(Span::from_ms(seconds * 1000)), "{text}");
        }
        for text in ["", "m", "5x", "5m2h", "5m5m", "1h30", "-5", "²", "99999999999999999999", "1001h"] {
            assert_eq!(Span::parse(text), Err(BadSpan), "{text}");
        }
    }

    #[test]
    fn durations_are_formatted_like_a_clock() {
        assert_eq!(Span::from_ms(192_000).to_string(), "3:12");
        assert_eq!(Span::from_ms(3_723_000).to_string(), "1:02:03");
        assert_eq!(Span::from_ms(1).to_string(), "0:01");
    }

    #[test]
    fn sortable_texts_sort_by_time() {
        let (early, late) = (Timestamp::from_ms(999), Timestamp::from_ms(1_700_000_000_000));
        assert!(early.sortable() < late.sortable());
        assert_eq!(Timestamp::from_ms(-5), Timestamp::from_ms(0));
    }
}
