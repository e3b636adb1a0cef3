//! Usage counts of a reward. Those of all viewers and those of one viewer have the same form.

use ownchatbot_domain::reward::LastUse;
use ownchatbot_domain::{EventId, Usage};

use crate::item::{Damaged, Item};

pub(crate) fn read(item: &Item) -> Result<Usage, Damaged> {
    let last = match (item.get("last_event"), item.get_time("last_at")?) {
        (Some(event), Some(at)) => {
            let event = EventId::parse(event).map_err(|_| item.damaged("last_event"))?;
            Some(LastUse { event, at })
        }
        _ => None,
    };
    Ok(Usage {
        count: item.parse("count")?.unwrap_or_default(),
        stream: item.parse("stream")?,
        in_stream: item.parse("in_stream")?.unwrap_or_default(),
        stream_points: item.get_points("stream_points")?,
        last,
        ended_for: item.get_time("ended_for")?,
        points: item.get_points("points")?,
    })
}
