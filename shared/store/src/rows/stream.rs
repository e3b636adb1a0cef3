//! The state of the stream, and the records of past streams.

use aws_sdk_dynamodb::types::AttributeValue;
use ownchatbot_domain::{StreamId, StreamRecord, StreamState};

use crate::item::{Damaged, Item, s};
use crate::keys::RECORD;

pub(crate) fn read(item: &Item) -> Result<StreamState, Damaged> {
    let counted = item.get_list("counted").iter();
    let counted = counted.map(|id| id.as_s().ok()?.parse::<StreamId>().ok()).collect::<Option<_>>();
    Ok(StreamState {
        newest: item.parse("newest")?,
        live: item.get_flag("live"),
        began: item.get_time("began")?,
        changed_at: item.get_time("changed_at")?,
        title: item.get("title").unwrap_or_default().to_owned(),
        titled_at: item.get_time("titled_at")?,
        counted: counted.ok_or_else(|| item.damaged("counted"))?,
    })
}

/// The stored form of the streams that count for streaks.
pub(crate) fn counted(streams: &[StreamId]) -> AttributeValue {
    AttributeValue::L(streams.iter().map(s).collect())
}

pub(crate) fn read_record(item: &Item) -> Result<StreamRecord, Damaged> {
    let id = item.sk().strip_prefix(RECORD).and_then(|id| id.parse().ok());
    Ok(StreamRecord {
        id: id.ok_or_else(|| item.damaged("sk"))?,
        began: item.need_time("began")?,
        ended: item.get_time("ended")?,
        title: item.get("title").unwrap_or_default().to_owned(),
        peak: item.parse("peak")?.unwrap_or_default(),
        present: item.parse("present")?.unwrap_or_default(),
        ticks: item.parse("ticks")?.unwrap_or_default(),
        paid: item.get_points("paid")?,
        spent: item.get_points("spent")?,
        redeems: item.parse("redeems")?.unwrap_or_default(),
    })
}
