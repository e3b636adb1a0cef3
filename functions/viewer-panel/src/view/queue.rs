//! The queue, and what has left it.

use ownchatbot_domain::{Redemption, RedemptionKey, Status, Timestamp};

use super::{Personal, Rich};
use crate::emoji::Emojis;
use crate::public::Public;
use ownchatbot_web::words::Moment;

/// The queue.
#[derive(Debug)]
pub(crate) struct Queue {
    pub(crate) rows: Vec<Row>,
}

/// A redemption.
#[derive(Debug)]
pub(crate) struct Row {
    /// Its place, from 1; nothing for what has left the queue.
    pub(crate) place: Option<usize>,
    pub(crate) reward: String,
    pub(crate) name: String,
    pub(crate) note: Option<Rich>,
    pub(crate) at: Moment,
    /// Whether it is the visitor's own.
    pub(crate) own: bool,
    /// What became of it.
    pub(crate) ended: &'static str,
}

impl Row {
    pub(crate) fn of(
        redemption: &Redemption,
        place: Option<usize>,
        personal: Option<&Personal>,
        emojis: &Emojis,
    ) -> Self {
        let note = redemption.note.as_ref().filter(|_| !redemption.note_hidden);
        Self {
            place,
            reward: redemption.reward_name.clone(),
            name: redemption.viewer_name.clone(),
            note: note.map(|note| Rich::new(note, emojis)),
            at: redemption.at.into(),
            own: personal.is_some_and(|personal| personal.visitor.person.id == redemption.viewer),
            ended: match redemption.status {
                Status::Waiting => "",
                Status::Fulfilled => "done",
                Status::Refunded => "given back",
            },
        }
    }
}

impl Queue {
    pub(crate) fn of(public: &Public, personal: Option<&Personal>) -> Self {
        let waiting = public.snapshot.waiting.iter().zip(1..);
        let row = |(redemption, place)| Row::of(redemption, Some(place), personal, &public.emojis);
        Self { rows: waiting.map(row).collect() }
    }
}

/// Where a redemption is found, as the forms of the page name it.
pub(crate) fn name_of(key: &RedemptionKey) -> String {
    format!("{}~{}", key.at.ms(), key.event)
}

/// Reads what [`name_of`] wrote; nothing for anything else.
pub(crate) fn named(text: &str) -> Option<RedemptionKey> {
    let (at, event) = text.split_once('~')?;
    let at = at.parse().ok().filter(|ms| (0..=253_402_300_799_999).contains(ms)).map(Timestamp::from_ms)?;
    Some(RedemptionKey { at, event: ownchatbot_domain::EventId::parse(event).ok()? })
}

#[cfg(test)]
mod tests {
    use super::*;
    use ownchatbot_domain::{EventId, Source};

    #[test]
    fn redemptions_are_found_by_their_name() {
        let event = EventId::new(Source::Owncast, "a~b:c").unwrap();
        let key = RedemptionKey { at: Timestamp::from_ms(1_790_000_000_000), event };
        assert_eq!(named(&name_of(&key)), Some(key));
        for odd in [
            "",
            "~",
            "1",
            "1~",
            "x~owncast:a",
            "-1~owncast:a",
            "99999999999999999999~owncast:a",
            "1~nobody:a",
        ] {
            assert_eq!(named(odd), None, "{odd}");
        }
    }
}
