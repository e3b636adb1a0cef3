#![doc = include_str!("../README.md")]

use std::collections::BTreeMap;

use aws_lambda_events::event::dynamodb::{Event, EventRecord};
use aws_lambda_events::event::streams::{DynamoDbBatchItemFailure, DynamoDbEventResponse};
use ownchatbot_app::deliver::{self, DeliveryTargets};
use ownchatbot_app::ports::{Clock, Owncast, Schedules};
use ownchatbot_boot::BotDeps;
use ownchatbot_store::LaneId;
use ownchatbot_store::keys::{PK, SK, parse_outbox_row};

/// Delivers the outbox rows that the records of the table's stream report as new. Delivery is at least once:
/// the response names, for each lane that failed, the first record from which Lambda must send again.
pub async fn handle<C: Clock, O: Owncast, H: Schedules>(
    deps: &BotDeps<C, O, H>,
    event: &Event,
) -> DynamoDbEventResponse {
    let mut sequences: BTreeMap<LaneId, String> = BTreeMap::new();
    let mut rows = Vec::new();
    for record in &event.records {
        let Some((lane, n)) = fresh_row(record) else { continue };
        // The first record of a lane: Lambda starts again at the earliest one that failed.
        let sequence = record.change.sequence_number.clone().unwrap_or_default();
        sequences.entry(lane.clone()).or_insert(sequence);
        rows.push((lane, n));
    }
    let count = rows.len();
    let targets = DeliveryTargets { owncast: &deps.owncast, schedules: &deps.schedules };
    let (done, failed) = deliver::on_rows(&deps.context, targets, rows).await;
    if count > 0 {
        tracing::info!(rows = count, ?done, failed = failed.len(), "delivered");
    }
    let mut response = DynamoDbEventResponse::default();
    response.batch_item_failures =
        failed.iter().filter_map(|lane| sequences.get(lane).map(String::as_str)).map(failure).collect();
    response
}

/// The failure of the record with the sequence number `sequence`.
fn failure(sequence: &str) -> DynamoDbBatchItemFailure {
    let mut failure = DynamoDbBatchItemFailure::default();
    failure.item_identifier = Some(sequence.to_owned());
    failure
}

/// The outbox row that `record` reports as written; `None` for every other item and change.
fn fresh_row(record: &EventRecord) -> Option<(LaneId, u32)> {
    if record.event_name != "INSERT" {
        return None;
    }
    let part = |name| match record.change.keys.get(name) {
        Some(serde_dynamo::AttributeValue::S(text)) => Some(text.as_str()),
        _ => None,
    };
    parse_outbox_row(part(PK)?, part(SK)?)
}
