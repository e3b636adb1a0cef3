//! Rows on their way out.

use crate::StoreError;
use aws_sdk_dynamodb::operation::update_item::UpdateItemError;
use aws_sdk_dynamodb::types::{ReturnValue, ReturnValuesOnConditionCheckFailure};
use ownchatbot_domain::{Effect, EventId, Span, Timestamp};

use crate::error::{damaged, sdk};
use crate::expression::{Expression, Write};
use crate::item::{Item, n, s};
use crate::keys::{Key, PK, SK, TTL};
use crate::query::collect;
use crate::{Store, keys, rows};

/// Effects of one event that must keep their order. Lanes do not wait for each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Lane {
    /// Lines of chat.
    Chat,
    /// Signed webhooks.
    Hook,
    /// Jobs that the streamer's own machine fetches.
    Job,
    /// Schedules put and deleted.
    Schedule,
}

impl Lane {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Chat, Self::Hook, Self::Job, Self::Schedule];

    /// Its name, as it is stored.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Chat => "chat",
            Self::Hook => "hook",
            Self::Job => "job",
            Self::Schedule => "schedule",
        }
    }

    /// The lane of this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|lane| lane.name() == name)
    }
}

/// One lane of one event.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct LaneId {
    /// The event.
    pub event: EventId,
    /// The lane.
    pub lane: Lane,
}

/// Where a row stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RowState {
    /// To be delivered.
    Pending,
    /// Delivered.
    Done,
    /// Given up, where the streamer sees it.
    Parked,
    /// Nobody wants it any more.
    Dropped,
}

/// One effect on its way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutboxRow {
    /// Its lane.
    pub lane: LaneId,
    /// Its place in the lane, from 0.
    pub n: u32,
    /// What is to be done; `None` for a row that is only its event's receipt.
    pub effect: Option<Effect>,
    /// Where it stands.
    pub state: RowState,
    /// How often it was taken up.
    pub tries: u32,
    /// When it was committed.
    pub created_at: Timestamp,
    /// After when nobody wants it any more.
    pub expires_at: Option<Timestamp>,
}

/// What taking a row up led to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Lease {
    /// It is ours until the lease ends.
    Ours(Box<OutboxRow>),
    /// Somebody else has it, or it is to wait, until this time.
    Held(Timestamp),
    /// There is nothing to do.
    Settled,
}

/// How a row ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ending {
    /// Delivered.
    Done,
    /// Nobody wants it any more; why it had not been delivered.
    Dropped(String),
    /// Given up; why.
    Parked(String),
}

/// A lane that is to be taken up again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Due {
    /// When.
    pub at: Timestamp,
    /// Which.
    pub lane: LaneId,
}

/// No lane has more rows.
const MAX_IN_LANE: usize = 100;
/// Reasons are cut to this many characters.
const REASON: usize = 300;

impl Store {
    /// Takes up row `n` of `lane` until `until`, unless somebody else has it or it is to wait.
    ///
    /// # Errors
    /// [`StoreError`] when it is not known to be taken.
    pub async fn lease(
        &self,
        lane: &LaneId,
        place: u32,
        now: Timestamp,
        until: Timestamp,
    ) -> Result<Lease, StoreError> {
        let doing = "claiming an outbox row";
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
            Ok(answer) => {
                let item = Item(answer.attributes.unwrap_or_default());
                return rows::outbox::read(&item)
                    .map(|row| Lease::Ours(Box::new(row)))
                    .map_err(damaged(doing));
            }
            Err(error) => error,
        };
        let held = match error.as_service_error() {
            Some(UpdateItemError::ConditionalCheckFailedException(failed)) => failed.item.clone(),
            _ => return Err(sdk(doing, error)),
        };
        let Some(item) = held.map(Item) else { return Ok(Lease::Settled) };
        let row = rows::outbox::read(&item).map_err(damaged(doing))?;
        if row.state != RowState::Pending {
            return Ok(Lease::Settled);
        }
        let free = |name| item.get_time(name).map_err(damaged(doing));
        let until = free("claimed_until")?.max(free("next_at")?).unwrap_or(now);
        Ok(Lease::Held(until))
    }

    /// Ends a row that we hold.
    ///
    /// # Errors
    /// [`StoreError`] when it is not known to be ended.
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
        // What is parked stays until the streamer has seen it.
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
        // Whoever ended it meanwhile ended it.
        self.write_all(&writes, false).await.map(|_| ())
    }

    /// Gives back a row that we hold, to be taken up at `next_at`, and notes that it is due then.
    ///
    /// # Errors
    /// [`StoreError`] when it is not known to be noted.
    pub async fn postpone(&self, row: &OutboxRow, next_at: Timestamp, why: &str) -> Result<(), StoreError> {
        // First the note, then the row: a note too many does no harm, one too few would lose a delivery.
        self.remind(&Due { at: next_at, lane: row.lane.clone() }).await?;
        let later = Expression::new()
            .set("next_at", n(next_at.ms()))
            .set("reason", s(cut(why)))
            .remove("claimed_until")
            .when("state", "=", s(rows::outbox::state(RowState::Pending)));
        self.write_all(&[Write::Update(row_key(row), later)], false).await.map(|_| ())
    }

    /// Notes that a lane is to be looked at again.
    ///
    /// # Errors
    /// [`StoreError`] when it is not known to be noted.
    pub async fn remind(&self, due: &Due) -> Result<(), StoreError> {
        self.write_all(&[Write::put(Item::new(&keys::due(due), "due"))], false).await.map(|_| ())
    }

    /// All rows of a lane, in order.
    ///
    /// # Errors
    /// [`StoreError`] when they cannot be read.
    pub async fn lane(&self, lane: &LaneId) -> Result<Vec<OutboxRow>, StoreError> {
        let doing = "reading a lane of the outbox";
        let items =
            self.query(&keys::outbox(&lane.event), &keys::lane_rows(lane.lane), MAX_IN_LANE, doing).await?;
        items.iter().map(|item| rows::outbox::read(item).map_err(damaged(doing))).collect()
    }

    /// The lanes that are due by `now`, the longest due first, at most `limit`.
    ///
    /// # Errors
    /// [`StoreError`] when they cannot be read.
    pub async fn due(&self, now: Timestamp, limit: usize) -> Result<Vec<Due>, StoreError> {
        let doing = "reading what is due";
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

    /// Forgets that a lane was due.
    ///
    /// # Errors
    /// [`StoreError`] when it is not known to be forgotten.
    pub async fn settle(&self, due: &Due) -> Result<(), StoreError> {
        let doing = "settling what was due";
        let key = keys::due(due).attributes();
        let sent = self.client.delete_item().table_name(&self.table).set_key(Some(key)).send().await;
        sent.map(|_| ()).map_err(|error| sdk(doing, error))
    }
}

impl Store {
    /// Rows of every lane of an event.
    ///
    /// # Errors
    /// [`StoreError`] when they cannot be read.
    pub async fn outbox_of(&self, event: &ownchatbot_domain::EventId) -> Result<Vec<OutboxRow>, StoreError> {
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
    reason.chars().take(REASON).collect()
}
