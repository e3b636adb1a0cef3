//! The functions on an embedded database in memory, called as Lambda calls them.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::mpsc;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::config::Builder;
use aws_sdk_dynamodb::types::AttributeValue;
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::routing::{get, post};
use lambda_http::request::LambdaRequest;
use lambda_http::{Adapter, Context as LambdaContext, LambdaEvent, Service};
use owncast_hook::{Deps, HookAuth, router};
use ownchatbot_app::ports::Clock;
use ownchatbot_app::{Context, Outcome, on_event, stream};
use ownchatbot_boot::{BotDeps, SlotEvent, SystemClock, clients, log};
use ownchatbot_domain::{Cause, Change, Decision, Delta, EventId, LedgerChange, Source};
use ownchatbot_embedded::{EmbeddedDynamoDb, TABLE, sdk_config};
use ownchatbot_owncast::{
    AccessToken, BaseUrl, OwncastClient, WebhookSecret, read_event, sign, signature, verify,
};
use ownchatbot_store::keys::{PK, SK};
use ownchatbot_store::{Commit, Store, table};
use ownchatbot_testkit::builders::{event, person, points, redeem};
use ownchatbot_testkit::configure::save_reward;
use ownchatbot_web::Token;
use points_tick::handle;
use serde_json::{Value, json};
use tracing_subscriber::EnvFilter;

use crate::Measured;
use crate::record::Recorder;

const TOKEN: &str = "path-token-0123456789";
const SECRET: &str = "horse-battery-staple";
/// The number of viewers that a tick pays.
const CROWD: usize = 1000;
/// Enough points for all redeems of the benchmark.
const FORTUNE: i64 = 1_000_000_000;

/// The database and the fake Owncast that the functions share.
pub(crate) struct BenchSetup {
    endpoint: String,
    owncast: String,
    secret: WebhookSecret,
    pub(crate) client: Client,
    pub(crate) store: Store,
}

/// A read that is not measured. It wakes the database's thread, whose first response after a pause is slower.
pub(crate) async fn wake_database(client: &Client) {
    let key = |text: &str| AttributeValue::S(text.to_owned());
    let read = client.get_item().table_name(TABLE).key(PK, key("NOBODY")).key(SK, key("NOTHING"));
    read.send().await.unwrap();
}

/// Logs as in production and discards the output, because formatting the log is a part of a handler's cost.
pub(crate) fn discard_log() {
    tracing_subscriber::fmt()
        .json()
        .with_env_filter(EnvFilter::new(log::DEFAULT))
        .with_current_span(false)
        .without_time()
        .with_writer(std::io::sink)
        .init();
}

/// Runs `serve` on a thread of its own until the process ends. Returns the first value that it sends, its
/// URL.
fn spawn_server<F: Future<Output = ()>>(
    serve: impl FnOnce(mpsc::Sender<String>) -> F + Send + 'static,
) -> String {
    let (sender, receiver) = mpsc::channel();
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(serve(sender));
    });
    receiver.recv().unwrap()
}

impl BenchSetup {
    pub(crate) async fn start() -> Self {
        let endpoint = spawn_server(async |sender| {
            let database = EmbeddedDynamoDb::in_memory().await.unwrap();
            sender.send(database.endpoint().to_owned()).unwrap();
            std::future::pending::<()>().await;
        });
        let owncast = spawn_server(async |sender| {
            let list = clients_list();
            let router = Router::new().route("/api/integrations/clients", get(move || async { list }));
            let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
            sender.send(format!("http://{}", listener.local_addr().unwrap())).unwrap();
            axum::serve(listener, router).await.unwrap();
        });
        let client = Client::from_conf(config(&endpoint).build());
        // The embedded database keeps all records of a stream and searches them at each write, which would
        // soon dominate the measurement. In the cloud a stream does not slow writes down.
        table::create_for_tests(&client, TABLE, false).await.unwrap();
        let store = Store::new(client.clone(), TABLE);
        let test = Self { endpoint, owncast, secret: WebhookSecret::parse(SECRET).unwrap(), client, store };
        test.fill().await;
        test
    }

