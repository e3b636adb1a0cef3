//! Paying for watching.

use std::collections::HashMap;

use crate::{Commit, StoreError};
use aws_sdk_dynamodb::types::BatchStatementRequest;
use ownchatbot_domain::streak::Earned;
use ownchatbot_domain::{
    Account, Cause, Delta, EventId, LedgerRow, Person, Points, StreamId, Timestamp, ViewerId,
};

use crate::commit::viewer::arrive;
use crate::error::{TableError, broken, damaged, passes, sdk};
use crate::expression::{Expression, Write};
use crate::item::{n, s};
use crate::{Store, keys, rows};

/// What one tick pays one viewer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TickPayment {
    /// Whom.
    pub viewer: ViewerId,
    /// For watching which stream.
    pub stream: StreamId,
    /// The tick's planned time.
    pub slot: Timestamp,
    /// How much.
    pub points: Points,
    /// For how many seconds.
    pub seconds: i64,
    /// The tick before may be no later than this; see [`ownchatbot_domain::tick::last_before`].
    pub last_before: Timestamp,
    /// What it does to the viewer's watch streak, if anything.
    pub earned: Option<Earned>,
}

/// What became of a wage.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PaymentOutcome {
    /// Paid.
    Paid,
    /// The account is not as it was read: another run has paid, or the stream's row is not open.
    Refused,
    /// Not known; another try is worth it.
    Busy,
}

/// A wage that the cheap way cannot pay.
#[derive(Debug, Clone)]
pub enum FirstPayment {
    /// For somebody never met, who is welcomed in the same transaction.
    New {
        /// Who.
        person: Person,
        /// What they start with.
        welcome: Points,
    },
    /// A watch streak brings points, which have a row of their own in the ledger.
    Streak {
        /// The account as read.
        account: Account,
    },
    /// The first tick of a stream: the open row of the stream before goes into the ledger.
    FirstOfStream {
        /// The account as read.
        account: Account,
    },
}

const DOING: &str = "paying a tick";

impl Store {
    /// The accounts of at most 100 viewers, in one request. Viewers never met are missing, and those who are being forgotten
    /// have none.
    ///
    /// # Errors
    /// [`StoreError`] when they cannot be read.
    pub async fn accounts(
        &self,
        viewers: &[ViewerId],
    ) -> Result<HashMap<ViewerId, Option<Account>>, StoreError> {
        let found = self.get_all(viewers.iter().map(keys::balance), DOING).await?;
        let read = |viewer: &ViewerId| {
            let item = found.get(&keys::balance(viewer))?;
            let account = rows::erasure::is_balance(item).then(|| rows::viewer::read_balance(item));
            let account = account.transpose().map_err(damaged(DOING));
            Some(account.map(|account| (viewer.clone(), account)))
        };
        viewers.iter().filter_map(read).collect()
    }

    /// Pays at most 25 wages into rows that are open, in one request; each by itself.
    ///
    /// # Errors
    /// [`StoreError`] when nothing is known of any of them.
    pub async fn pay(&self, payments: &[TickPayment]) -> Result<Vec<PaymentOutcome>, StoreError> {
        let statements =
            payments.iter().map(|payment| self.pay_statement(payment)).collect::<Result<Vec<_>, _>>()?;
        let answer = self.client.batch_execute_statement().set_statements(Some(statements)).send().await;
        let answer = answer.map_err(|error| sdk(DOING, error))?;
        let outcomes = answer.responses.unwrap_or_default().into_iter().map(|response| {
            let Some(error) = response.error else { return Ok(PaymentOutcome::Paid) };
            match error.code.as_ref().map_or("", |code| code.as_str()) {
                "ConditionalCheckFailed" => Ok(PaymentOutcome::Refused),
                code if passes(code) => Ok(PaymentOutcome::Busy),
                code => Err(broken(DOING, TableError::Statement(code.to_owned()))),
            }
        });
        outcomes.collect()
    }

    /// Pays a wage that opens a row, in one transaction.
    ///
    /// # Errors
    /// [`StoreError`] when it is not known to be paid.
    pub async fn open(
        &self,
        payment: &TickPayment,
        first_payment: &FirstPayment,
        now: Timestamp,
    ) -> Result<Commit, StoreError> {
        let writes = match first_payment {
            FirstPayment::New { person, welcome } => {
                arrive(person, *welcome, Some(payment), &EventId::by_bot("welcome", ""), now)
            }
            FirstPayment::Streak { account } => {
                let mut writes =
                    vec![Write::Update(keys::balance(&payment.viewer), continued(payment, account))];
                writes.extend(streak_rows(payment, now));
                writes
            }
            FirstPayment::FirstOfStream { account } => {
                let mut writes =
                    vec![Write::Update(keys::balance(&payment.viewer), first_of_stream(payment, account))];
                writes.extend(streak_rows(payment, now));
                if let Some(open) = account.open.as_ref().filter(|open| !open.points.is_zero()) {
                    let row = LedgerRow {
                        at: account.last_tick.unwrap_or(payment.slot),
                        delta: Delta::credit(open.points),
                        cause: Cause::Watching(open.stream.clone()),
                        event: EventId::by_bot("watched", &open.stream),
                    };
                    let row = rows::ledger::row(&payment.viewer, &row).number("seconds", open.seconds);
                    writes.push(Write::create(row));
                }
                writes
            }
        };
        self.write_all(&writes, false).await
    }
}

