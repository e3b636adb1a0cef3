//! Payments of the points tick: the points for watching.
//!
//! Most payments only add to the stream's open row inside the balance, 25 in one request ([`Store::pay`]).
//! The first payment of a viewer or of a stream, and one with a streak's points, needs a transaction
//! ([`Store::pay_first`]).

use std::collections::HashMap;

use aws_sdk_dynamodb::types::BatchStatementRequest;
use ownchatbot_domain::streak::Earned;
use ownchatbot_domain::{Account, Cause, Delta, EventId, LedgerRow, Points, StreamId, Timestamp, ViewerId};

use crate::commit::viewer::arrive;
use crate::error::{TableError, broken, damaged, is_transient, sdk};
use crate::expression::{Expression, Write};
use crate::item::{n, s};
use crate::payment::{FirstPayment, PaymentOutcome, TickPayment};
use crate::{Commit, Store, StoreError, keys, rows};

const DOING: &str = "paying a tick";

impl Store {
    /// The accounts of at most 100 viewers, in one request. Unknown viewers are missing from the map; viewers
    /// who are being erased are in it without an account.
    ///
    /// # Errors
    /// [`StoreError`] when the accounts cannot be read.
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

    /// Makes at most 25 payments into open rows, in one request. Each succeeds or fails by itself; the
    /// outcomes are in the order of `payments`.
    ///
    /// # Errors
    /// [`StoreError`] when the outcome of all of them is unknown.
    pub async fn pay(&self, payments: &[TickPayment]) -> Result<Vec<PaymentOutcome>, StoreError> {
        let statements =
            payments.iter().map(|payment| self.pay_statement(payment)).collect::<Result<Vec<_>, _>>()?;
        let response = self.client.batch_execute_statement().set_statements(Some(statements)).send().await;
        let response = response.map_err(|error| sdk(DOING, error))?;
        let outcomes = response.responses.unwrap_or_default().into_iter().map(|statement| {
            let Some(error) = statement.error else { return Ok(PaymentOutcome::Paid) };
            match error.code.as_ref().map_or("", |code| code.as_str()) {
                "ConditionalCheckFailed" => Ok(PaymentOutcome::Refused),
                code if is_transient(code) => Ok(PaymentOutcome::Busy),
                code => Err(broken(DOING, TableError::Statement(code.to_owned()))),
            }
        });
        outcomes.collect()
    }

    /// Makes a payment that [`Self::pay`] cannot make, in one transaction.
    ///
    /// # Errors
    /// [`StoreError`] when it is unknown whether the payment was made.
    pub async fn pay_first(
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
    /// An update on condition of the slot and the stream, so that a tick can be repeated or resumed.
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

/// The ledger rows of the points that a watch streak earns, one for each stream.
fn streak_rows(payment: &TickPayment, now: Timestamp) -> Vec<Write> {
    let rewards = payment.earned.iter().flat_map(|earned| &earned.rewards);
    let row = |(stream, length, points): &(StreamId, u32, Points)| {
        let event = EventId::scheduled("streak", stream);
        let row = LedgerRow { at: now, delta: Delta::credit(*points), cause: Cause::Streak(*length), event };
        Write::create(rows::ledger::row(&payment.viewer, &row))
    };
    rewards.map(row).collect()
}

/// Pays into the open row, together with the streak's points. The account must be as it was read, or the
/// streak's points could be paid twice.
fn continued(payment: &TickPayment, account: &Account) -> Expression {
    let paid = Expression::new()
        .count("watched", n(payment.seconds))
        .add("open_points", n(payment.points))
        .add("open_seconds", n(payment.seconds))
        .when("open_stream", "=", s(&payment.stream));
    ticked(paid, payment, account)
}

/// Adds what every payment changes to `expression`, on condition that the account has the last tick that was
/// read.
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

/// Opens the row of a new stream in place of the old one.
fn first_of_stream(payment: &TickPayment, account: &Account) -> Expression {
    let opened = Expression::new()
        .count("watched", n(payment.seconds))
        .set("open_stream", s(&payment.stream))
        .set("open_points", n(payment.points))
        .set("open_seconds", n(payment.seconds));
    let opened = ticked(opened, payment, account);
    // The open row that is closed into the ledger must be the one that was read.
    match &account.open {
        Some(open) => {
            opened.when("open_stream", "=", s(&open.stream)).when("open_points", "=", n(open.points))
        }
        None => opened.when_missing("open_stream"),
    }
}
