//! The outbox: effects that were committed with their decision and are delivered afterwards (at-least-once
//! delivery).
//!
//! A row is leased, carried out and finished. One that fails is postponed with a due entry, and one that
//! fails for good is parked, as a dead letter for the streamer to see.

use aws_sdk_dynamodb::operation::update_item::UpdateItemError;
use aws_sdk_dynamodb::types::{ReturnValue, ReturnValuesOnConditionCheckFailure};
use ownchatbot_domain::{Effect, EventId, Span, Timestamp};

use crate::error::{damaged, sdk};
use crate::expression::{Expression, Write};
use crate::item::{Item, n, s};
use crate::keys::{Key, PK, SK, TTL};
use crate::query::collect;
use crate::{Store, StoreError, keys, rows};

/// A class of effects. The effects of one event keep their order within a lane; lanes do not wait for each
/// other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Lane {
    /// Chat lines and whispers.
    Chat,
    /// Signed webhooks.
    Hook,
    /// Jobs that the agent on the streamer's own machine fetches.
    Job,
    /// Schedules to put and to delete.
    Schedule,
}

impl Lane {
    /// All lanes, in the order of their keys.
    pub const ALL: [Self; 4] = [Self::Chat, Self::Hook, Self::Job, Self::Schedule];

    /// The lane's name, as it is stored in keys.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Chat => "chat",
            Self::Hook => "hook",
            Self::Job => "job",
            Self::Schedule => "schedule",
        }
    }

    /// The lane called `name`; `None` for an unknown name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|lane| lane.name() == name)
    }
}

/// One lane of one event: the unit of ordered delivery.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct LaneId {
    /// The event.
    pub event: EventId,
    /// The lane.
    pub lane: Lane,
}

/// The delivery state of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RowState {
    /// To be delivered.
    Pending,
    /// Delivered.
    Done,
    /// Given up and kept for the streamer to see (a dead letter).
    Parked,
    /// Not delivered, because it had expired or could not be delivered any more.
    Dropped,
}

/// One effect in the outbox.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutboxRow {
    /// The event and lane that it belongs to.
    pub lane: LaneId,
    /// Its place in the lane, counted from 0.
    pub n: u32,
    /// The effect to deliver; `None` for a row that is only its event's receipt.
    pub effect: Option<Effect<String>>,
    /// Its delivery state.
    pub state: RowState,
    /// How often it was leased.
    pub tries: u32,
    /// When it was committed.
    pub created_at: Timestamp,
    /// The moment after which it is dropped instead of delivered; `None` if it never expires.
    pub expires_at: Option<Timestamp>,
}

/// The result of trying to lease a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Lease {
    /// The lease is ours until the time that was asked for.
    Ours(Box<OutboxRow>),
    /// Another worker holds a lease, or the row is postponed, until this time.
    Held(Timestamp),
    /// The row has ended or does not exist.
    Settled,
}

/// How a row ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ending {
    /// Delivered.
    Done,
    /// Not delivered; the reason.
    Dropped(String),
    /// Given up (a dead letter); the reason.
    Parked(String),
}

/// A note that a lane has rows to deliver at some time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Due {
    /// When its delivery is due.
    pub at: Timestamp,
    /// The lane to deliver.
    pub lane: LaneId,
}

/// More rows than one event ever puts into a lane.
const MAX_IN_LANE: usize = 100;
/// The longest reason that is stored, in characters; longer ones are cut.
const MAX_REASON: usize = 300;

impl Store {
    /// Leases the row at `place` of `lane` until `until`, unless another lease holds at `now` or the row is
    /// postponed.
    ///
    /// # Errors
    /// [`StoreError`] when it is unknown whether the row was leased.
    pub async fn lease(
        &self,
        lane: &LaneId,
        place: u32,
        now: Timestamp,
        until: Timestamp,
    ) -> Result<Lease, StoreError> {
        let doing = "leasing an outbox row";
        let key = keys::outbox_row(lane, place);
        let leased = Expression::new()
            .set("claimed_until", n(until.ms()))
            .add("tries", n(1))
            .when("state", "=", s(rows::outbox::state(RowState::Pending)))
            .when_missing_or("claimed_until", "<=", n(now.ms()))
            .when_missing_or("next_at", "<=", n(now.ms()));
        let sent = self
            .update(&key, &leased)
            .return_values(ReturnValue::AllNew)
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
            .send()
            .await;
        let error = match sent {
            Ok(response) => {
                let item = Item(response.attributes.unwrap_or_default());
                return rows::outbox::read(&item)
                    .map(|row| Lease::Ours(Box::new(row)))
                    .map_err(damaged(doing));
            }
            Err(error) => error,
        };
        let old = match error.as_service_error() {
            Some(UpdateItemError::ConditionalCheckFailedException(failed)) => failed.item.clone(),
            _ => return Err(sdk(doing, error)),
        };
        let Some(item) = old.map(Item) else { return Ok(Lease::Settled) };
        let row = rows::outbox::read(&item).map_err(damaged(doing))?;
        if row.state != RowState::Pending {
            return Ok(Lease::Settled);
        }
        let time = |name| item.get_time(name).map_err(damaged(doing));
        let until = time("claimed_until")?.max(time("next_at")?).unwrap_or(now);
        Ok(Lease::Held(until))
    }