impl Store {
    /// One update, guarded by the slot and the stream, so that it can be repeated and resumed.
    fn pay_statement(&self, payment: &TickPayment) -> Result<BatchStatementRequest, StoreError> {
        let limit = Points::MAX.saturating_sub(payment.points);
        let streak = payment.earned.as_ref().map(|earned| rows::viewer::streak(&earned.streak));
        let streak = streak.into_iter().flatten();
        let (names, values): (Vec<_>, Vec<_>) = streak.unzip();
        let set: String = names.iter().map(|name| format!("SET {name} = ? ")).collect();
        let statement = format!(
            "UPDATE \"{}\" SET balance = balance + ? SET open_points = open_points + ? \
             SET open_seconds = open_seconds + ? SET watched = watched + ? SET last_tick = ? {set}\
             WHERE pk = ? AND sk = ? AND last_tick <= ? AND open_stream = ? AND balance <= ?",
            self.table
        );
        let key = keys::balance(&payment.viewer);
        let mut parameters = vec![
            n(payment.points),
            n(payment.points),
            n(payment.seconds),
            n(payment.seconds),
            n(payment.slot.ms()),
        ];
        parameters.extend(values);
        parameters.extend([s(key.pk), s(key.sk), n(payment.last_before.ms()), s(&payment.stream), n(limit)]);
        let request = BatchStatementRequest::builder().statement(statement).set_parameters(Some(parameters));
        request.build().map_err(|error| broken(DOING, error))
    }
}

/// What a watch streak brings, a ledger row for each stream that it counts.
fn streak_rows(payment: &TickPayment, now: Timestamp) -> Vec<Write> {
    let rewards = payment.earned.iter().flat_map(|earned| &earned.rewards);
    let row = |(stream, length, points): &(StreamId, u32, Points)| {
        let event = EventId::scheduled("streak", stream);
        let row = LedgerRow { at: now, delta: Delta::credit(*points), cause: Cause::Streak(*length), event };
        Write::create(rows::ledger::row(&payment.viewer, &row))
    };
    rewards.map(row).collect()
}

/// Pays into the row that is open, with what a watch streak brings. The account must be the one that was read, or the
/// streak could bring the same twice.
fn continued(payment: &TickPayment, account: &Account) -> Expression {
    let paid = Expression::new()
        .count("watched", n(payment.seconds))
        .add("open_points", n(payment.points))
        .add("open_seconds", n(payment.seconds))
        .when("open_stream", "=", s(&payment.stream));
    ticked(paid, payment, account)
}

/// What every tick changes, on an account that is as it was read.
fn ticked(expression: Expression, payment: &TickPayment, account: &Account) -> Expression {
    let extra = payment.earned.as_ref().map_or(Points::ZERO, Earned::points);
    let all = payment.points.checked_add(extra).unwrap_or(Points::MAX);
    let mut ticked = expression.add("balance", n(all)).set("last_tick", n(payment.slot.ms())).when(
        "balance",
        "<=",
        n(Points::MAX.saturating_sub(all)),
    );
    for (name, value) in payment.earned.iter().flat_map(|earned| rows::viewer::streak(&earned.streak)) {
        ticked = ticked.set(name, value);
    }
    match account.last_tick {
        Some(last) => ticked.when("last_tick", "=", n(last.ms())),
        None => ticked.when_missing("last_tick"),
    }
}

fn first_of_stream(payment: &TickPayment, account: &Account) -> Expression {
    let opened = Expression::new()
        .count("watched", n(payment.seconds))
        .set("open_stream", s(&payment.stream))
        .set("open_points", n(payment.points))
        .set("open_seconds", n(payment.seconds));
    let opened = ticked(opened, payment, account);
    // The row that goes into the ledger must be the one that was read.
    match &account.open {
        Some(open) => {
            opened.when("open_stream", "=", s(&open.stream)).when("open_points", "=", n(open.points))
        }
        None => opened.when_missing("open_stream"),
    }
}
