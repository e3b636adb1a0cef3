//! The points tick: pays everybody who is in chat while the stream is live.

mod after;

use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use futures_util::{StreamExt, stream};
use ownchatbot_domain::board::BoardEntry;
use ownchatbot_domain::streak::{Earned, begins_to_count, counted_with, earned};
use ownchatbot_domain::tick::{PaymentStep, award, last_before, payment_step};
use ownchatbot_domain::{
    Account, Change, Config, Decision, Person, Points, StreamChange, StreamId, Timestamp, ViewerId,
};
use ownchatbot_store::{Commit, FirstPayment, PaymentOutcome, Store, StoreError, TickPayment};

use crate::context::Context;
use crate::ports::{Clock, Owncast};
use crate::retry::{AppError, retry_until_deadline};
use crate::run::RunError;

/// The most items that DynamoDB reads in one batch.
const READ_BATCH: usize = 100;
/// The most statements that DynamoDB executes in one batch.
const WRITE_BATCH: usize = 25;
/// The most requests that are in flight at the same time.
const CONCURRENT: usize = 8;

/// How long a tick is retried, which is less than the time-out of its function. A tick that gives up is
/// completed by the next run with the same slot.
const DEADLINE: Duration = Duration::from_secs(45);

/// What a tick did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct TickReport {
    /// Whether the stream was live.
    pub live: bool,
    /// How many viewers were in chat.
    pub present: usize,
    /// How many viewers this run has paid.
    pub paid: usize,
}

/// Pays everybody in chat for the tick planned at `slot`. The slot is the idempotency key: each viewer is
/// paid for it once, however often it runs.
///
/// # Errors
/// [`RunError`] when Owncast or the table fails. Another run with the same slot pays those who were not paid.
pub async fn on_tick<C, O>(ctx: &Context<C>, owncast: &O, slot: Timestamp) -> Result<TickReport, RunError>
where
    C: Clock,
    O: Owncast,
{
    let mut state = ctx.store.stream().await?;
    let Some(stream) = state.newest.clone().filter(|_| state.live) else { return Ok(TickReport::default()) };
    let config = ctx.config().await?;
    let now = ctx.clock.now();
    let streaks = &config.settings.streaks;
    if streaks.on && begins_to_count(&state.counted, &stream, streaks.stream, now) {
        state.counted = counted_with(&state.counted, &stream);
        let count = Change::Stream(StreamChange::CountForStreaks {
            stream: stream.clone(),
            counted: state.counted.clone(),
        });
        commit(ctx, count).await?;
    }
    let mut people: HashMap<ViewerId, Person> = HashMap::new();
    for person in owncast.clients().await?.into_iter().filter(|person| !person.bot && !person.banned) {
        people.insert(person.id.clone(), person);
    }
    let run = Run { config: &config, stream: &stream, counted: &state.counted, slot, now };
    let everybody: Vec<Person> = people.into_values().collect();
    // The stream is made of futures and not of slices, because a closure over slices would have to work for
    // every lifetime.
    let groups: Vec<_> = everybody.chunks(READ_BATCH).map(|group| run.pay_group(&ctx.store, group)).collect();
    let paid: Vec<Result<Group, AppError>> =
        stream::iter(groups).buffer_unordered(CONCURRENT).collect().await;
    let mut total = Group::default();
    for group in paid {
        total.add(group?);
    }
    after::finish(ctx, &run, everybody.len(), &total).await?;
    Ok(TickReport { live: true, present: everybody.len(), paid: total.by_this_run })
}

async fn commit<C: Clock>(ctx: &Context<C>, change: Change) -> Result<Commit, AppError> {
    let decision = &Decision::change(change);
    retry_until_deadline(DEADLINE, |_| async move {
        ctx.store.commit(None, ctx.clock.now(), decision).await.map(Some)
    })
    .await
}

/// The circumstances of one run of a tick.
struct Run<'a> {
    config: &'a Config,
    stream: &'a StreamId,
    counted: &'a [StreamId],
    slot: Timestamp,
    now: Timestamp,
}

/// The results for a group of viewers.
#[derive(Debug, Default)]
struct Group {
    /// How many viewers this run has paid. The others were paid by an earlier run of the slot that was
    /// interrupted.
    by_this_run: usize,
    /// The points that the slot has brought all of them.
    points: Points,
    /// Their new entries for the leaderboard.
    entries: Vec<BoardEntry>,
    /// The viewers whose watch streak has grown in this slot: its new length, and their name.
    streaks: Vec<(u32, String)>,
}

impl Group {
    fn add(&mut self, other: Self) {
        self.by_this_run += other.by_this_run;
        self.points = self.points.checked_add(other.points).unwrap_or(Points::MAX);
        self.entries.extend(other.entries);
        self.streaks.extend(other.streaks);
    }
}

/// How many viewers of a group one attempt has paid, and how many it has left to pay.
#[derive(Default)]
struct Round {
    paid: usize,
    left: usize,
}

