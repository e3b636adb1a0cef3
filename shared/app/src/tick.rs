//! Paying everybody who is watching.

use std::collections::HashMap;
use std::time::Duration;

use futures_util::{StreamExt, stream};
use ownchatbot_domain::tick::{Payment, award, payment};
use ownchatbot_domain::{Account, Config, Person, StreamId, Timestamp, ViewerId};

use crate::context::Context;
use crate::ports::{
    Clock, Commit, Configuration, Ledger, Opening, Owncast, OwncastError, StoreError, Ticks, Wage,
    WageOutcome,
};
use crate::retry::{AppError, until_settled};

/// What DynamoDB reads at once.
const READ: usize = 100;
/// What DynamoDB writes at once.
const WRITE: usize = 25;
/// As many requests are under way at the same time.
const CONCURRENT: usize = 8;

/// For how long a tick is tried again; below the function's time-out. A tick that ends early is resumed by the next
/// delivery of the same slot.
const DEADLINE: Duration = Duration::from_secs(45);

/// Why a tick did not pay.
#[derive(Debug, thiserror::Error)]
pub enum TickError {
    /// Nobody knows who is watching.
    #[error("asking Owncast who is watching")]
    Owncast(#[from] OwncastError),
    /// Some are paid and some are not; the same slot again pays the rest.
    #[error("paying the viewers")]
    App(#[from] AppError),
}

impl From<StoreError> for TickError {
    fn from(error: StoreError) -> Self {
        Self::App(error.into())
    }
}

/// What a tick did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct TickReport {
    /// Whether the stream was live.
    pub live: bool,
    /// Viewers who were there.
    pub present: usize,
    /// Viewers paid by this run.
    pub paid: usize,
}

/// Pays everybody in chat for the tick planned at `slot`, each once however often it runs.
///
/// # Errors
/// [`TickError`] when Owncast or the table is in the way; another run of the same slot pays the rest.
pub async fn on_tick<S, C, O>(
    ctx: &Context<S, C>,
    owncast: &O,
    slot: Timestamp,
) -> Result<TickReport, TickError>
where
    S: Ledger + Configuration + Ticks,
    C: Clock,
    O: Owncast,
{
    let state = ctx.store.stream().await?;
    let Some(stream) = state.newest.filter(|_| state.live) else { return Ok(TickReport::default()) };
    let config = ctx.config().await?;
    let mut people: HashMap<ViewerId, Person> = HashMap::new();
    for person in owncast.clients().await?.into_iter().filter(|person| !person.bot && !person.banned) {
        people.insert(person.id.clone(), person);
    }
    let run = Run { config: &config, stream: &stream, slot, now: ctx.clock.now() };
    let everybody: Vec<Person> = people.into_values().collect();
    // Futures rather than groups go into the stream: a closure there would have to work for every lifetime.
    let groups: Vec<_> = everybody.chunks(READ).map(|group| run.pay_group(&ctx.store, group)).collect();
    let paid: Vec<Result<usize, AppError>> =
        stream::iter(groups).buffer_unordered(CONCURRENT).collect().await;
    let mut report = TickReport { live: true, present: everybody.len(), paid: 0 };
    for group in paid {
        report.paid += group?;
    }
    Ok(report)
}

struct Run<'a> {
    config: &'a Config,
    stream: &'a StreamId,
    slot: Timestamp,
    now: Timestamp,
}

impl Run<'_> {
    /// Pays at most 100 people; returns how many this run has paid.
    async fn pay_group<S: Ticks>(&self, store: &S, group: &[Person]) -> Result<usize, AppError> {
        let done = std::sync::atomic::AtomicUsize::new(0);
        let done = &done;
        until_settled(DEADLINE, |_| async move {
            let (paid, left) = self.round(store, group).await?;
            let paid = done.fetch_add(paid, std::sync::atomic::Ordering::Relaxed) + paid;
            Ok((left == 0).then_some(paid))
        })
        .await
    }

    /// One go at a group: reads all accounts and pays whom this slot has not paid. Returns how many it paid and how
    /// many are left for another go.
    async fn round<S: Ticks>(&self, store: &S, group: &[Person]) -> Result<(usize, usize), StoreError> {
        let ids: Vec<ViewerId> = group.iter().map(|person| person.id.clone()).collect();
        let accounts = store.accounts(&ids).await?;
        let (mut wages, mut openings) = (Vec::new(), Vec::new());
        for person in group {
            let account = accounts.get(&person.id);
            let wage = self.wage(person, account);
            match account.map(|account| (account, payment(account, self.stream, self.slot))) {
                Some((_, Payment::Paid)) => {}
                // Whoever cannot hold more would be refused for ever.
                Some((account, _)) if account.balance.plus(wage.points).is_none() => {}
                Some((_, Payment::Continue)) => wages.push(wage),
                Some((account, Payment::Open)) => {
                    openings.push((wage, Opening::FirstOfStream { account: account.clone() }));
                }
                None => {
                    let welcome = self.config.settings.points.welcome;
                    openings.push((wage, Opening::New { person: person.clone(), welcome }));
                }
            }
        }
        let (mut paid, mut left) = (0, 0);
        for batch in wages.chunks(WRITE) {
            for outcome in store.pay(batch).await? {
                match outcome {
                    WageOutcome::Paid => paid += 1,
                    WageOutcome::Refused | WageOutcome::Busy => left += 1,
                }
            }
        }
        let opened: Vec<Result<Commit, StoreError>> = stream::iter(openings)
            .map(|(wage, opening)| async move { store.open(&wage, &opening, self.now).await })
            .buffer_unordered(CONCURRENT)
            .collect()
            .await;
        for outcome in opened {
            match outcome {
                Ok(Commit::Applied) => paid += 1,
                Ok(Commit::Duplicate | Commit::Stale) | Err(StoreError::Busy { .. }) => left += 1,
                Err(broken) => return Err(broken),
            }
        }
        Ok((paid, left))
    }

    fn wage(&self, person: &Person, account: Option<&Account>) -> Wage {
        let points = &self.config.settings.points;
        let stranger = Account::default();
        Wage {
            viewer: person.id.clone(),
            stream: self.stream.clone(),
            slot: self.slot,
            points: award(points, person, account.unwrap_or(&stranger), self.now),
            seconds: points.interval.ms() / 1000,
        }
    }
}