    /// Adds a live stream, a reward, and a known viewer with many points.
    async fn fill(&self) {
        save_reward(&self.store, &redeem("hydrate", 50), None).await.unwrap();
        let context = Context::new(self.store.clone(), SystemClock);
        let began =
            stream::on_started(&context, &event("began"), SystemClock.now(), "A title").await.unwrap();
        assert_eq!(began, Outcome::Done);
        let body = chat("hello", "hello");
        on_event(&context, &read_event(&body, SystemClock.now()).unwrap()).await.unwrap();
        let gift = Change::Ledger(LedgerChange::Move {
            viewer: person("Ann").id,
            delta: Delta::credit(points(FORTUNE)),
            cause: Cause::Gift(None),
        });
        let gift = Decision::change(gift);
        let given = EventId::new(Source::Click, "gift").unwrap();
        assert_eq!(self.store.commit(Some(&given), SystemClock.now(), &gift).await.unwrap(), Commit::Applied);
    }

    /// A store on the same table whose requests are recorded.
    pub(crate) fn recorded(&self, recorder: &Recorder) -> Store {
        let config = config(&self.endpoint).interceptor(recorder.clone()).build();
        Store::new(Client::from_conf(config), TABLE)
    }

    /// The URL of the fake Owncast.
    pub(crate) fn owncast(&self) -> &str {
        &self.owncast
    }

    fn hook_over(&self, store: Store) -> Router {
        let auth = HookAuth { token: Token::parse(TOKEN).unwrap(), secret: Some(self.secret.clone()) };
        router(Arc::new(Deps { context: Context::new(store, SystemClock), auth, origin: None }))
    }

    fn tick_over(&self, store: Store) -> BotDeps<SystemClock, OwncastClient> {
        let (url, token) = (BaseUrl::parse(&self.owncast).unwrap(), AccessToken::parse("token").unwrap());
        let owncast = OwncastClient::new(url, token).unwrap();
        BotDeps { context: Context::new(store, SystemClock), owncast, schedules: () }
    }
}

/// The SDK's configuration with the retries and timeouts of the functions.
fn config(endpoint: &str) -> Builder {
    Builder::from(&sdk_config(endpoint)).retry_config(clients::retries()).timeout_config(clients::timeouts())
}

/// A message as Owncast 0.3.0 sends it.
fn chat(id: &str, text: &str) -> Vec<u8> {
    let body = json!({ "type": "CHAT", "eventData": {
        "status": {
            "lastConnectTime": "2026-09-10T18:00:00Z", "lastDisconnectTime": null, "online": true,
            "overallMaxViewerCount": 420, "sessionMaxViewerCount": 69, "streamTitle": "my stream",
            "versionNumber": "0.3.0", "viewerCount": 5,
        },
        "serverURL": "https://live.example",
        "user": user("Ann"),
        "timestamp": "2026-09-10T18:05:00.123456789Z",
        "body": format!("<p>{text}</p>"),
        "rawBody": text,
        "id": id,
        "clientId": 51,
        "visible": true,
    }});
    body.to_string().into_bytes()
}

fn user(name: &str) -> Value {
    json!({
        "id": person(name).id.as_str(), "displayName": name, "displayColor": 4,
        "createdAt": "2026-09-01T18:00:00Z", "previousNames": [name],
        "nameChangedAt": "0001-01-01T00:00:00Z", "isBot": false, "authenticated": false,
    })
}

/// Owncast's response to `GET clients`.
fn clients_list() -> String {
    let list: Vec<Value> = (0..CROWD)
        .map(|n| {
            json!({
                "connectedAt": "2026-09-10T18:00:00Z", "user": user(&format!("Viewer{n}")),
                "geo": { "countryCode": "DE", "regionName": "Berlin", "timeZone": "Europe/Berlin" },
                "userAgent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
                "messageCount": 3,
            })
        })
        .collect();
    Value::from(list).to_string()
}

/// The event that Lambda passes to the hook when Owncast sends a message.
fn invocation(secret: &WebhookSecret, id: &str, text: &str) -> String {
    let body = String::from_utf8(chat(id, text)).unwrap();
    let path = format!("/chatHook/{TOKEN}");
    let (agent, from) = ("Go-http-client/2.0", "203.0.113.7");
    let host = "abc.lambda-url.eu-central-1.on.aws";
    let http = json!({ "method": "POST", "path": path, "protocol": "HTTP/1.1", "sourceIp": from, "userAgent": agent });
    let event = json!({
        "version": "2.0", "routeKey": "$default", "rawPath": path, "rawQueryString": "",
        "headers": {
            "content-type": "application/json", "user-agent": agent, "x-forwarded-for": from, "host": host,
            signature::HEADER: sign(secret, SystemClock.now(), body.as_bytes()),
        },
        "requestContext": {
            "accountId": "anonymous", "apiId": "abc", "domainName": host, "domainPrefix": "abc", "http": http,
            "requestId": "6c2e2c5f-1a3d-4f6a-9a37-2f0b6f2f7f10", "routeKey": "$default", "stage": "$default",
            "time": "10/Sep/2026:18:05:00 +0000", "timeEpoch": 1_789_063_500_000_i64,
        },
        "body": body, "isBase64Encoded": false,
    });
    event.to_string()
}

