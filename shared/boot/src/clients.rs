//! Clients of AWS services, created once in each process before its first event.

use std::time::Duration;

use aws_config::retry::RetryConfig;
use aws_config::timeout::TimeoutConfig;
use aws_config::{BehaviorVersion, SdkConfig};
use ownchatbot_schedules::{EventBridge, Stack};
use ownchatbot_store::Store;

use crate::SystemClock;

/// The timeout of one attempt of a request. Our transactions are small; AWS advises a second for large ones.
const ATTEMPT_TIMEOUT: Duration = Duration::from_secs(1);
/// The timeout of a request with its retries. Use cases retry on top of this, up to a deadline of their own.
const OPERATION_TIMEOUT: Duration = Duration::from_secs(3);
/// The most attempts of one request.
const MAX_ATTEMPTS: u32 = 3;

/// The AWS configuration of the environment. On Lambda, region and credentials come from variables, without a
/// request.
pub async fn aws() -> SdkConfig {
    aws_config::defaults(BehaviorVersion::latest())
        .retry_config(retries())
        .timeout_config(timeouts())
        .load()
        .await
}

/// The retries of the SDK: exponential backoff with jitter, from 50 ms.
#[must_use]
pub fn retries() -> RetryConfig {
    RetryConfig::standard().with_max_attempts(MAX_ATTEMPTS).with_initial_backoff(Duration::from_millis(50))
}

/// The timeouts of one attempt and of a request with its retries.
#[must_use]
pub fn timeouts() -> TimeoutConfig {
    TimeoutConfig::builder()
        .connect_timeout(ATTEMPT_TIMEOUT)
        .operation_attempt_timeout(ATTEMPT_TIMEOUT)
        .operation_timeout(OPERATION_TIMEOUT)
        .build()
}

/// The store on the table called `table`, reached with the AWS configuration of the environment.
pub async fn store(table: &str) -> Store {
    store_in(&aws().await, table)
}

/// The store on the table called `table`, reached with `aws`.
#[must_use]
pub fn store_in(aws: &SdkConfig, table: &str) -> Store {
    Store::new(aws_sdk_dynamodb::Client::new(aws), table)
}

/// The schedules of `stack`, reached with `aws`.
#[must_use]
pub fn schedules_in(aws: &SdkConfig, stack: Stack) -> EventBridge<SystemClock> {
    EventBridge::new(aws_sdk_scheduler::Client::new(aws), stack, SystemClock)
}