    /// Ends a leased row. A reason is stored with it and counted for the health page.
    ///
    /// # Errors
    /// [`StoreError`] when it is unknown whether the row was ended.
    pub async fn finish(&self, row: &OutboxRow, ending: &Ending, now: Timestamp) -> Result<(), StoreError> {
        let (state, why) = match ending {
            Ending::Done => (RowState::Done, None),
            Ending::Dropped(why) => (RowState::Dropped, Some(why)),
            Ending::Parked(why) => (RowState::Parked, Some(why)),
        };
        let ended = Expression::new()
            .set("state", s(rows::outbox::state(state)))
            .set("ended_at", n(now.ms()))
            .remove("claimed_until")
            .remove("next_at")
            .maybe(why, |ended, why| ended.set("reason", s(cut(why))));
        // Parked rows have no time to live: they stay until the streamer has seen them.
        let ends = rows::outbox::receipt_end(&row.lane.event, now).seconds();
        let ended = if state == RowState::Parked { ended.remove(TTL) } else { ended.set(TTL, n(ends)) };
        let ended = ended.when("state", "=", s(rows::outbox::state(RowState::Pending)));
        let mut writes = vec![Write::Update(row_key(row), ended)];
        if let Some(why) = why {
            let counter = match (state, &row.effect) {
                (RowState::Parked, _) => "parked",
                (_, Some(Effect::Whisper { .. } | Effect::SignIn { .. })) => "dropped_whispers",
                _ => "dropped_lines",
            };
            let counted =
                Expression::new().count(counter, n(1)).set("reason", s(cut(why))).set("at", n(now.ms()));
            writes.push(Write::Update(keys::outbox_health(), counted));
        }
        // If another worker has ended the row in the meantime, its ending stands.
        self.write_all(&writes, false).await.map(|_| ())
    }

    /// Ends the lease of a row without ending the row: it cannot be leased before `next_at`, and a due entry
    /// for then is written. `why` is stored as the reason.
    ///
    /// # Errors
    /// [`StoreError`] when it is unknown whether the row was postponed.
    pub async fn postpone(&self, row: &OutboxRow, next_at: Timestamp, why: &str) -> Result<(), StoreError> {
        // The due entry comes before the row: an entry too many is harmless, a missing one would lose the
        // delivery.
        self.mark_due(&Due { at: next_at, lane: row.lane.clone() }).await?;
        let later = Expression::new()
            .set("next_at", n(next_at.ms()))
            .set("reason", s(cut(why)))
            .remove("claimed_until")
            .when("state", "=", s(rows::outbox::state(RowState::Pending)));
        self.write_all(&[Write::Update(row_key(row), later)], false).await.map(|_| ())
    }

    /// Writes the due entry of a lane. Writing the same one twice leaves one.
    ///
    /// # Errors
    /// [`StoreError`] when it is unknown whether the entry was written.
    pub async fn mark_due(&self, due: &Due) -> Result<(), StoreError> {
        self.write_all(&[Write::put(Item::new(&keys::due(due), "due"))], false).await.map(|_| ())
    }

    /// All rows of a lane, in the order of delivery.
    ///
    /// # Errors
    /// [`StoreError`] when the rows cannot be read.
    pub async fn lane(&self, lane: &LaneId) -> Result<Vec<OutboxRow>, StoreError> {
        let doing = "reading a lane of the outbox";
        let items =
            self.query(&keys::outbox(&lane.event), &keys::lane_rows(lane.lane), MAX_IN_LANE, doing).await?;
        items.iter().map(|item| rows::outbox::read(item).map_err(damaged(doing))).collect()
    }

    /// The entries that are due by `now`, the earliest first, at most `limit`.
    ///
    /// # Errors
    /// [`StoreError`] when the entries cannot be read.
    pub async fn due(&self, now: Timestamp, limit: usize) -> Result<Vec<Due>, StoreError> {
        let doing = "reading the due lanes";
        let request = self
            .client
            .query()
            .table_name(&self.table)
            .consistent_read(true)
            .key_condition_expression("#pk = :pk AND #sk < :sk")
            .expression_attribute_names("#pk", PK)
            .expression_attribute_names("#sk", SK)
            .expression_attribute_values(":pk", s(keys::DUE))
            .expression_attribute_values(":sk", s(now.saturating_add(Span::from_ms(1)).sortable()));
        let items = collect(request, limit, doing).await?;
        let read = |item: &Item| keys::parse_due(item.sk()).ok_or_else(|| damaged(doing)(item.damaged(SK)));
        items.iter().map(read).collect()
    }

    /// Deletes a due entry, once its lane was handled.
    ///
    /// # Errors
    /// [`StoreError`] when it is unknown whether the entry was deleted.
    pub async fn clear_due(&self, due: &Due) -> Result<(), StoreError> {
        let doing = "deleting a due entry";
        let key = keys::due(due).attributes();
        let sent = self.client.delete_item().table_name(&self.table).set_key(Some(key)).send().await;
        sent.map(|_| ()).map_err(|error| sdk(doing, error))
    }

    /// The rows of all lanes of an event.
    ///
    /// # Errors
    /// [`StoreError`] when the rows cannot be read.
    pub async fn outbox_rows(&self, event: &EventId) -> Result<Vec<OutboxRow>, StoreError> {
        let mut rows = Vec::new();
        for lane in Lane::ALL {
            rows.extend(self.lane(&LaneId { event: event.clone(), lane }).await?);
        }
        Ok(rows)
    }
}

fn row_key(row: &OutboxRow) -> Key {
    keys::outbox_row(&row.lane, row.n)
}

fn cut(reason: &str) -> String {
    reason.chars().take(MAX_REASON).collect()
}
