//! Clients, made once for each process and before its first event.

use std::time::Duration;

use aws_config::retry::RetryConfig;
use aws_config::timeout::TimeoutConfig;
use aws_config::{BehaviorVersion, SdkConfig};
use ownchatbot_schedules::{EventBridge, Stack};
use ownchatbot_store::Store;

use crate::SystemClock;

/// One try of one request. Our transactions are small; AWS advises a second for large ones.
const ATTEMPT: Duration = Duration::from_secs(1);
/// All tries of one request. Above this, use cases try again themselves, by their own deadline.
const OPERATION: Duration = Duration::from_secs(3);
/// Requests are tried this often.
const TRIES: u32 = 3;

/// The AWS configuration of the environment: on Lambda region and credentials come from variables, without a request.
pub async fn aws() -> SdkConfig {
    aws_config::defaults(BehaviorVersion::latest())
        .retry_config(retries())
        .timeout_config(timeouts())
        .load()
        .await
}

/// How often and how soon a request is tried again.
#[must_use]
pub fn retries() -> RetryConfig {
    RetryConfig::standard().with_max_attempts(TRIES).with_initial_backoff(Duration::from_millis(50))
}

/// How long a request may take.
#[must_use]
pub fn timeouts() -> TimeoutConfig {
    TimeoutConfig::builder()
        .connect_timeout(ATTEMPT)
        .operation_attempt_timeout(ATTEMPT)
        .operation_timeout(OPERATION)
        .build()
}

/// The table called `table`, as the environment reaches it.
pub async fn store(table: &str) -> Store {
    store_in(&aws().await, table)
}

/// The table called `table`, as `aws` reaches it.
#[must_use]
pub fn store_in(aws: &SdkConfig, table: &str) -> Store {
    Store::new(aws_sdk_dynamodb::Client::new(aws), table)
}

/// The schedules of `stack`, as `aws` reaches them.
#[must_use]
pub fn schedules_in(aws: &SdkConfig, stack: Stack) -> EventBridge<SystemClock> {
    EventBridge::new(aws_sdk_scheduler::Client::new(aws), stack, SystemClock)
}
