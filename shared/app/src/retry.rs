//! Trying again while others are in the way.

use std::future::Future;
use std::time::Duration;

use tokio::time::{Instant, sleep};

use ownchatbot_store::StoreError;

/// Why a use case failed. Nothing is half done in either case.
#[derive(Debug, thiserror::Error)]
pub enum AppError {
    /// Others were in the way until the deadline. The event is left to be caught up or sent again.
    #[error("gave up after {tries} tries")]
    Contended {
        /// How often it was tried.
        tries: u32,
        /// The last obstacle, where the table named one.
        source: Option<StoreError>,
    },
    /// The table failed in a way that trying again does not mend.
    #[error("the table failed")]
    Store(#[from] StoreError),
}

/// The first pause is up to this long; each next one up to twice as long.
const FIRST_PAUSE: Duration = Duration::from_millis(8);
const LONGEST_PAUSE: Duration = Duration::from_millis(250);

/// Tries until `attempt` returns a value. `None` and [`StoreError::Busy`] are tried again, after a pause of random
/// length so that those who collided do not collide again, until the deadline has passed.
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
        let obstacle = match attempt(tries).await {
            Ok(Some(value)) => return Ok(value),
            Ok(None) => None,
            Err(busy @ StoreError::Busy { .. }) => Some(busy),
            Err(broken) => return Err(broken.into()),
        };
        tries += 1;
        let longest = FIRST_PAUSE.saturating_mul(1 << tries.min(6)).min(LONGEST_PAUSE);
        let pause =
            Duration::from_micros(fastrand::u64(0..=longest.as_micros().try_into().unwrap_or(u64::MAX)));
        if Instant::now() + pause >= end {
            return Err(AppError::Contended { tries, source: obstacle });
        }
        sleep(pause).await;
    }
}
