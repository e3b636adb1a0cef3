//! The function with an embedded table and a simulated Owncast.

use aws_lambda_events::event::dynamodb::Event;
use dispatch::handle;
use ownchatbot_app::Context;
use ownchatbot_app::deliver::{DeliveryTargets, on_due};
use ownchatbot_app::ports::Clock;
use ownchatbot_boot::BotDeps;
use ownchatbot_domain::{ClientId, Decision, Effect};
use ownchatbot_owncast::{AccessToken, BaseUrl, OwncastClient};
use ownchatbot_schedules::Local;
use ownchatbot_simulator::{Options, Simulator, Version};
use ownchatbot_store::{Commit, Lane, OutboxRow, RowState};
use ownchatbot_testkit::bot::signing_key;
use ownchatbot_testkit::builders::event;
use ownchatbot_testkit::clock::ManualClock;
use ownchatbot_testkit::faults::Faults;
use ownchatbot_testkit::table::TestTable;
use serde_json::{Value, json};

/// The function with its table, its clock and Owncast.
pub(crate) struct DispatchTest {
    pub(crate) table: TestTable,
    pub(crate) faults: Faults,
    pub(crate) clock: ManualClock,
    pub(crate) owncast: Simulator,
    pub(crate) deps: BotDeps<ManualClock, OwncastClient, Local<ManualClock>>,
}

impl DispatchTest {
    pub(crate) async fn new() -> Self {
        Self::with_token("test-token").await
    }

    pub(crate) async fn with_token(token: &str) -> Self {
        Self::beside(token, Version::default()).await
    }

    /// With an Owncast of the version `version`.
    pub(crate) async fn of(version: Version) -> Self {
        Self::beside("test-token", version).await
    }

    async fn beside(token: &str, version: Version) -> Self {
        let (faults, clock) = (Faults::default(), ManualClock::default());
        let table = TestTable::with_stream(&faults).await;
        let time = clock.clone();
        let options = Options { version, ..Options::with_time(move || time.now().ms()) };
        let owncast = Simulator::start(options).await.unwrap();
        let (url, token) = (BaseUrl::parse(owncast.url()).unwrap(), AccessToken::parse(token).unwrap());
        let context = Context::new(table.store.clone(), clock.clone()).signing(signing_key());
        let schedules = Local::open(None, clock.clone()).unwrap();
        let deps = BotDeps { context, owncast: OwncastClient::new(url, token).unwrap(), schedules };
        Self { table, faults, clock, owncast, deps }
    }

    /// Commits `effects` of the event `id`, as a use case does.
    pub(crate) async fn commit(&self, id: &str, effects: &[Effect<String>]) {
        let decision = Decision::effects(effects.to_vec());
        let done = self.table.store.commit(Some(&event(id)), self.clock.now(), &decision).await.unwrap();
        assert_eq!(done, Commit::Applied);
    }

    pub(crate) async fn rows(&self, id: &str) -> Vec<OutboxRow> {
        self.table.store.outbox_rows(&event(id)).await.unwrap()
    }

    pub(crate) async fn states(&self, id: &str) -> Vec<RowState> {
        self.rows(id).await.iter().map(|row| row.state).collect()
    }

    /// Passes `event` to the function, and returns the sequence numbers of the records that failed.
    pub(crate) async fn handle(&self, event: &Value) -> Vec<String> {
        let response = handle(&self.deps, &read(event)).await;
        // As JSON, which is what Lambda reads.
        let response = serde_json::to_value(response).unwrap();
        let failures = response["batchItemFailures"].as_array().unwrap();
        failures.iter().map(|failure| failure["itemIdentifier"].as_str().unwrap().to_owned()).collect()
    }

    /// Passes `records` to the function, and expects that none fails.
    pub(crate) async fn deliver(&self, records: &[Value]) {
        assert_eq!(self.handle(&batch(records)).await, Vec::<String>::new());
    }

    pub(crate) async fn redrive(&self) {
        let targets = DeliveryTargets { owncast: &self.deps.owncast, schedules: &self.deps.schedules };
        on_due(&self.deps.context, targets).await.unwrap();
    }
}

pub(crate) fn read(event: &Value) -> Event {
    serde_json::from_str(&event.to_string()).unwrap()
}

pub(crate) fn say(line: &str) -> Effect<String> {
    Effect::Say(line.to_owned())
}

pub(crate) fn whisper(client: ClientId, line: &str) -> Effect<String> {
    Effect::Whisper { client, line: line.to_owned() }
}

pub(crate) fn batch(records: &[Value]) -> Value {
    json!({ "Records": records })
}

/// The record of row `n` in the chat lane of the event `id`.
pub(crate) fn chat_row(id: &str, n: u32, sequence: u64) -> Value {
    row(id, Lane::Chat, n, sequence)
}

pub(crate) fn row(id: &str, lane: Lane, n: u32, sequence: u64) -> Value {
    record("INSERT", &format!("OUTBOX#owncast:{id}"), &format!("{}#{n:03}", lane.name()), sequence)
}

/// A record of the table's stream, as Lambda sends it.
pub(crate) fn record(name: &str, pk: &str, sk: &str, sequence: u64) -> Value {
    let keys = json!({ "pk": { "S": pk }, "sk": { "S": sk } });
    let mut image = json!({
        "kind": { "S": "say" },
        "state": { "S": "pending" },
        "v": { "N": "1" },
        "created_at": { "N": "1789063500000" },
    });
    image["pk"] = keys["pk"].clone();
    image["sk"] = keys["sk"].clone();
    let mut change = json!({
        "ApproximateCreationDateTime": 1_789_063_500.0,
        "Keys": keys,
        "SequenceNumber": sequence.to_string(),
        "SizeBytes": 200,
        "StreamViewType": "NEW_IMAGE",
    });
    if name != "REMOVE" {
        change["NewImage"] = image;
    }
    json!({
        "eventID": format!("{sequence:032x}"),
        "eventName": name,
        "eventVersion": "1.1",
        "eventSource": "aws:dynamodb",
        "awsRegion": "eu-central-1",
        "dynamodb": change,
        "eventSourceARN": "arn:aws:dynamodb:eu-central-1:123456789012:table/ownchatbot/stream/2026-09-10T00:00:00.000",
    })
}
