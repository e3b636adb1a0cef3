//! The table's stream feeds `dispatch`: what a Lambda event source does in the cloud.
//!
//! The place in each shard is kept in the table, so that a restart, even after a crash, goes on where it was. A record
//! that comes twice does no harm.

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

/// The pause while there is nothing new.
const IDLE: Duration = Duration::from_millis(40);
/// The pause after something went wrong.
const TROUBLE: Duration = Duration::from_millis(500);
/// How often new shards are looked for.
const LOOK: Duration = Duration::from_secs(30);

type Failure = Box<dyn std::error::Error + Send + Sync>;

/// Hands the table's stream to `dispatch`, for ever.
pub(crate) async fn run(streams: Client, bot: Bot) {
    let mut pump = Pump { streams, bot, iterators: HashMap::new(), looked: None };
    loop {
        match pump.turn().await {
            Ok(0) => sleep(IDLE).await,
            Ok(_) => {}
            Err(error) => {
                tracing::error!(error = %ErrorChain(&*error), "the table's stream cannot be read");
                // Iterators end with time; new ones start at the place that was kept.
                pump.iterators.clear();
                pump.looked = None;
                sleep(TROUBLE).await;
            }
        }
    }
}

struct Pump {
    streams: Client,
    bot: Bot,
    /// Where to read on, for each shard; nothing for one that has ended.
    iterators: HashMap<String, Option<String>>,
    looked: Option<Instant>,
}

impl Pump {
    /// Reads every shard once; returns how many records there were.
    async fn turn(&mut self) -> Result<usize, Failure> {
        if self.looked.is_none_or(|looked| looked.elapsed() >= LOOK) {
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
                self.looked = None;
            }
            self.iterators.insert(shard, page.next_shard_iterator);
        }
        Ok(count)
    }

    /// Finds the shards of the table's stream.
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
                // Streams keep a day. What was trimmed meanwhile is past its use in chat; the rest is due by itself.
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
        self.looked = Some(Instant::now());
        Ok(())
    }

    /// Hands records to `dispatch` until it has taken them all, and keeps the place.
    async fn hand_over(&self, shard: &str, records: &[Record]) -> Result<(), Failure> {
        let wanted: Vec<Value> = records.iter().filter_map(as_lambda_sends).collect();
        if wanted.is_empty() {
            // Not even the place: keeping it would be another record, for ever.
            return Ok(());
        }
        let event: Event = serde_json::from_value(json!({ "Records": wanted }))?;
        loop {
            let answer = dispatch::handle(&self.bot, &event).await;
            if answer.batch_item_failures.is_empty() {
                break;
            }
            sleep(TROUBLE).await;
        }
        let last = records.iter().rev().find_map(|record| record.dynamodb()?.sequence_number());
        if let Some(last) = last {
            self.bot.context.store.save_stream_position(shard, last).await?;
        }
        Ok(())
    }
}

/// A new outbox row as Lambda would hand it over; `None` for what the event source's filter leaves out.
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
