//! Time as the rules see it: moments and lengths that are handed in, never asked for.

use std::fmt;

/// A moment in UTC, in milliseconds since 1970.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Timestamp(i64);

impl Timestamp {
    /// The moment `ms` milliseconds after 1970, kept within the years 1970 to 9999.
    #[must_use]
    pub fn from_ms(ms: i64) -> Self {
        Self(ms.clamp(0, 253_402_300_799_999))
    }

    /// Milliseconds since 1970.
    #[must_use]
    pub const fn ms(self) -> i64 {
        self.0
    }

    /// Whole seconds since 1970, the unit of DynamoDB's time to live.
    #[must_use]
    pub const fn seconds(self) -> i64 {
        self.0 / 1000
    }

    /// The moment `span` later.
    #[must_use]
    pub fn saturating_add(self, span: Span) -> Self {
        Self::from_ms(self.0.saturating_add(span.ms()))
    }

    /// The moment `span` earlier.
    #[must_use]
    pub fn saturating_sub(self, span: Span) -> Self {
        Self::from_ms(self.0.saturating_sub(span.ms()))
    }

    /// How long after `earlier` this is; nothing when it is before.
    #[must_use]
    pub fn since(self, earlier: Self) -> Span {
        Span::from_ms(self.0.saturating_sub(earlier.0))
    }

    /// The day in UTC, counted from 1970.
    #[must_use]
    pub const fn day(self) -> i64 {
        self.0 / Span::days(1).ms()
    }

    /// The milliseconds in 13 digits, so that text sorts as time does.
    #[must_use]
    pub fn sortable(self) -> String {
        format!("{:013}", self.0.min(9_999_999_999_999))
    }
}

/// A length of time in milliseconds, never negative.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct Span(i64);

/// Why a text is not a length of time.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a length of time is written as 90 (seconds), 30s, 5m, 2h or 1h30m")]
pub struct BadSpan;

impl Span {
    /// No time at all.
    pub const ZERO: Self = Self(0);

    /// `ms` milliseconds; nothing when negative.
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

    /// The length in milliseconds.
    #[must_use]
    pub const fn ms(self) -> i64 {
        self.0
    }

    /// The length in whole seconds, rounded up, so that "again in" never promises too early.
    #[must_use]
    pub const fn whole_seconds(self) -> i64 {
        self.0.saturating_add(999) / 1000
    }

    /// Reads `90` (seconds), `30s`, `5m`, `2h`, `1h30m`.
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
            // Units fall, so that "5m2h" and "5m5m" are typing mistakes rather than times.
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

/// As a clock shows it: `3:12`, or `1:02:03` from an hour up.
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
    fn lengths_read_as_people_write_them() {
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
    fn lengths_show_as_a_clock() {
        assert_eq!(Span::from_ms(192_000).to_string(), "3:12");
        assert_eq!(Span::from_ms(3_723_000).to_string(), "1:02:03");
        assert_eq!(Span::from_ms(1).to_string(), "0:01");
    }

    #[test]
    fn times_sort_as_text() {
        let (early, late) = (Timestamp::from_ms(999), Timestamp::from_ms(1_700_000_000_000));
        assert!(early.sortable() < late.sortable());
        assert_eq!(Timestamp::from_ms(-5), Timestamp::from_ms(0));
    }
}
