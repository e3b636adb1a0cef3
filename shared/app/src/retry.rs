//! Retries of transactions that conflict with concurrent writes, by exponential backoff with jitter.
//!
//! # Which error type is used where
//!
//! * [`StoreError`] is what an operation on the table returns. Its variant `Busy` can be retried; the others
//!   cannot. Use cases that read, or write a single item without a transaction, return it as it is.
//! * [`AppError`] is what a use case returns that commits a decision. `retry_until_deadline` has retried
//!   `Busy` and conflicts until the deadline, so the caller does not retry at once; the same event can be
//!   sent again, or is caught up.
//! * [`RunError`](crate::RunError) is what a run of a schedule returns: an [`AppError`], or a failed request
//!   to Owncast. The same run can be started again.
//! * The adapters' errors, [`OwncastError`](crate::ports::OwncastError) and
//!   [`ScheduleError`](crate::ports::ScheduleError), are what the ports return. When the outbox is delivered
//!   they become the reason that is stored in the row; in other runs an
//!   [`OwncastError`](crate::ports::OwncastError) becomes a [`RunError`](crate::RunError), and a
//!   [`ScheduleError`](crate::ports::ScheduleError) is logged.

use std::future::Future;
use std::time::Duration;

use ownchatbot_store::StoreError;
use tokio::time::{Instant, sleep};

/// Why a use case that writes to the table failed. Each of its transactions was applied as a whole or not at
/// all.
#[derive(Debug, thiserror::Error)]
pub enum AppError {
    /// The table was busy, or concurrent writes conflicted, until the deadline. The event can be sent again
    /// or caught up.
    #[error("the table was busy or kept conflicting, and the deadline passed after {tries} tries")]
    Contended {
        /// How many attempts were made.
        tries: u32,
        /// The error of the last attempt; `None` if it was a conflict with a concurrent write.
        source: Option<StoreError>,
    },
    /// The table failed in a way that a retry does not cure.
    #[error("the table could not be read or written")]
    Store(#[from] StoreError),
}

/// Half of the upper bound of the first delay. The bound doubles with each further attempt.
const BASE_DELAY: Duration = Duration::from_millis(8);
/// The largest upper bound of a delay.
const MAX_DELAY: Duration = Duration::from_millis(250);

/// Calls `attempt` with the number of earlier tries until it returns a value. `None` (a conflict) and
/// [`StoreError::Busy`] are retried by exponential backoff with full jitter, so that writers that collided do
/// not collide again, until `deadline` has passed.
///
/// # Errors
/// [`AppError::Contended`] when the deadline has passed; [`AppError::Store`] when the table failed otherwise.
pub(crate) async fn retry_until_deadline<T, F>(
    deadline: Duration,
    mut attempt: impl FnMut(u32) -> F + Send,
) -> Result<T, AppError>
where
    T: Send,
    F: Future<Output = Result<Option<T>, StoreError>> + Send,
{
    let end = Instant::now() + deadline;
    let mut tries = 0;
    loop {
        let source = match attempt(tries).await {
            Ok(Some(value)) => return Ok(value),
            Ok(None) => None,
            Err(busy @ StoreError::Busy { .. }) => Some(busy),
            Err(broken) => return Err(broken.into()),
        };
        tries += 1;
        let bound = BASE_DELAY.saturating_mul(1 << tries.min(6)).min(MAX_DELAY);
        let delay =
            Duration::from_micros(fastrand::u64(0..=bound.as_micros().try_into().unwrap_or(u64::MAX)));
        if Instant::now() + delay >= end {
            return Err(AppError::Contended { tries, source });
        }
        sleep(delay).await;
    }
}