/// A new message id. All ids have the same length.
pub(crate) fn fresh_id() -> String {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    format!("message-{:012}", NEXT.fetch_add(1, Ordering::Relaxed))
}

/// A slot ten minutes after the previous one.
pub(crate) fn fresh_slot() -> i64 {
    static NEXT: AtomicI64 = AtomicI64::new(0);
    1_789_063_200_000 + NEXT.fetch_add(1, Ordering::Relaxed) * 600_000
}

/// A router that is called as on Lambda: from the event's JSON to the response's.
pub(crate) struct Hook {
    router: Router,
    secret: WebhookSecret,
    text: &'static str,
    /// The database, if the message needs it.
    database: Option<Client>,
}

impl Hook {
    /// The hook, which gets this message.
    pub(crate) fn new(test: &BenchSetup, text: &'static str) -> Self {
        Self { database: None, router: test.hook_over(test.store.clone()), secret: test.secret.clone(), text }
    }

    /// The hook, which gets this command.
    pub(crate) fn command(test: &BenchSetup, text: &'static str) -> Self {
        Self { database: Some(test.client.clone()), ..Self::new(test, text) }
    }

    pub(crate) fn recorded(test: &BenchSetup, text: &'static str, recorder: &Recorder) -> Self {
        let router = test.hook_over(test.recorded(recorder));
        Self { database: None, router, secret: test.secret.clone(), text }
    }

    /// A handler that only checks the signature.
    pub(crate) fn signature_only(test: &BenchSetup, text: &'static str) -> Self {
        async fn check(
            State(secret): State<WebhookSecret>,
            Path(_): Path<String>,
            headers: HeaderMap,
            body: Body,
        ) -> StatusCode {
            let Ok(raw) = to_bytes(body, 256 * 1024).await else { return StatusCode::PAYLOAD_TOO_LARGE };
            let header = headers.get(signature::HEADER).and_then(|value| value.to_str().ok());
            match verify(&secret, header, &raw, SystemClock.now()) {
                Ok(()) => StatusCode::OK,
                Err(_) => StatusCode::UNAUTHORIZED,
            }
        }
        let router = Router::new().route("/chatHook/{token}", post(check)).with_state(test.secret.clone());
        Self { database: None, router, secret: test.secret.clone(), text }
    }

    pub(crate) async fn send(&self, id: &str) {
        self.run(invocation(&self.secret, id, self.text)).await;
    }
}

impl Measured for Hook {
    type Input = String;

    fn prepare(&mut self) -> String {
        invocation(&self.secret, &fresh_id(), self.text)
    }

    async fn wake(&self) {
        if let Some(database) = &self.database {
            wake_database(database).await;
        }
    }

    async fn run(&self, event: String) {
        let request: LambdaRequest = serde_json::from_slice(event.as_bytes()).unwrap();
        let mut adapter = Adapter::from(self.router.clone());
        let response = adapter.call(LambdaEvent::new(request, LambdaContext::default())).await.unwrap();
        let response = serde_json::to_vec(&response).unwrap();
        assert!(response.starts_with(br#"{"statusCode":200,"#), "{}", String::from_utf8_lossy(&response));
    }
}

/// The points tick.
pub(crate) struct Tick {
    deps: BotDeps<SystemClock, OwncastClient>,
    database: Client,
}

impl Tick {
    pub(crate) fn new(test: &BenchSetup) -> Self {
        Self { deps: test.tick_over(test.store.clone()), database: test.client.clone() }
    }

    pub(crate) fn recorded(test: &BenchSetup, recorder: &Recorder) -> Self {
        Self { deps: test.tick_over(test.recorded(recorder)), database: test.client.clone() }
    }
}

impl Measured for Tick {
    type Input = i64;

    fn prepare(&mut self) -> i64 {
        fresh_slot()
    }

    async fn wake(&self) {
        wake_database(&self.database).await;
    }

    async fn run(&self, slot: i64) {
        let slot = jiff::Timestamp::from_millisecond(slot).unwrap();
        let event: SlotEvent =
            serde_json::from_str(&json!({ "slot": slot.to_string() }).to_string()).unwrap();
        let report = handle(&self.deps, event).await.unwrap();
        assert_eq!((report.present, report.paid), (CROWD, CROWD));
    }
}
