//! The broadcast.

use ownchatbot_domain::StreamState;

use crate::item::{Damaged, Item};

pub(crate) fn read(item: &Item) -> Result<StreamState, Damaged> {
    Ok(StreamState {
        newest: item.parse("newest")?,
        live: item.get_flag("live"),
        began: item.get_time("began")?,
        changed_at: item.get_time("changed_at")?,
        title: item.get("title").unwrap_or_default().to_owned(),
        titled_at: item.get_time("titled_at")?,
    })
}
