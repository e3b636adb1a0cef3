//! Outbox rows and receipts.

use ownchatbot_domain::{Action, ClientId, Effect, EventId, Reply, Schedule, Span, Task, Timestamp, Timing};

use crate::item::{Damaged, Item};
use crate::keys::{self, PK, SK, TTL};
use crate::{Lane, LaneId, OutboxRow, RowState};

/// How long a whisper may be delivered. Later, Owncast may have given the connection's number to another
/// viewer.
const WHISPER_LIFE: Span = Span::seconds(60);
/// How long a public line may be delivered. Later, it would only confuse.
const LINE_LIFE: Span = Span::minutes(15);

/// The lane that delivers an effect; `None` for alerts, which overlays fetch by their time, and for replies,
/// which are stored with the receipt.
pub(crate) fn lane(effect: &Effect<String>) -> Option<Lane> {
    Some(match effect {
        Effect::Say(_) | Effect::Whisper { .. } | Effect::SignIn { .. } => Lane::Chat,
        Effect::Schedule(_) | Effect::Unschedule(_) => Lane::Schedule,
        Effect::Act { action: Action::Alert(_), .. } | Effect::Show(_) | Effect::Reply(_) => return None,
        Effect::Act { action: Action::Webhook(_), .. } => Lane::Hook,
        Effect::Act { action: Action::Job(_), .. } => Lane::Job,
    })
}

/// The stored word for a state.
pub(crate) fn state(state: RowState) -> &'static str {
    match state {
        RowState::Pending => "pending",
        RowState::Done => "done",
        RowState::Parked => "parked",
        RowState::Dropped => "dropped",
    }
}

/// When the receipt of an event seen at `at` expires.
pub(crate) fn receipt_end(event: &EventId, at: Timestamp) -> Timestamp {
    at.saturating_add(Span::days(u32::try_from(event.source().receipt_days()).unwrap_or(30)))
}

/// A new row. The first row of the chat lane is its event's receipt, even without an effect.
pub(crate) fn row(lane: &LaneId, place: u32, effect: Option<&Effect<String>>, at: Timestamp) -> Item {
    let starts_as = if effect.is_some() { RowState::Pending } else { RowState::Done };
    let item = Item::new(&keys::outbox_row(lane, place), "receipt")
        .text("state", state(starts_as))
        .number("v", 1)
        .number("tries", 0)
        .time("created_at", at);
    // Chat rows expire soon anyway, so they get their time to live at once. The others get it when they are
    // done.
    let ends = (lane.lane == Lane::Chat).then(|| receipt_end(&lane.event, at));
    let item = item.maybe(ends, |item, end| item.number(TTL, end.seconds()));
    match effect {
        None => item,
        Some(Effect::Say(line)) => {
            item.text("kind", "say").text("line", line).time("expires_at", at.saturating_add(LINE_LIFE))
        }
        Some(Effect::Whisper { client, line }) => item
            .text("kind", "whisper")
            .text("line", line)
            .number("client", client.0)
            .time("expires_at", at.saturating_add(WHISPER_LIFE)),
        Some(Effect::SignIn { client, viewer, by }) => item
            .text("kind", "sign_in")
            .text("viewer", viewer)
            .number("client", client.0)
            .time("expires_at", *by),
        Some(Effect::Schedule(schedule)) => {
            let item = item.text("kind", "schedule").text("task", &schedule.task);
            match schedule.timing {
                Timing::Every { interval, from, on } => {
                    item.number("interval_ms", interval.ms()).time("from", from).flag("on", on)
                }
                Timing::Once { at } => item.time("at", at),
            }
        }
        Some(Effect::Unschedule(task)) => item.text("kind", "unschedule").text("task", task),
        Some(Effect::Act { action, event, reward, viewer, note }) => {
            let (kind, target) = match action {
                Action::Webhook(url) => ("webhook", url),
                Action::Job(job) => ("job", job),
                Action::Alert(_) => return item,
            };
            item.text("kind", kind)
                .text("target", target)
                .text("cause", event)
                .text("reward", reward)
                .text("viewer", viewer)
                .maybe(note.as_ref(), |item, note| item.text("note", note))
        }
        // Alerts and replies are not outbox rows; see `lane`.
        Some(Effect::Show(_) | Effect::Reply(_)) => item,
    }
}

/// A receipt with the reply that its click's page shows.
pub(crate) fn with_reply(receipt: Item, reply: &Reply<String>) -> Item {
    receipt.text("reply", &reply.line).flag("reply_done", reply.done)
}

/// The reply stored with a receipt, if any.
pub(crate) fn reply(receipt: &Item) -> Option<Reply<String>> {
    let line = receipt.get("reply")?.to_owned();
    Some(Reply { done: receipt.get_flag("reply_done"), line })
}

pub(crate) fn read(item: &Item) -> Result<OutboxRow, Damaged> {
    let (pk, sk) = (item.get(PK).unwrap_or_default(), item.get(SK).unwrap_or_default());
    let (lane, place) = keys::parse_outbox_row(pk, sk).ok_or_else(|| item.damaged(SK))?;
    let state = match item.get("state") {
        Some("pending") => RowState::Pending,
        Some("done") => RowState::Done,
        Some("parked") => RowState::Parked,
        Some("dropped") => RowState::Dropped,
        _ => return Err(item.damaged("state")),
    };
    let act = |action: fn(String) -> Action| -> Result<Effect<String>, Damaged> {
        let cause =
            EventId::parse(item.get("cause").unwrap_or_default()).map_err(|_| item.damaged("cause"))?;
        Ok(Effect::Act {
            action: action(item.need("target")?),
            event: cause,
            reward: item.need("reward")?,
            viewer: item.need("viewer")?,
            note: item.get("note").map(str::to_owned),
        })
    };
    let task = || Task::parse(item.get("task").unwrap_or_default()).map_err(|_| item.damaged("task"));
    let effect = match item.get("kind") {
        Some("say") => Some(Effect::Say(item.need("line")?)),
        Some("whisper") => {
            Some(Effect::Whisper { client: ClientId(item.need("client")?), line: item.need("line")? })
        }
        Some("sign_in") => Some(Effect::SignIn {
            client: ClientId(item.need("client")?),
            viewer: item.need("viewer")?,
            by: item.need_time("expires_at")?,
        }),
        Some("webhook") => Some(act(Action::Webhook)?),
        Some("job") => Some(act(Action::Job)?),
        Some("schedule") => Some(Effect::Schedule(Schedule { task: task()?, timing: timing(item)? })),
        Some("unschedule") => Some(Effect::Unschedule(task()?)),
        Some("receipt") => None,
        _ => return Err(item.damaged("kind")),
    };
    Ok(OutboxRow {
        lane,
        n: place,
        effect,
        state,
        tries: item.parse("tries")?.unwrap_or_default(),
        created_at: item.need_time("created_at")?,
        expires_at: item.get_time("expires_at")?,
    })
}

fn timing(item: &Item) -> Result<Timing, Damaged> {
    match item.get_time("at")? {
        Some(at) => Ok(Timing::Once { at }),
        None => Ok(Timing::Every {
            interval: Span::from_ms(item.need("interval_ms")?),
            from: item.need_time("from")?,
            on: item.get_flag("on"),
        }),
    }
}