impl Run<'_> {
    /// Pays a group of at most [`READ_BATCH`] viewers.
    async fn pay_group(&self, store: &Store, group: &[Person]) -> Result<Group, AppError> {
        let done = AtomicUsize::new(0);
        let done = &done;
        let ids: &Vec<ViewerId> = &group.iter().map(|person| person.id.clone()).collect();
        let mut settled = retry_until_deadline(DEADLINE, |_| async move {
            let accounts = store.accounts(ids).await?;
            let (round, after) = self.round(store, group, &accounts).await?;
            done.fetch_add(round.paid, Ordering::Relaxed);
            Ok((round.left == 0).then_some(after))
        })
        .await?;
        settled.by_this_run = done.load(Ordering::Relaxed);
        Ok(settled)
    }

    /// One attempt at a group: pays the viewers who are not yet paid for this slot.
    async fn round(
        &self,
        store: &Store,
        group: &[Person],
        accounts: &HashMap<ViewerId, Option<Account>>,
    ) -> Result<(Round, Group), StoreError> {
        let (mut payments, mut first_payments, mut after) = (Vec::new(), Vec::new(), Group::default());
        let interval = self.config.settings.points.interval;
        for person in group {
            let account = match accounts.get(&person.id) {
                Some(Some(account)) => Some(account),
                // The viewer is being erased. The next tick may meet them as a new viewer.
                Some(None) => continue,
                None => None,
            };
            let payment = self.payment(person, account);
            let Some(account) = account else {
                let welcome = self.config.settings.points.welcome;
                self.note(
                    &mut after,
                    person,
                    &Account { balance: welcome, ..Account::default() },
                    Some(&payment),
                );
                first_payments.push((payment, FirstPayment::New { person: person.clone(), welcome }));
                continue;
            };
            match payment_step(account, self.stream, self.slot, interval) {
                PaymentStep::Paid => self.note(&mut after, person, account, None),
                // A payment beyond the largest balance would be refused at every attempt.
                _ if account.balance.checked_add(total_points(&payment)).is_none() => {
                    self.note(&mut after, person, account, None);
                }
                PaymentStep::Continue => {
                    self.note(&mut after, person, account, Some(&payment));
                    if total_points(&payment) == payment.points {
                        payments.push(payment);
                    } else {
                        first_payments.push((payment, FirstPayment::Streak { account: account.clone() }));
                    }
                }
                PaymentStep::Open => {
                    self.note(&mut after, person, account, Some(&payment));
                    first_payments.push((payment, FirstPayment::FirstOfStream { account: account.clone() }));
                }
            }
        }
        let mut round = Round::default();
        for batch in payments.chunks(WRITE_BATCH) {
            for outcome in store.pay(batch).await? {
                match outcome {
                    PaymentOutcome::Paid => round.paid += 1,
                    PaymentOutcome::Refused | PaymentOutcome::Busy => round.left += 1,
                }
            }
        }
        let opened: Vec<Result<Commit, StoreError>> = stream::iter(first_payments)
            .map(|(payment, first_payment)| async move {
                store.pay_first(&payment, &first_payment, self.now).await
            })
            .buffer_unordered(CONCURRENT)
            .collect()
            .await;
        for outcome in opened {
            match outcome {
                Ok(Commit::Applied) => round.paid += 1,
                Ok(Commit::Duplicate | Commit::Stale) | Err(StoreError::Busy { .. }) => round.left += 1,
                Err(broken) => return Err(broken),
            }
        }
        Ok((round, after))
    }

    /// Adds a viewer's leaderboard entry, points and streak to `after`: as they are once `payment` is made,
    /// or as they were read if there is no payment to make.
    fn note(&self, after: &mut Group, person: &Person, account: &Account, payment: Option<&TickPayment>) {
        let mut entry = BoardEntry::of(person.id.clone(), person.name.clone(), account);
        let mut streak = &account.streak;
        let mut brought = Points::ZERO;
        if let Some(payment) = payment {
            brought = total_points(payment);
            entry.balance = entry.balance.checked_add(brought).unwrap_or(entry.balance);
            entry.watched_seconds += payment.seconds;
            streak = payment.earned.as_ref().map_or(streak, |earned| &earned.streak);
        } else if account.last_tick == Some(self.slot) {
            // An earlier, interrupted run of this slot has paid them, which counts in the results of the
            // slot.
            brought = award(&self.config.settings.points, person, account, self.now);
            if streak.at == Some(self.slot) {
                let streaks = &self.config.settings.streaks;
                brought = brought.checked_add(streaks.reward(streak.length)).unwrap_or(brought);
            }
        }
        if streak.at == Some(self.slot) {
            after.streaks.push((streak.length, person.name.clone()));
        }
        after.points = after.points.checked_add(brought).unwrap_or(Points::MAX);
        after.entries.push(entry);
    }

    fn payment(&self, person: &Person, account: Option<&Account>) -> TickPayment {
        let settings = &self.config.settings;
        let seconds = settings.points.interval.ms() / 1000;
        let earned = account.and_then(|account| {
            let open = account.open.as_ref().filter(|open| open.stream == *self.stream);
            let watched = open.map_or(0, |open| open.seconds) + seconds;
            earned(&settings.streaks, account, self.counted, self.stream, watched, self.slot)
        });
        let empty = Account::default();
        TickPayment {
            viewer: person.id.clone(),
            stream: self.stream.clone(),
            slot: self.slot,
            points: award(&settings.points, person, account.unwrap_or(&empty), self.now),
            seconds,
            last_before: last_before(self.slot, settings.points.interval),
            earned,
        }
    }
}

/// The points of a payment together with those for a watch streak.
fn total_points(payment: &TickPayment) -> Points {
    let extra = payment.earned.as_ref().map_or(Points::ZERO, Earned::points);
    payment.points.checked_add(extra).unwrap_or(Points::MAX)
}
