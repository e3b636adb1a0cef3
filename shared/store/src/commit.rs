//! Writes a decision as one transaction. The receipt of its event (an outbox row whose key is the event's id,
//! the idempotency key) comes first, so that an event that arrives again changes nothing. Each file below
//! turns the changes of one topic into conditional writes.

mod access;
mod configuration;
mod ledger;
mod queue;
mod reward;
mod stream;
pub(crate) mod viewer;

use std::collections::{BTreeMap, HashSet};

use aws_sdk_dynamodb::error::SdkError;
use aws_sdk_dynamodb::operation::put_item::PutItemError;
use aws_sdk_dynamodb::operation::update_item::UpdateItemError;
use aws_sdk_dynamodb::operation::update_item::builders::UpdateItemFluentBuilder;
use ownchatbot_domain::{Change, Decision, Effect, EventId, Timestamp};

use crate::error::{TableError, broken, sdk, transaction_result};
use crate::expression::{Expression, Write};
use crate::keys::Key;
use crate::outbox::{Lane, LaneId};
use crate::outcome::Commit;
use crate::rows;
use crate::{Store, StoreError};

const DOING: &str = "writing a decision";

impl Store {
    /// Writes a decision, its effects and the receipt of `event`, all or nothing. Without an event only the
    /// conditions of the changes themselves guard against writing them twice.
    ///
    /// # Errors
    /// [`StoreError`] when it is unknown whether the decision was written. With an event it is safe to try
    /// again.
    pub async fn commit(
        &self,
        event: Option<&EventId>,
        at: Timestamp,
        decision: &Decision<String>,
    ) -> Result<Commit, StoreError> {
        let mut writes = Vec::new();
        match event {
            Some(event) => writes.extend(outbox(event, at, &decision.effects)),
            None if decision.effects.is_empty() => {}
            None => return Err(broken(DOING, TableError::NoEvent)),
        }
        // Changes without an event are the bot's own; their ledger rows name it as the cause.
        let by_bot = EventId::by_bot("welcome", "");
        let cause = event.unwrap_or(&by_bot);
        for change in &decision.changes {
            writes.extend(writes_of(change, cause, at));
        }
        self.write_all(&writes, event.is_some()).await
    }

    /// The request for a conditional update of one item.
    pub(crate) fn update(&self, key: &Key, change: &Expression) -> UpdateItemFluentBuilder {
        self.client
            .update_item()
            .table_name(&self.table)
            .set_key(Some(key.attributes()))
            .update_expression(change.update())
            .set_condition_expression(change.condition())
            .set_expression_attribute_names(change.names())
            .set_expression_attribute_values(change.values())
    }

    /// Writes all of `writes` or none. `receipt` says whether the first one is an event's receipt; only then
    /// can the result be [`Commit::Duplicate`].
    pub(crate) async fn write_all(&self, writes: &[Write], receipt: bool) -> Result<Commit, StoreError> {
        let mut seen = HashSet::new();
        if let Some(twice) = writes.iter().map(Write::key).find(|key| !seen.insert(key.clone())) {
            return Err(broken(DOING, TableError::Twice(format!("{} / {}", twice.pk, twice.sk))));
        }
        match writes {
            [] => Ok(Commit::Applied),
            // A single write needs no transaction, which costs twice the write units.
            [Write::Put(item, condition)] => {
                let sent = self
                    .client
                    .put_item()
                    .table_name(&self.table)
                    .set_item(Some(item.0.clone()))
                    .set_condition_expression(condition.condition())
                    .set_expression_attribute_names(condition.names())
                    .set_expression_attribute_values(condition.values())
                    .send()
                    .await;
                let failed =
                    |error: &PutItemError| matches!(error, PutItemError::ConditionalCheckFailedException(_));
                single(sent, failed, receipt)
            }
            [Write::Update(key, expression)] => {
                let sent = self.update(key, expression).send().await;
                let failed = |error: &UpdateItemError| {
                    matches!(error, UpdateItemError::ConditionalCheckFailedException(_))
                };
                single(sent, failed, receipt)
            }
            several => {
                let items = several.iter().map(|write| write.in_transaction(&self.table, DOING));
                let items = items.collect::<Result<Vec<_>, _>>()?;
                match self.client.transact_write_items().set_transact_items(Some(items)).send().await {
                    Ok(_) => Ok(Commit::Applied),
                    Err(error) => transaction_result(DOING, error, receipt),
                }
            }
        }
    }
}

/// The writes of a change that `event` caused at `at`.
fn writes_of(change: &Change, event: &EventId, at: Timestamp) -> Vec<Write> {
    match change {
        Change::Viewer(change) => viewer::writes(change, event, at),
        Change::Ledger(change) => ledger::writes(change, event, at),
        Change::Reward(change) => reward::writes(change, event, at),
        Change::Queue(change) => queue::writes(change, at),
        Change::Stream(change) => stream::writes(change, at),
        Change::Access(change) => access::writes(change, at),
        Change::Configure(change) => configuration::writes(change, event, at),
    }
}

/// The result of a write of one item, whose condition failed when `failed` says so.
fn single<T, E, R>(
    sent: Result<T, SdkError<E, R>>,
    failed: impl Fn(&E) -> bool,
    receipt: bool,
) -> Result<Commit, StoreError>
where
    E: aws_sdk_dynamodb::error::ProvideErrorMetadata + std::error::Error + Send + Sync + 'static,
    R: std::fmt::Debug + Send + Sync + 'static,
{
    match sent {
        Ok(_) => Ok(Commit::Applied),
        Err(error) if error.as_service_error().is_some_and(failed) => {
            Ok(if receipt { Commit::Duplicate } else { Commit::Stale })
        }
        Err(error) => Err(sdk(DOING, error)),
    }
}

/// The outbox rows and alerts of an event. The first row of the chat lane is the event's receipt and comes
/// first.
pub(crate) fn outbox(event: &EventId, at: Timestamp, effects: &[Effect<String>]) -> Vec<Write> {
    let mut lanes: BTreeMap<Lane, Vec<&Effect<String>>> = BTreeMap::new();
    let (mut alerts, mut reply) = (Vec::new(), None);
    for effect in effects {
        match (rows::outbox::lane(effect), effect) {
            (Some(lane), _) => lanes.entry(lane).or_default().push(effect),
            (None, Effect::Reply(message)) => reply = Some(message),
            (None, _) => alerts.extend(rows::alert::row(event, alerts.len(), effect, at).map(Write::put)),
        }
    }
    let row = |lane, place, effect| {
        let row = rows::outbox::row(&LaneId { event: event.clone(), lane }, place, effect, at);
        let receipt = reply.filter(|_| (lane, place) == (Lane::Chat, 0));
        Write::create(row.maybe(receipt, rows::outbox::with_reply))
    };
    let mut writes = Vec::new();
    if !lanes.contains_key(&Lane::Chat) {
        writes.push(row(Lane::Chat, 0, None));
    }
    // `Lane::Chat` sorts first.
    for (lane, effects) in lanes {
        writes.extend(effects.into_iter().zip(0..).map(|(effect, place)| row(lane, place, Some(effect))));
    }
    writes.extend(alerts);
    writes
}
