//! The running timers: all in one small item, whose version makes the limit on their number hold under
//! concurrent writes.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;
use ownchatbot_domain::timer::{Timer, Timers};
use ownchatbot_domain::{EventId, Timestamp};

use crate::item::{Damaged, Item, n, s};

pub(crate) fn running(timers: &[Timer]) -> AttributeValue {
    let timer = |timer: &Timer| {
        AttributeValue::M(HashMap::from([
            ("id".to_owned(), s(&timer.id)),
            ("name".to_owned(), s(&timer.name)),
            ("set_at".to_owned(), n(timer.set_at.ms())),
            ("ends".to_owned(), n(timer.ends.ms())),
        ]))
    };
    AttributeValue::L(timers.iter().map(timer).collect())
}

pub(crate) fn read(item: &Item) -> Result<Timers, Damaged> {
    let timer = |value: &AttributeValue| {
        let map = value.as_m().ok()?;
        let time = |name| map.get(name)?.as_n().ok()?.parse().ok().map(Timestamp::from_ms);
        Some(Timer {
            id: EventId::parse(map.get("id")?.as_s().ok()?).ok()?,
            name: map.get("name")?.as_s().ok()?.clone(),
            set_at: time("set_at")?,
            ends: time("ends")?,
        })
    };
    let running: Option<Vec<Timer>> = item.get_list("running").iter().map(timer).collect();
    Ok(Timers { version: item.need("v")?, running: running.ok_or_else(|| item.damaged("running"))? })
}
