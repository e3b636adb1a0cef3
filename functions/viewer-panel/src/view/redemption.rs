//! Redemptions as rows of a list, and how the page's forms name them.

use ownchatbot_domain::{Redemption, RedemptionKey, Status, Timestamp};
use ownchatbot_web::form::Button;
use ownchatbot_web::words::Moment;

use super::{Personal, Rich};
use crate::path;
use crate::public::Public;

/// A redemption in the queue, in the history, or among what the visitor waits for. All three are drawn by the
/// macro in `viewer/parts/redemption.html`.
#[derive(Debug)]
pub(crate) struct RedemptionRow {
    /// The place in the queue, from 1; `None` once it has left the queue.
    pub(crate) place: Option<usize>,
    /// The reward's name at the time.
    pub(crate) reward: String,
    /// What the viewer wrote, unless it is hidden.
    pub(crate) note: Option<Rich>,
    /// Who redeemed it; `None` among the visitor's own.
    pub(crate) redeemer: Option<Redeemer>,
    /// How it ended; `None` while it waits.
    pub(crate) outcome: Option<String>,
    /// When it was redeemed; `None` among the visitor's own.
    pub(crate) at: Option<Moment>,
    /// Its id for the page's script, which asks what became of it; only among the visitor's own.
    pub(crate) id: Option<String>,
    /// The form that takes it back; only among the visitor's own.
    pub(crate) take_back: Option<Button>,
}

/// Who redeemed something.
#[derive(Debug)]
pub(crate) enum Redeemer {
    /// The viewer who looks at the page, who is called "you".
    Visitor(String),
    /// Another viewer, by their name at the time.
    Other(String),
}

impl RedemptionRow {
    /// A row of a public list, without a place and an outcome.
    fn public(redemption: &Redemption, personal: Option<&Personal>, public: &Public) -> Self {
        let own = personal.is_some_and(|personal| personal.visitor.person.id == redemption.viewer);
        let note = redemption.note.as_ref().filter(|_| !redemption.note_hidden);
        Self {
            place: None,
            reward: redemption.reward_name.clone(),
            note: note.map(|note| Rich::new(note, &public.emojis)),
            redeemer: Some(if own {
                Redeemer::Visitor(public.words.get("row-you"))
            } else {
                Redeemer::Other(redemption.viewer_name.clone())
            }),
            outcome: None,
            at: Some(redemption.at.into()),
            id: None,
            take_back: None,
        }
    }

    /// The rows of the queue.
    pub(crate) fn queue(public: &Public, personal: Option<&Personal>) -> Vec<Self> {
        let waiting = public.snapshot.waiting.iter().zip(1..);
        let row =
            |(redemption, place)| Self { place: Some(place), ..Self::public(redemption, personal, public) };
        waiting.map(row).collect()
    }

    /// A row of the history.
    pub(crate) fn finished(redemption: &Redemption, personal: Option<&Personal>, public: &Public) -> Self {
        let outcome = match redemption.status {
            Status::Waiting => String::new(),
            Status::Fulfilled => public.words.get("history-done"),
            Status::Refunded => public.words.get("history-refunded"),
        };
        Self { outcome: Some(outcome), ..Self::public(redemption, personal, public) }
    }

    /// The rows of what the visitor waits for, with their hidden notes too.
    pub(crate) fn own(public: &Public, personal: &Personal) -> Vec<Self> {
        let snapshot = &public.snapshot;
        let visitor = &personal.visitor.person.id;
        let own = snapshot.waiting.iter().zip(1..).filter(|(redemption, _)| redemption.viewer == *visitor);
        let row = |(redemption, place): (&Redemption, usize)| {
            let id = redemption_id(&redemption.key());
            let take_back = snapshot.config.settings.panel.take_back.then(|| Button {
                action: path::TAKE_BACK,
                tokens: personal.forms.tokens(&format!("back-{}", redemption.at.ms())),
                field: ("redemption", id.clone()),
                text: public.words.get("own-take-back"),
            });
            Self {
                place: Some(place),
                reward: redemption.reward_name.clone(),
                note: redemption.note.as_ref().map(|note| Rich::new(note, &public.emojis)),
                redeemer: None,
                outcome: None,
                at: None,
                id: Some(id),
                take_back,
            }
        };
        own.map(row).collect()
    }

    /// Whether it stands out as the visitor's own in a public list.
    pub(crate) const fn is_own(&self) -> bool {
        matches!(self.redeemer, Some(Redeemer::Visitor(_)))
    }
}

/// The id by which the page's forms and script name a redemption.
pub(crate) fn redemption_id(key: &RedemptionKey) -> String {
    format!("{}~{}", key.at.ms(), key.event)
}

/// Parses what [`redemption_id`] wrote; `None` for anything else.
pub(crate) fn redemption_key(text: &str) -> Option<RedemptionKey> {
    let (at, event) = text.split_once('~')?;
    let at = at.parse().ok().filter(|ms| (0..=253_402_300_799_999).contains(ms)).map(Timestamp::from_ms)?;
    Some(RedemptionKey { at, event: ownchatbot_domain::EventId::parse(event).ok()? })
}

#[cfg(test)]
mod tests {
    use super::*;
    use ownchatbot_domain::{EventId, Source};

    #[test]
    fn redemption_key_reads_only_what_redemption_id_wrote() {
        let event = EventId::new(Source::Owncast, "a~b:c").unwrap();
        let key = RedemptionKey { at: Timestamp::from_ms(1_790_000_000_000), event };
        assert_eq!(redemption_key(&redemption_id(&key)), Some(key));
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
            assert_eq!(redemption_key(odd), None, "{odd}");
        }
    }
}
