//! Clients of AWS services, created once in each process before its first event.

use std::time::Duration;

use aws_sdk_dynamodb::config::retry::RetryConfig;
use aws_sdk_dynamodb::config::timeout::TimeoutConfig;
use aws_sdk_dynamodb::config::{
    BehaviorVersion, Credentials, Region, SharedCredentialsProvider, SharedHttpClient,
};
use aws_smithy_http_client::Builder;
use aws_smithy_http_client::tls::Provider;
use aws_smithy_http_client::tls::rustls_provider::CryptoMode;
use aws_types::SdkConfig;
use ownchatbot_schedules::{EventBridge, Stack};
use ownchatbot_store::Store;

use crate::SystemClock;

/// The timeout of one attempt of a request. Our transactions are small; AWS advises a second for large ones.
const ATTEMPT_TIMEOUT: Duration = Duration::from_secs(1);
/// The timeout of a request with its retries. Use cases retry on top of this, up to a deadline of their own.
const OPERATION_TIMEOUT: Duration = Duration::from_secs(3);
/// The most attempts of one request.
const MAX_ATTEMPTS: u32 = 3;

/// The AWS configuration of the environment: region and credentials from the variables that Lambda sets, and
/// the endpoint from `AWS_ENDPOINT_URL`. What is missing there fails at the first request.
#[must_use]
pub fn aws() -> SdkConfig {
    let variable = |name| std::env::var(name).ok().filter(|value| !value.is_empty());
    let key = variable("AWS_ACCESS_KEY_ID").zip(variable("AWS_SECRET_ACCESS_KEY"));
    let credentials = key.map(|(id, secret)| {
        let token = variable("AWS_SESSION_TOKEN");
        SharedCredentialsProvider::new(Credentials::new(id, secret, token, None, "environment"))
    });
    let mut aws = SdkConfig::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(variable("AWS_REGION").map(Region::new))
        .http_client(https())
        .retry_config(retries())
        .timeout_config(timeouts());
    aws.set_credentials_provider(credentials).set_endpoint_url(variable("AWS_ENDPOINT_URL"));
    aws.build()
}

/// The HTTP client of the SDK, with ring as the provider of its cryptography.
#[must_use]
pub fn https() -> SharedHttpClient {
    Builder::new().tls_provider(Provider::Rustls(CryptoMode::Ring)).build_https()
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
#[must_use]
pub fn store(table: &str) -> Store {
    store_in(&aws(), table)
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
