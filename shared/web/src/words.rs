//! Numbers and times as people read them. Times are in UTC; a page's script shows them in the visitor's own
//! time zone.

use ownchatbot_domain::Timestamp;
pub use ownchatbot_texts::grouped;

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_their_sign() {
        assert_eq!([1_240, 5, 0, -5].map(signed), ["+1,240", "+5", "0", "−5"]);
    }

    #[test]
    fn times_read_well() {
        let at = Timestamp::from_ms(1_790_000_000_000);
        let moment = Moment::from(at);
        assert_eq!(
            (moment.exact.as_str(), moment.text.as_str()),
            ("2026-09-21T14:13:20Z", "21 Sep, 14:13 UTC")
        );
        assert_eq!(day(at), "21 Sep 2026");
    }
}

#[cfg(test)]
pub(crate) mod testing {
    use ownchatbot_domain::settings::PointsName;
    use ownchatbot_texts::{Language, Texts, Words};

    /// The panel's words in English.
    pub(crate) fn english() -> Words {
        Texts::of(Language::English).panel_words(&PointsName::new("points"))
    }
}
