//! Alerts, which overlays fetch by their time.

use ownchatbot_domain::{Action, Alert, Effect, EventId, Span, Timestamp};

use crate::ActiveAlert;
use crate::item::{Damaged, Item};
use crate::keys::{self, TTL};

/// The time to live of an alert. It is shown within a minute or never, so the exact time of its deletion does
/// not matter.
const LIFE: Span = Span::minutes(10);

/// The row of the alert that `effect` raises, the `place`-th alert of its event; `None` for effects of other
/// kinds.
pub(crate) fn row(event: &EventId, place: usize, effect: &Effect<String>, at: Timestamp) -> Option<Item> {
    let special;
    let alert = match effect {
        Effect::Show(alert) => alert,
        Effect::Act { action: Action::Alert(name), reward, viewer, note, .. } => {
            special = Alert::Special {
                name: name.clone(),
                viewer: viewer.clone(),
                reward: reward.clone(),
                note: note.clone(),
            };
            &special
        }
        _ => return None,
    };
    let item =
        Item::new(&keys::alert(at, event, place), "alert").number(TTL, at.saturating_add(LIFE).seconds());
    let note =
        |item: Item, note: &Option<String>| item.maybe(note.as_ref(), |item, note| item.text("note", note));
    Some(match alert {
        Alert::Redeem { viewer, reward, note: text } => {
            note(item.text("alert", "redeem").text("viewer", viewer).text("reward", reward), text)
        }
        Alert::Special { name, viewer, reward, note: text } => note(
            item.text("alert", "special").text("name", name).text("viewer", viewer).text("reward", reward),
            text,
        ),
        Alert::Milestone { reward, at, text } => {
            item.text("alert", "milestone").text("reward", reward).number("points", at).text("note", text)
        }
        Alert::Goal { reward, target } => {
            item.text("alert", "goal").text("reward", reward).number("points", target)
        }
        Alert::Follow { name } => item.text("alert", "follow").text("name", name),
        Alert::Timer { name } => item.text("alert", "timer").text("name", name),
    })
}

pub(crate) fn read(item: &Item) -> Result<ActiveAlert, Damaged> {
    let (at, id) = item.sk().split_once('#').ok_or_else(|| item.damaged("sk"))?;
    let text = |name| item.get(name).unwrap_or_default().to_owned();
    let note = item.get("note").map(str::to_owned);
    let alert = match item.get("alert") {
        Some("redeem") => Alert::Redeem { viewer: text("viewer"), reward: text("reward"), note },
        Some("special") => {
            Alert::Special { name: text("name"), viewer: text("viewer"), reward: text("reward"), note }
        }
        Some("milestone") => {
            Alert::Milestone { reward: text("reward"), at: item.get_points("points")?, text: text("note") }
        }
        Some("goal") => Alert::Goal { reward: text("reward"), target: item.get_points("points")? },
        Some("follow") => Alert::Follow { name: text("name") },
        Some("timer") => Alert::Timer { name: text("name") },
        _ => return Err(item.damaged("alert")),
    };
    let at = Timestamp::from_ms(at.parse().map_err(|_| item.damaged("sk"))?);
    Ok(ActiveAlert { id: id.to_owned(), at, alert })
}
