//! The program of a function that a schedule calls.

use std::error::Error as StdError;

use lambda_runtime::{Error, LambdaEvent, service_fn};
use ownchatbot_domain::Timestamp;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::{BadEnvironment, Environment, log};

/// The event of a recurring schedule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub struct SlotEvent {
    /// The run's planned time, in RFC 3339. It is the run's idempotency key: a retry has the same one.
    pub slot: jiff::Timestamp,
}

impl SlotEvent {
    /// The event of the run that is planned for `slot`.
    #[must_use]
    pub fn at(slot: Timestamp) -> Self {
        // A `Timestamp` is within the years 1970 to 9999, all of which jiff can represent.
        Self { slot: jiff::Timestamp::from_millisecond(slot.ms()).unwrap_or(jiff::Timestamp::UNIX_EPOCH) }
    }

    /// The run's planned time.
    #[must_use]
    pub fn planned(self) -> Timestamp {
        Timestamp::from_ms(self.slot.as_millisecond())
    }
}

/// Sets up the log, creates the dependencies from the environment with `deps`, and passes the events from
/// Lambda to `handle` until Lambda ends the process. An error of `handle` is logged and reported to Lambda,
/// which counts it and retries the event; its result is ignored.
///
/// # Errors
/// The error of `deps`, or one of Lambda's runtime API.
pub async fn run_scheduled<D, E: DeserializeOwned, T, R: StdError + Send + Sync + 'static>(
    deps: impl AsyncFnOnce(Environment) -> Result<D, BadEnvironment>,
    handle: impl AsyncFn(&D, E) -> Result<T, R>,
) -> Result<(), Error> {
    log::init();
    let (deps, handle) = (&deps(Environment::of_process()).await?, &handle);
    let run = async |event: LambdaEvent<E>| match handle(deps, event.payload).await {
        Ok(_) => Ok(()),
        Err(error) => Err(log::failure(error)),
    };
    lambda_runtime::run(service_fn(run)).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slot_is_read_in_rfc_3339() {
        let read = |text: &str| serde_json::from_str::<SlotEvent>(text);
        let event = read(r#"{"slot":"2026-09-10T18:00:00Z"}"#).unwrap();
        assert_eq!(event.planned(), Timestamp::from_ms(1_789_063_200_000));
        assert_eq!(SlotEvent::at(event.planned()), event);
        for wrong in ["{}", r#"{"slot":"soon"}"#, r#"{"slot":1789063200}"#] {
            assert!(read(wrong).is_err(), "{wrong}");
        }
    }
}
