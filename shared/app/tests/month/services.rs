//! The services around the bot: a scheduler that sometimes fails, and the table's stream.

use std::sync::Mutex;
use std::sync::atomic::{AtomicU32, Ordering};

use aws_sdk_dynamodbstreams::Client;
use aws_sdk_dynamodbstreams::types::{Record, ShardIteratorType};
use fastrand::Rng;
use ownchatbot_app::ports::{ScheduleError, Schedules};
use ownchatbot_domain::{Schedule, Task};
use ownchatbot_schedules::Local;
use ownchatbot_store::LaneId;
use ownchatbot_store::keys::{PK, SK, parse_outbox_row};
use ownchatbot_testkit::clock::ManualClock;
use ownchatbot_testkit::table::TestTable;

/// The local scheduler, which sometimes cannot be reached.
pub(crate) struct Scheduler {
    pub(crate) local: Local<ManualClock>,
    rng: Mutex<Rng>,
    percent: AtomicU32,
    pub(crate) failures: AtomicU32,
}

impl Scheduler {
    pub(crate) fn new(clock: ManualClock, seed: u64) -> Self {
        let (local, rng) = (Local::open(None, clock).unwrap(), Mutex::new(Rng::with_seed(seed)));
        Self { local, rng, percent: AtomicU32::new(0), failures: AtomicU32::new(0) }
    }

    /// Sets how many of a hundred requests fail from now on.
    pub(crate) fn fails(&self, percent: u32) {
        self.percent.store(percent, Ordering::Relaxed);
    }

    fn reached(&self) -> Result<(), ScheduleError> {
        if self.rng.lock().unwrap().u32(0..100) >= self.percent.load(Ordering::Relaxed) {
            return Ok(());
        }
        self.failures.fetch_add(1, Ordering::Relaxed);
        Err(ScheduleError::Unreachable("too many requests".to_owned()))
    }
}

impl Schedules for Scheduler {
    async fn put(&self, schedule: &Schedule) -> Result<(), ScheduleError> {
        self.reached()?;
        self.local.put(schedule).await
    }

    async fn delete(&self, task: &Task) -> Result<(), ScheduleError> {
        self.reached()?;
        self.local.delete(task).await
    }

    async fn holds(&self, schedule: &Schedule) -> Result<bool, ScheduleError> {
        self.reached()?;
        self.local.holds(schedule).await
    }
}

/// Reads the table's stream as the event source of a function does.
pub(crate) struct TableStream {
    client: Client,
    iterators: Vec<String>,
}

impl TableStream {
    pub(crate) async fn of(table: &TestTable) -> Self {
        let client = Client::new(&table.sdk_config());
        let found = client.list_streams().table_name(&table.name).send().await.unwrap();
        let mut iterators = Vec::new();
        for stream in found.streams() {
            let arn = stream.stream_arn().unwrap();
            let described = client.describe_stream().stream_arn(arn).send().await.unwrap();
            for shard in described.stream_description().unwrap().shards() {
                let from = client.get_shard_iterator().stream_arn(arn).shard_id(shard.shard_id().unwrap());
                let start = from.shard_iterator_type(ShardIteratorType::TrimHorizon).send().await.unwrap();
                iterators.push(start.shard_iterator.unwrap());
            }
        }
        Self { client, iterators }
    }

    /// The outbox rows that were written since the last call.
    pub(crate) async fn news(&mut self) -> Vec<(LaneId, u32)> {
        let mut rows = Vec::new();
        for iterator in &mut self.iterators {
            loop {
                let page = self.client.get_records().shard_iterator(iterator.clone()).send().await.unwrap();
                rows.extend(page.records().iter().filter_map(fresh_row));
                let last = page.records().is_empty();
                *iterator = page.next_shard_iterator.unwrap();
                if last {
                    break;
                }
            }
        }
        rows
    }
}

fn fresh_row(record: &Record) -> Option<(LaneId, u32)> {
    let keys = record.dynamodb()?.keys()?;
    let key = |name| keys.get(name).and_then(|value| value.as_s().ok());
    let fresh = record.event_name()?.as_str() == "INSERT";
    parse_outbox_row(key(PK)?, key(SK)?).filter(|_| fresh)
}
