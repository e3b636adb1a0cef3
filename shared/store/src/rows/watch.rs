//! The state of the watchdog.

use crate::Watch;
use crate::item::{Damaged, Item};
use crate::keys;

pub(crate) fn row(watch: &Watch) -> Item {
    Item::new(&keys::watchdog(), "watchdog")
        .maybe(watch.watermark, |item, at| item.time("watermark", at))
        .maybe(watch.away_since, |item, at| item.time("away_since", at))
        .number("failures", watch.failures)
        .maybe(watch.next_try, |item, at| item.time("next_try", at))
        .maybe(watch.reason.as_ref(), |item, reason| item.text("reason", reason))
}

pub(crate) fn read(item: &Item) -> Result<Watch, Damaged> {
    Ok(Watch {
        watermark: item.get_time("watermark")?,
        away_since: item.get_time("away_since")?,
        failures: item.need("failures")?,
        next_try: item.get_time("next_try")?,
        reason: item.get("reason").map(str::to_owned),
    })
}
