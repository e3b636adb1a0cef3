//! Numbers, durations and lists as a language writes them.

use fluent_bundle::FluentArgs;
use ownchatbot_domain::Span;

/// Writes the text with an id and its values.
pub(crate) type WriteText<'a> = &'a dyn Fn(&str, &FluentArgs<'_>) -> String;

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

fn numbers<const N: usize>(pairs: [(&'static str, i64); N]) -> FluentArgs<'static> {
    pairs.into_iter().collect()
}

/// A duration in its larger units, rounded down to the smallest unit shown: `2 h 5 min`, `10 min`, `45 s`.
pub(crate) fn about(text: WriteText<'_>, span: Span) -> String {
    let seconds = span.whole_seconds();
    let (hours, minutes) = (seconds / 3600, seconds / 60 % 60);
    match (hours, minutes) {
        (0, 0) => text("about-seconds", &numbers([("seconds", seconds)])),
        (0, _) => text("about-minutes", &numbers([("minutes", minutes)])),
        (_, 0) => text("about-hours", &numbers([("hours", hours)])),
        _ => text("about-hours-minutes", &numbers([("hours", hours), ("minutes", minutes)])),
    }
}

/// A duration after the word "every": `minute`, `10 minutes`, `90 seconds`.
pub(crate) fn every(text: WriteText<'_>, span: Span) -> String {
    let seconds = span.whole_seconds();
    if seconds % 60 == 0 && seconds > 0 {
        text("every-minutes", &numbers([("minutes", seconds / 60)]))
    } else {
        text("every-seconds", &numbers([("seconds", seconds)]))
    }
}

/// A duration in hours and minutes, with seconds below an hour: `10 minutes`, `1 hour 30 minutes`.
pub(crate) fn long(text: WriteText<'_>, span: Span) -> String {
    let seconds = span.whole_seconds();
    let part = |unit: &'static str, number| text(&format!("long-{unit}"), &numbers([(unit, number)]));
    let two = |larger: String, smaller: String| {
        text("long-two", &[("larger", larger), ("smaller", smaller)].into_iter().collect())
    };
    match (seconds / 3600, seconds / 60 % 60, seconds % 60) {
        (0, 0, seconds) => part("seconds", seconds),
        (0, minutes, 0) => part("minutes", minutes),
        (0, minutes, seconds) => two(part("minutes", minutes), part("seconds", seconds)),
        (hours, 0, _) => part("hours", hours),
        (hours, minutes, _) => two(part("hours", hours), part("minutes", minutes)),
    }
}

/// Names as in a sentence: `Ann, Bob and Cleo`, or `Ann, Bob and 3 more`.
pub(crate) fn together(text: WriteText<'_>, names: &[String], more: usize) -> String {
    let separator = text("list-separator", &FluentArgs::new());
    match (names, more) {
        ([one], 0) => one.clone(),
        ([first @ .., last], 0) => {
            let pair = [("names", first.join(&separator)), ("last", last.clone())];
            text("names-and", &pair.into_iter().collect())
        }
        (names, more) => {
            let mut values = FluentArgs::with_capacity(2);
            values.set("names", names.join(&separator));
            values.set("more", i64::try_from(more).unwrap_or(i64::MAX));
            text("names-more", &values)
        }
    }
}
