//! The function with an embedded table and a simulated Owncast.

use ownchatbot_app::RunError;
use ownchatbot_app::ports::Clock;
use ownchatbot_app::tick::TickReport;
use ownchatbot_app::{Context, Outcome, stream};
use ownchatbot_boot::{BotDeps, SlotEvent};
use ownchatbot_domain::{EventId, Person, Source, ViewerId};
use ownchatbot_owncast::{AccessToken, BaseUrl, OwncastClient};
use ownchatbot_simulator::{Options, Simulator};
use ownchatbot_store::LoadedViewer;
use ownchatbot_testkit::clock::ManualClock;
use ownchatbot_testkit::faults::Faults;
use ownchatbot_testkit::scripted::ScriptedOwncast;
use ownchatbot_testkit::table::TestTable;
use points_tick::handle;
use serde_json::json;

/// The function with its table, its clock and Owncast.
pub(crate) struct TickTest {
    pub(crate) table: TestTable,
    pub(crate) faults: Faults,
    pub(crate) clock: ManualClock,
    pub(crate) owncast: Simulator,
    pub(crate) deps: BotDeps<ManualClock, OwncastClient>,
}

impl TickTest {
    /// With the stream offline.
    pub(crate) async fn offline() -> Self {
        let (faults, clock) = (Faults::default(), ManualClock::default());
        let table = TestTable::with_faults(&faults).await;
        let time = clock.clone();
        let owncast = Simulator::start(Options::with_time(move || time.now().ms())).await.unwrap();
        let deps = BotDeps {
            context: Context::new(table.store.clone(), clock.clone()),
            owncast: client(owncast.url(), "test-token"),
            schedules: (),
        };
        Self { table, faults, clock, owncast, deps }
    }

    /// With the stream live.
    pub(crate) async fn live() -> Self {
        let test = Self::offline().await;
        test.go_live().await;
        test
    }

    /// Starts a stream now.
    pub(crate) async fn go_live(&self) {
        let at = self.clock.now();
        let event = EventId::new(Source::Owncast, format!("started-{}", at.sortable())).unwrap();
        let began = stream::on_started(&self.deps.context, &event, at, "A title").await.unwrap();
        assert_eq!(began, Outcome::Done);
    }

    pub(crate) async fn go_offline(&self) {
        let at = self.clock.now();
        let event = EventId::new(Source::Owncast, format!("stopped-{}", at.sortable())).unwrap();
        assert_eq!(stream::on_stopped(&self.deps.context, &event, at).await.unwrap(), Outcome::Done);
    }

    /// Runs the tick planned at `slot`, such as `18:10`, and returns how many it paid.
    pub(crate) async fn tick(&self, slot: &str) -> TickReport {
        self.try_tick(slot).await.unwrap()
    }

    pub(crate) async fn try_tick(&self, slot: &str) -> Result<TickReport, RunError> {
        handle(&self.deps, event(slot)).await
    }

    pub(crate) async fn viewer(&self, id: &str) -> LoadedViewer {
        self.table.store.load(&ViewerId::new(id).unwrap(), None).await.unwrap()
    }

    pub(crate) async fn balance(&self, id: &str) -> i64 {
        self.viewer(id).await.account.balance.get()
    }

    /// Fails unless every balance is the sum of its ledger; returns all points and all viewers.
    pub(crate) async fn verify_totals(&self) -> (i64, usize) {
        let totals = self.table.store.verify_totals().await.unwrap();
        assert_eq!(totals.violations, Vec::<String>::new());
        (totals.points, totals.viewers)
    }
}

pub(crate) fn client(url: &str, token: &str) -> OwncastClient {
    OwncastClient::new(BaseUrl::parse(url).unwrap(), AccessToken::parse(token).unwrap()).unwrap()
}

/// The event that the schedule sends for the run planned at `slot`.
pub(crate) fn event(slot: &str) -> SlotEvent {
    let event = json!({ "slot": format!("2026-09-10T{slot}:00Z") });
    serde_json::from_str(&event.to_string()).unwrap()
}

pub(crate) fn report(live: bool, present: usize, paid: usize) -> TickReport {
    TickReport { live, present, paid }
}

/// The function with an Owncast whose chat has exactly the connections of `clients`.
pub(crate) fn watched_by(test: &TickTest, clients: &[Person]) -> BotDeps<ManualClock, ScriptedOwncast> {
    let owncast = ScriptedOwncast::default();
    owncast.watched_by(clients);
    BotDeps { context: Context::new(test.table.store.clone(), test.clock.clone()), owncast, schedules: () }
}
