//! The use cases on a table of their own, with a manual clock and injectable faults.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "for tests")]
#![expect(clippy::missing_panics_doc, reason = "for tests: without a table nothing can be tested")]

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use ownchatbot_app::ports::Clock;
use ownchatbot_app::{AppError, Context, Outcome, SigningKey, chat, stream};
use ownchatbot_domain::{
    Cause, Change, Decision, Delta, Effect, EventId, LedgerChange, Person, Redemption, Reward, Source,
    StreamId, Timestamp, ViewerId,
};
use ownchatbot_store::{Commit, OutboxRow, Store};

use crate::builders::{chat_line, event, sample_rewards};
use crate::clock::ManualClock;
use crate::configure::save_reward;
use crate::faults::Faults;
use crate::table::TestTable;

/// The key that the test bot signs with, as text.
pub const SIGNING_KEY: &str = "the-signing-key-of-every-test-0123456789";

/// The parsed [`SIGNING_KEY`].
#[must_use]
pub fn signing_key() -> SigningKey {
    SigningKey::parse(SIGNING_KEY).unwrap()
}

/// The bot's use cases on one table, called directly instead of through a function.
#[derive(Debug)]
pub struct Bot {
    /// The context of one process, with what it caches.
    pub context: Context<ManualClock>,
    /// The clock of every process of this bot.
    pub clock: ManualClock,
    /// The faults that are injected into requests to the table, and the count of those requests.
    pub faults: Faults,
    /// The table that the bot works on.
    pub table: TestTable,
    events: AtomicU32,
}

impl Bot {
    /// A bot with [`sample_rewards`].
    pub async fn new() -> Self {
        Self::with_rewards(&sample_rewards()).await
    }

    /// A bot with these rewards.
    pub async fn with_rewards(rewards: &[Reward]) -> Self {
        let faults = Faults::default();
        Self::on_table(TestTable::with_faults(&faults).await, faults, rewards).await
    }

    /// A bot on `table`, which is reached through `faults`, with these rewards.
    pub async fn on_table(table: TestTable, faults: Faults, rewards: &[Reward]) -> Self {
        let clock = ManualClock::default();
        let mut context = Context::new(table.store.clone(), clock.clone()).signing(signing_key());
        // A slow machine must not decide what a test sees.
        context.deadline = Duration::from_secs(30);
        for reward in rewards {
            assert_eq!(save_reward(&table.store, reward, None).await.unwrap(), Commit::Applied);
        }
        Self { context, clock, faults, table, events: AtomicU32::new(0) }
    }

    /// The store on the table.
    #[must_use]
    pub fn store(&self) -> &Store {
        &self.table.store
    }

    /// The time that the clock shows.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Another process on the same table, with empty caches.
    #[must_use]
    pub fn another_process(&self) -> Context<ManualClock> {
        let mut context = Context::new(self.table.store.clone(), self.clock.clone()).signing(signing_key());
        context.deadline = self.context.deadline;
        context
    }

    /// An event that has not been processed yet.
    #[must_use]
    pub fn fresh_event(&self) -> EventId {
        event(&format!("event-{}", self.events.fetch_add(1, Ordering::Relaxed)))
    }

    /// Processes the chat message `id` in which `person` types `text`.
    ///
    /// # Errors
    /// [`AppError`] when the table cannot be read or written.
    pub async fn hears(&self, id: &str, person: &Person, text: &str) -> Result<Outcome, AppError> {
        chat::on_chat(&self.context, &chat_line(id, person, text, self.clock.now())).await
    }

    /// Processes a chat message in which `person` types `text`. Returns the bot's lines, whispers in
    /// brackets.
    pub async fn answer(&self, person: &Person, text: &str) -> Vec<String> {
        let event = self.fresh_event();
        self.hears(event.id(), person, text).await.expect("the table works");
        self.lines(&event).await
    }

    /// The chat lines in the outbox of `event`, whispers in brackets.
    pub async fn lines(&self, event: &EventId) -> Vec<String> {
        let effects = self.outbox(event).await.into_iter().filter_map(|row| row.effect);
        let lines = effects.filter_map(|effect| match effect {
            Effect::Say(line) => Some(line),
            Effect::Whisper { line, .. } => Some(format!("[{line}]")),
            Effect::Show(_)
            | Effect::Reply(_)
            | Effect::SignIn { .. }
            | Effect::Schedule(_)
            | Effect::Unschedule(_)
            | Effect::Act { .. } => None,
        });
        lines.collect()
    }

    /// The outbox rows of `event`.
    pub async fn outbox(&self, event: &EventId) -> Vec<OutboxRow> {
        self.store().outbox_rows(event).await.expect("the outbox can be read")
    }

    /// The balance of `viewer` in points; 0 for an unknown viewer.
    pub async fn balance(&self, viewer: &ViewerId) -> i64 {
        self.store().load(viewer, None).await.expect("a viewer can be read").account.balance.get()
    }

    /// Registers `person`, if unknown, and sets the balance to exactly `balance` points by a correction.
    pub async fn endow(&self, person: &Person, balance: i64) {
        ownchatbot_app::presence::on_joined(&self.context, person).await.expect("the table works");
        let missing = balance - self.balance(&person.id).await;
        if missing == 0 {
            return;
        }
        let correction = Change::Ledger(LedgerChange::Move {
            viewer: person.id.clone(),
            delta: Delta::new(missing).unwrap(),
            cause: Cause::Correction { by: ViewerId::new("test").unwrap(), reason: None },
        });
        let id = format!("endow-{}", self.events.fetch_add(1, Ordering::Relaxed));
        let decision = Decision::change(correction);
        let event = EventId::new(Source::Click, id).unwrap();
        let commit = self.store().commit(Some(&event), self.clock.now(), &decision).await;
        assert_eq!(commit.unwrap(), Commit::Applied);
    }

    /// Starts the stream now. Returns its id.
    pub async fn goes_live(&self) -> StreamId {
        let now = self.clock.now();
        let outcome = stream::on_started(&self.context, &self.fresh_event(), now, "A stream").await;
        assert_eq!(outcome.unwrap(), Outcome::Done);
        StreamId::begun_at(now)
    }

    /// Ends the stream now.
    pub async fn goes_offline(&self) {
        let outcome = stream::on_stopped(&self.context, &self.fresh_event(), self.clock.now()).await;
        assert_eq!(outcome.unwrap(), Outcome::Done);
    }

    /// The redemptions that wait in the queue.
    pub async fn queue(&self) -> Vec<Redemption> {
        self.store().waiting(1000).await.expect("the queue can be read")
    }

    /// Checks the invariants on the whole table (see [`Store::verify_totals`]). Returns the sum of all
    /// balances in points.
    #[track_caller]
    pub fn verify_totals(&self) -> impl Future<Output = i64> + '_ {
        let caller = std::panic::Location::caller();
        async move {
            let totals = self.store().verify_totals().await.expect("the totals can be read");
            assert!(totals.violations.is_empty(), "{caller}: {:#?}", totals.violations);
            totals.points
        }
    }
}
