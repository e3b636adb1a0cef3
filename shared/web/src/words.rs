//! Numbers and times as people read them. Times are in UTC; a page's script shows them in the visitor's own
//! time zone.

use ownchatbot_domain::{Span, Timestamp};

/// A number with its thousands separated: `1,240`.
#[must_use]
pub fn grouped(number: i64) -> String {
    let digits = number.unsigned_abs().to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3 + 1);
    if number < 0 {
        text.push('−');
    }
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A number with its sign: `+10`, `−50`.
#[must_use]
pub fn signed(number: i64) -> String {
    if number > 0 { format!("+{}", grouped(number)) } else { grouped(number) }
}

/// A moment, for the element `<time>`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moment {
    /// For programs, in RFC 3339.
    pub exact: String,
    /// For people, in UTC: `21 Sep, 14:13 UTC`.
    pub text: String,
}

impl From<Timestamp> for Moment {
    fn from(at: Timestamp) -> Self {
        let at = jiff::Timestamp::from_millisecond(at.ms()).unwrap_or_default();
        Self { exact: at.to_string(), text: at.strftime("%-d %b, %H:%M UTC").to_string() }
    }
}

/// A day: `21 Nov 2026`.
#[must_use]
pub fn day(at: Timestamp) -> String {
    let at = jiff::Timestamp::from_millisecond(at.ms()).unwrap_or_default();
    at.strftime("%-d %b %Y").to_string()
}

/// A length in hours and minutes, with seconds below an hour: `10 minutes`, `1 hour 30 minutes`.
#[must_use]
pub fn length(span: Span) -> String {
    let seconds = span.whole_seconds();
    let counted = |number: i64, unit: &str| format!("{number} {unit}{}", if number == 1 { "" } else { "s" });
    match (seconds / 3600, seconds / 60 % 60, seconds % 60) {
        (0, 0, seconds) => counted(seconds, "second"),
        (0, minutes, 0) => counted(minutes, "minute"),
        (0, minutes, seconds) => format!("{} {}", counted(minutes, "minute"), counted(seconds, "second")),
        (hours, 0, _) => counted(hours, "hour"),
        (hours, minutes, _) => format!("{} {}", counted(hours, "hour"), counted(minutes, "minute")),
    }
}

/// A length in few letters, as in "every 10 min": in minutes where they are whole, else in seconds.
#[must_use]
pub fn short(span: Span) -> String {
    let seconds = span.whole_seconds();
    if seconds % 60 == 0 { format!("{} min", seconds / 60) } else { format!("{seconds} s") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_grouped() {
        let shown = [0, 7, 999, 1000, 1_240, 1_000_000, -50, -12_345].map(grouped);
        assert_eq!(shown, ["0", "7", "999", "1,000", "1,240", "1,000,000", "−50", "−12,345"]);
        assert_eq!([5, 0, -5].map(signed), ["+5", "0", "−5"]);
    }

    #[test]
    fn times_and_lengths_read_well() {
        let at = Timestamp::from_ms(1_790_000_000_000);
        let moment = Moment::from(at);
        assert_eq!(
            (moment.exact.as_str(), moment.text.as_str()),
            ("2026-09-21T14:13:20Z", "21 Sep, 14:13 UTC")
        );
        assert_eq!(day(at), "21 Sep 2026");
        let spans = [45, 60, 90, 600, 3600, 5400, 86_400].map(|seconds| length(Span::seconds(seconds)));
        assert_eq!(
            spans,
            [
                "45 seconds",
                "1 minute",
                "1 minute 30 seconds",
                "10 minutes",
                "1 hour",
                "1 hour 30 minutes",
                "24 hours"
            ]
        );
        assert_eq!([600, 90].map(|seconds| short(Span::seconds(seconds))), ["10 min", "90 s"]);
    }
}
