//! The two implementations of the port under test, with a view of their runs.

use std::future::Future;
use std::path::PathBuf;
use std::sync::Mutex;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use aws_sdk_scheduler::Client;
use aws_sdk_scheduler::config::{BehaviorVersion, Builder, Credentials, Region};
use ownchatbot_app::ports::{Clock, Schedules};
use ownchatbot_domain::{Span, Task, Timestamp};
use ownchatbot_schedules::{EventBridge, Local, Stack, Targets};
use ownchatbot_testkit::clock::ManualClock;

/// An implementation under test, with its own clock.
pub(crate) trait Backend {
    type Schedules: Schedules;
    fn schedules(&self) -> &Self::Schedules;
    fn now(&self) -> Timestamp;
    /// Lets time pass.
    fn wait_until(&self, moment: Timestamp) -> impl Future<Output = ()>;
    /// The planned times of the runs of `task` so far.
    fn fired(&self, task: &Task) -> impl Future<Output = Vec<Timestamp>>;
}

pub(crate) struct LocalBackend {
    clock: ManualClock,
    local: Local<ManualClock>,
    fired: Mutex<Vec<(Task, Timestamp)>>,
}

impl LocalBackend {
    pub(crate) fn new(path: Option<PathBuf>) -> Self {
        let clock = ManualClock::default();
        let local = Local::open(path, clock.clone()).unwrap();
        Self { clock, local, fired: Mutex::default() }
    }
}

impl Backend for LocalBackend {
    type Schedules = Local<ManualClock>;

    fn schedules(&self) -> &Self::Schedules {
        &self.local
    }

    fn now(&self) -> Timestamp {
        self.clock.now()
    }

    async fn wait_until(&self, moment: Timestamp) {
        while self.clock.now() < moment {
            for run in self.local.due() {
                self.local.finish(&run, true);
                self.fired.lock().unwrap().push((run.task, run.slot));
            }
            self.clock.push(Span::from_ms(500));
        }
    }

    async fn fired(&self, task: &Task) -> Vec<Timestamp> {
        let fired = self.fired.lock().unwrap();
        fired.iter().filter(|(fired, _)| fired == task).map(|(_, slot)| *slot).collect()
    }
}

/// The system's clock, for a scheduler that uses no other.
#[derive(Debug, Clone, Copy)]
pub(crate) struct RealClock;

impl Clock for RealClock {
    #[expect(clippy::disallowed_methods, reason = "the scheduler under test has no other clock")]
    fn now(&self) -> Timestamp {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
        Timestamp::from_ms(i64::try_from(since.as_millis()).unwrap())
    }
}

/// A scheduler with EventBridge's API, and a page that lists the inputs of its runs.
pub(crate) struct EventBridgeBackend {
    event_bridge: EventBridge<RealClock>,
    fired_url: String,
}

impl EventBridgeBackend {
    /// From `SCHEDULER_ENDPOINT`, `…_GROUP`, `…_ROLE_ARN`, `…_DEAD_LETTERS_ARN`, `…_TARGET_ARN`, and
    /// `…_FIRED_URL`, a page with a JSON list of the inputs of all runs so far. Region and credentials are
    /// AWS's usual variables.
    pub(crate) async fn from_environment() -> Option<Self> {
        let endpoint = std::env::var("SCHEDULER_ENDPOINT").ok()?;
        let needed = |name: &str| std::env::var(format!("SCHEDULER_{name}")).expect(name);
        let target = needed("TARGET_ARN");
        let stack = Stack {
            group: needed("GROUP"),
            role_arn: needed("ROLE_ARN"),
            dead_letters_arn: needed("DEAD_LETTERS_ARN"),
            targets: Targets {
                points_tick: target.clone(),
                announcements: target.clone(),
                deadlines: target,
            },
        };
        let config = Builder::new()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::new("eu-central-1"))
            .credentials_provider(Credentials::new("test", "test", None, None, "test"))
            .http_client(aws_smithy_http_client::Builder::new().build_http())
            .endpoint_url(endpoint);
        ownchatbot_testkit::http::install_crypto_provider();
        let event_bridge = EventBridge::new(Client::from_conf(config.build()), stack, RealClock);
        Some(Self { event_bridge, fired_url: needed("FIRED_URL") })
    }
}

impl Backend for EventBridgeBackend {
    type Schedules = EventBridge<RealClock>;

    fn schedules(&self) -> &Self::Schedules {
        &self.event_bridge
    }

    fn now(&self) -> Timestamp {
        RealClock.now()
    }

    async fn wait_until(&self, moment: Timestamp) {
        let left = moment.since(self.now()).ms();
        tokio::time::sleep(Duration::from_millis(u64::try_from(left).unwrap())).await;
    }

    async fn fired(&self, task: &Task) -> Vec<Timestamp> {
        let page = reqwest::get(&self.fired_url).await.unwrap();
        let inputs: Vec<serde_json::Value> = page.json().await.unwrap();
        let task = task.to_string();
        let own = inputs.iter().filter(|input| input["task"] == task.as_str());
        own.map(|input| {
            let slot: jiff::Timestamp = input["slot"].as_str().unwrap().parse().unwrap();
            Timestamp::from_ms(slot.as_millisecond())
        })
        .collect()
    }
}
