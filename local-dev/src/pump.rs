//! Passes the table's stream to `dispatch`, as a Lambda event source does in the cloud.
//!
//! The position in each shard is stored in the table, so that a restart continues there, even after a crash.
//! Delivery is at least once: a record may be passed again, which `dispatch` tolerates.

use std::collections::HashMap;
use std::time::Duration;

use aws_lambda_events::event::dynamodb::Event;
use aws_sdk_dynamodbstreams::Client;
use aws_sdk_dynamodbstreams::operation::get_shard_iterator::GetShardIteratorError;
use aws_sdk_dynamodbstreams::types::{AttributeValue, Record, ShardIteratorType};
use ownchatbot_app::ErrorChain;
use ownchatbot_embedded::TABLE;
use serde_json::{Value, json};
use tokio::time::{Instant, sleep};

use crate::clockwork::Bot;

/// The pause while there are no new records.
const IDLE: Duration = Duration::from_millis(40);
/// The pause after a failure.
const RETRY_DELAY: Duration = Duration::from_millis(500);
/// The interval at which new shards are looked for.
const SHARD_SEARCH_INTERVAL: Duration = Duration::from_secs(30);

type Failure = Box<dyn std::error::Error + Send + Sync>;

/// Passes the table's stream to `dispatch`, until the task is cancelled.
pub(crate) async fn run(streams: Client, bot: Bot) {
    let mut pump = Pump { streams, bot, iterators: HashMap::new(), searched: None };
    loop {
        match pump.turn().await {
            Ok(0) => sleep(IDLE).await,
            Ok(_) => {}
            Err(error) => {
                tracing::error!(error = %ErrorChain(&*error), "could not read the table's stream");
                // Iterators expire; new ones start at the stored positions.
                pump.iterators.clear();
                pump.searched = None;
                sleep(RETRY_DELAY).await;
            }
        }
    }
}

struct Pump {
    streams: Client,
    bot: Bot,
    /// The iterator of each shard; `None` for a shard that has ended.
    iterators: HashMap<String, Option<String>>,
    /// When new shards were last looked for; `None` to look for them at once.
    searched: Option<Instant>,
}

impl Pump {
    /// Reads every shard once. Returns the number of records.
    async fn turn(&mut self) -> Result<usize, Failure> {
        if self.searched.is_none_or(|searched| searched.elapsed() >= SHARD_SEARCH_INTERVAL) {
            self.find_shards().await?;
        }
        let mut count = 0;
        for (shard, iterator) in self.iterators.clone() {
            let Some(iterator) = iterator else { continue };
            let page = self.streams.get_records().shard_iterator(iterator).send().await?;
            let records = page.records.unwrap_or_default();
            count += records.len();
            self.hand_over(&shard, &records).await?;
            if page.next_shard_iterator.is_none() {
                self.searched = None;
            }
            self.iterators.insert(shard, page.next_shard_iterator);
        }
        Ok(count)
    }

    /// Finds the new shards of the table's stream, and gets an iterator for each.
    async fn find_shards(&mut self) -> Result<(), Failure> {
        let found = self.streams.list_streams().table_name(TABLE).send().await?;
        let places = self.bot.context.store.stream_positions().await?;
        let streams = found.streams.unwrap_or_default();
        for arn in streams.iter().filter_map(|stream| stream.stream_arn()) {
            let described = self.streams.describe_stream().stream_arn(arn).send().await?;
            let shards = described.stream_description.and_then(|stream| stream.shards).unwrap_or_default();
            for shard in shards.iter().filter_map(|shard| shard.shard_id()) {
                if self.iterators.contains_key(shard) {
                    continue;
                }
                let request = self.streams.get_shard_iterator().stream_arn(arn).shard_id(shard);
                let from = |kind| request.clone().shard_iterator_type(kind);
                let start = match places.get(shard) {
                    Some(place) => {
                        from(ShardIteratorType::AfterSequenceNumber).sequence_number(place).send().await
                    }
                    None => from(ShardIteratorType::TrimHorizon).send().await,
                };
                // Streams keep records for a day. Chat lines that were trimmed have expired, and the other
                // outbox rows are delivered when they are due.
                let trimmed = GetShardIteratorError::is_trimmed_data_access_exception;
                let start = match start {
                    Err(error) if error.as_service_error().is_some_and(trimmed) => {
                        from(ShardIteratorType::TrimHorizon).send().await
                    }
                    other => other,
                }?;
                self.iterators.insert(shard.to_owned(), start.shard_iterator);
            }
        }
        self.searched = Some(Instant::now());
        Ok(())
    }

    /// Passes records to `dispatch` until all are processed, and stores the position.
    async fn hand_over(&self, shard: &str, records: &[Record]) -> Result<(), Failure> {
        let matching: Vec<Value> = records.iter().filter_map(as_lambda_sends).collect();
        if matching.is_empty() {
            // The position is not stored either: that would write another record, and so on without end.
            return Ok(());
        }
        let event: Event = serde_json::from_value(json!({ "Records": matching }))?;
        loop {
            let response = dispatch::handle(&self.bot, &event).await;
            if response.batch_item_failures.is_empty() {
                break;
            }
            sleep(RETRY_DELAY).await;
        }
        let last = records.iter().rev().find_map(|record| record.dynamodb()?.sequence_number());
        if let Some(last) = last {
            self.bot.context.store.save_stream_position(shard, last).await?;
        }
        Ok(())
    }
}

/// A new outbox row as Lambda would pass it; `None` for records that the event source's filter excludes.
fn as_lambda_sends(record: &Record) -> Option<Value> {
    let change = record.dynamodb()?;
    let kind = record.event_name()?.as_str();
    let keys = change.keys()?;
    let key = |name: &str| keys.get(name).and_then(|value| value.as_s().ok());
    let state = change.new_image().and_then(|image| image.get("state")).and_then(|value| value.as_s().ok());
    if kind != "INSERT" || !key("pk")?.starts_with("OUTBOX#") || state.is_some_and(|state| state != "pending")
    {
        return None;
    }
    Some(json!({
        "eventID": record.event_id(),
        "eventName": kind,
        "eventSource": "aws:dynamodb",
        "awsRegion": record.aws_region(),
        "dynamodb": {
            "Keys": keys.iter().filter_map(|(name, value)| Some((name, text(value)?))).collect::<HashMap<_, _>>(),
            "SequenceNumber": change.sequence_number(),
            "SizeBytes": change.size_bytes(),
            "StreamViewType": "NEW_IMAGE",
        },
    }))
}

fn text(value: &AttributeValue) -> Option<Value> {
    value.as_s().ok().map(|text| json!({ "S": text }))
}
