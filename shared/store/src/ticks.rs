//! Paying for watching.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::BatchStatementRequest;
use ownchatbot_app::ports::{Commit, Opening, StoreError, Ticks, Wage, WageOutcome};
use ownchatbot_domain::streak::Earned;
use ownchatbot_domain::{
    Account, Cause, Delta, EventId, LedgerRow, Points, Source, StreamId, Timestamp, ViewerId,
};

use crate::commit::changes::arrive;
use crate::error::{TableError, broken, damaged, passes, sdk};
use crate::expression::{Expression, Write};
use crate::item::{n, s};
use crate::{Store, keys, rows};

const DOING: &str = "paying a tick";

impl Ticks for Store {
    async fn accounts(&self, viewers: &[ViewerId]) -> Result<HashMap<ViewerId, Option<Account>>, StoreError> {
        let found = self.get_all(viewers.iter().map(keys::balance), DOING).await?;
        let read = |viewer: &ViewerId| {
            let item = found.get(&keys::balance(viewer))?;
            let account = rows::forgetting::is_balance(item).then(|| rows::viewer::read_balance(item));
            let account = account.transpose().map_err(damaged(DOING));
            Some(account.map(|account| (viewer.clone(), account)))
        };
        viewers.iter().filter_map(read).collect()
    }

    async fn pay(&self, wages: &[Wage]) -> Result<Vec<WageOutcome>, StoreError> {
        let statements = wages.iter().map(|wage| self.statement(wage)).collect::<Result<Vec<_>, _>>()?;
        let answer = self.client.batch_execute_statement().set_statements(Some(statements)).send().await;
        let answer = answer.map_err(|error| sdk(DOING, error))?;
        let outcomes = answer.responses.unwrap_or_default().into_iter().map(|response| {
            let Some(error) = response.error else { return Ok(WageOutcome::Paid) };
            match error.code.as_ref().map_or("", |code| code.as_str()) {
                "ConditionalCheckFailed" => Ok(WageOutcome::Refused),
                code if passes(code) => Ok(WageOutcome::Busy),
                code => Err(broken(DOING, TableError::Statement(code.to_owned()))),
            }
        });
        outcomes.collect()
    }

    async fn open(&self, wage: &Wage, opening: &Opening, now: Timestamp) -> Result<Commit, StoreError> {
        let by_bot = |text: String| EventId::new(Source::Bot, text).map_err(|error| broken(DOING, error));
        let writes = match opening {
            Opening::New { person, welcome } => {
                arrive(person, *welcome, Some(wage), &by_bot("welcome".to_owned())?, now)
            }
            Opening::Streak { account } => {
                let mut writes = vec![Write::Update(keys::balance(&wage.viewer), continued(wage, account))];
                writes.extend(streak_rows(wage, now)?);
                writes
            }
            Opening::FirstOfStream { account } => {
                let mut writes =
                    vec![Write::Update(keys::balance(&wage.viewer), first_of_stream(wage, account))];
                writes.extend(streak_rows(wage, now)?);
                if let Some(open) = account.open.as_ref().filter(|open| !open.points.is_zero()) {
                    let row = LedgerRow {
                        at: account.last_tick.unwrap_or(wage.slot),
                        delta: Delta::credit(open.points),
                        cause: Cause::Watching(open.stream.clone()),
                        event: by_bot(format!("watched-{}", open.stream))?,
                    };
                    let row = rows::ledger::row(&wage.viewer, &row).number("seconds", open.seconds);
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
    fn statement(&self, wage: &Wage) -> Result<BatchStatementRequest, StoreError> {
        let most = Points::MAX.minus_or_zero(wage.points);
        let streak = wage.earned.as_ref().map(|earned| rows::viewer::streak(&earned.streak));
        let streak = streak.into_iter().flatten();
        let (names, values): (Vec<_>, Vec<_>) = streak.unzip();
        let set: String = names.iter().map(|name| format!("SET {name} = ? ")).collect();
        let statement = format!(
            "UPDATE \"{}\" SET balance = balance + ? SET open_points = open_points + ? \
             SET open_seconds = open_seconds + ? SET watched = watched + ? SET last_tick = ? {set}\
             WHERE pk = ? AND sk = ? AND last_tick <= ? AND open_stream = ? AND balance <= ?",
            self.table
        );
        let key = keys::balance(&wage.viewer);
        let mut parameters =
            vec![n(wage.points), n(wage.points), n(wage.seconds), n(wage.seconds), n(wage.slot.ms())];
        parameters.extend(values);
        parameters.extend([s(key.pk), s(key.sk), n(wage.last_before.ms()), s(&wage.stream), n(most)]);
        let request = BatchStatementRequest::builder().statement(statement).set_parameters(Some(parameters));
        request.build().map_err(|error| broken(DOING, error))
    }
}

/// What a watch streak brings, a ledger row for each stream that it counts.
fn streak_rows(wage: &Wage, now: Timestamp) -> Result<Vec<Write>, StoreError> {
    let rewards = wage.earned.iter().flat_map(|earned| &earned.rewards);
    let row = |(stream, length, points): &(StreamId, u32, Points)| {
        let event = EventId::new(Source::Schedule, format!("streak-{stream}"));
        let event = event.map_err(|error| broken(DOING, error))?;
        let row = LedgerRow { at: now, delta: Delta::credit(*points), cause: Cause::Streak(*length), event };
        Ok(Write::create(rows::ledger::row(&wage.viewer, &row)))
    };
    rewards.map(row).collect()
}

/// Pays into the row that is open, with what a watch streak brings. The account must be the one that was read, or the
/// streak could bring the same twice.
fn continued(wage: &Wage, account: &Account) -> Expression {
    let paid = Expression::new()
        .count("watched", n(wage.seconds))
        .add("open_points", n(wage.points))
        .add("open_seconds", n(wage.seconds))
        .when("open_stream", "=", s(&wage.stream));
    ticked(paid, wage, account)
}

/// What every tick changes, on an account that is as it was read.
fn ticked(expression: Expression, wage: &Wage, account: &Account) -> Expression {
    let extra = wage.earned.as_ref().map_or(Points::ZERO, Earned::points);
    let all = wage.points.plus(extra).unwrap_or(Points::MAX);
    let mut ticked = expression.add("balance", n(all)).set("last_tick", n(wage.slot.ms())).when(
        "balance",
        "<=",
        n(Points::MAX.minus_or_zero(all)),
    );
    for (name, value) in wage.earned.iter().flat_map(|earned| rows::viewer::streak(&earned.streak)) {
        ticked = ticked.set(name, value);
    }
    match account.last_tick {
        Some(last) => ticked.when("last_tick", "=", n(last.ms())),
        None => ticked.when_missing("last_tick"),
    }
}

fn first_of_stream(wage: &Wage, account: &Account) -> Expression {
    let opened = Expression::new()
        .count("watched", n(wage.seconds))
        .set("open_stream", s(&wage.stream))
        .set("open_points", n(wage.points))
        .set("open_seconds", n(wage.seconds));
    let opened = ticked(opened, wage, account);
    // The row that goes into the ledger must be the one that was read.
    match &account.open {
        Some(open) => {
            opened.when("open_stream", "=", s(&open.stream)).when("open_points", "=", n(open.points))
        }
        None => opened.when_missing("open_stream"),
    }
}
