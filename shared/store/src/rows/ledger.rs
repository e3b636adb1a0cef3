//! Ledger rows.

use ownchatbot_domain::{Cause, Delta, EventId, LedgerRow, Timestamp, ViewerId};

use crate::item::{Damaged, Item};
use crate::keys::{self, LEDGER};

pub(crate) fn row(viewer: &ViewerId, row: &LedgerRow) -> Item {
    let item =
        Item::new(&keys::ledger(viewer, row.at, &row.event), "ledger").number("delta", row.delta.get());
    match &row.cause {
        Cause::Watching(stream) => item.text("cause", "watching").text("stream", stream),
        Cause::Redeem(reward) => item.text("cause", "redeem").text("reward", reward),
        Cause::Vote(reward) => item.text("cause", "vote").text("reward", reward),
        Cause::Contribution(reward) => item.text("cause", "contribution").text("reward", reward),
        Cause::Refund(reward) => item.text("cause", "refund").text("reward", reward),
        Cause::Donation => item.text("cause", "donation"),
        Cause::Gift(from) => {
            item.text("cause", "gift").maybe(from.as_ref(), |item, from| item.text("from", from))
        }
        Cause::Streak(length) => item.text("cause", "streak").number("length", length),
        Cause::Correction { by, reason } => item
            .text("cause", "correction")
            .text("by", by)
            .maybe(reason.as_ref(), |item, reason| item.text("reason", reason)),
    }
}

pub(crate) fn read(item: &Item) -> Result<LedgerRow, Damaged> {
    let (at, event) = item
        .sk()
        .strip_prefix(LEDGER)
        .and_then(|rest| rest.split_once('#'))
        .ok_or_else(|| item.damaged("sk"))?;
    let cause = match item.get("cause").unwrap_or_default() {
        "watching" => Cause::Watching(item.need("stream")?),
        "redeem" => Cause::Redeem(item.need("reward")?),
        "vote" => Cause::Vote(item.need("reward")?),
        "contribution" => Cause::Contribution(item.need("reward")?),
        "refund" => Cause::Refund(item.need("reward")?),
        "donation" => Cause::Donation,
        "gift" => Cause::Gift(item.parse("from")?),
        "streak" => Cause::Streak(item.need("length")?),
        "correction" => {
            Cause::Correction { by: item.need("by")?, reason: item.get("reason").map(str::to_owned) }
        }
        _ => return Err(item.damaged("cause")),
    };
    let delta = Delta::new(item.need("delta")?).ok_or_else(|| item.damaged("delta"))?;
    let at = Timestamp::from_ms(at.parse().map_err(|_| item.damaged("sk"))?);
    let event = EventId::parse(event).map_err(|_| item.damaged("sk"))?;
    Ok(LedgerRow { at, delta, cause, event })
}
