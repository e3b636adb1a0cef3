//! Faults that are injected between the SDK and the table, and a count of the requests.
//!
//! The embedded database has one writer and never reports a conflict, throttles a request or loses a
//! response. Those faults are injected here, below the SDK's own retries and above the database, which really
//! does the work.

mod partly;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use aws_sdk_dynamodb::config::Builder;
use aws_sdk_dynamodb::config::retry::RetryConfig;
use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpClient,
    SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_runtime_api::http::StatusCode;
use aws_smithy_types::body::SdkBody;

/// A fault of one request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// The transaction is cancelled by a conflict with another one, and nothing is written. Requests other
    /// than transactions are throttled.
    Conflict,
    /// The request is throttled, and nothing is written.
    Throttled,
    /// The work is done, but the response is lost.
    LostAnswer,
    /// The connection breaks before the request arrives.
    Unreachable,
    /// Every other read or statement of a batch is left undone. Other requests are throttled.
    Partly,
}

type Plan = dyn FnMut(&str) -> Option<Fault> + Send;

#[derive(Default)]
struct State {
    plan: Option<Box<Plan>>,
    requests: BTreeMap<String, u32>,
    faults: u32,
}

/// Injects faults into requests, and counts the requests. Clones share both.
#[derive(Clone, Default)]
pub struct Faults(Arc<Mutex<State>>);

impl std::fmt::Debug for Faults {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Faults({:?})", self.requests())
    }
}

impl Faults {
    /// From now on `plan` returns the fault of each request. It gets the operation's name, such as
    /// `TransactWriteItems`.
    pub fn plan(&self, plan: impl FnMut(&str) -> Option<Fault> + Send + 'static) {
        self.state(|state| state.plan = Some(Box::new(plan)));
    }

    /// From now on `percent` of the requests fail, each with one of `faults`. The same `seed` gives the same
    /// faults.
    pub fn at_random(&self, percent: u8, faults: &'static [Fault], seed: u64) {
        let mut random = fastrand::Rng::with_seed(seed);
        self.plan(move |_| if random.u8(0..100) < percent { random.choice(faults).copied() } else { None });
    }

    /// From now on no fault is injected.
    pub fn stop(&self) {
        self.state(|state| state.plan = None);
    }

    /// The number of requests of each operation since the last [`Faults::reset`], retries of the SDK
    /// included.
    #[must_use]
    pub fn requests(&self) -> BTreeMap<String, u32> {
        self.state(|state| state.requests.clone())
    }

    /// The number of all requests since the last [`Faults::reset`].
    #[must_use]
    pub fn total(&self) -> u32 {
        self.requests().values().sum()
    }

    /// The number of injected faults since the last [`Faults::reset`].
    #[must_use]
    pub fn happened(&self) -> u32 {
        self.state(|state| state.faults)
    }

    /// Sets the counts back to zero.
    pub fn reset(&self) {
        self.state(|state| {
            state.requests.clear();
            state.faults = 0;
        });
    }

    fn state<T>(&self, change: impl FnOnce(&mut State) -> T) -> T {
        change(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Counts a request of `operation` and returns its fault.
    fn next_fault(&self, operation: &str) -> Option<Fault> {
        self.state(|state| {
            *state.requests.entry(operation.to_owned()).or_default() += 1;
            let fault = state.plan.as_mut().and_then(|plan| plan(operation));
            state.faults += u32::from(fault.is_some());
            fault
        })
    }

    /// Puts itself between the SDK and its HTTP client.
    #[expect(clippy::expect_used, reason = "for tests")]
    pub(crate) fn install(&self, config: Builder) -> aws_sdk_dynamodb::Config {
        // The SDK's default backoff is made for real throttling and would make tests slow.
        let retries = RetryConfig::standard()
            .with_max_attempts(3)
            .with_initial_backoff(std::time::Duration::from_millis(1));
        let plain = config.retry_config(retries).build();
        let client = Client {
            inner: plain.http_client().expect("the configuration has an HTTP client"),
            faults: self.clone(),
        };
        plain.to_builder().http_client(SharedHttpClient::new(client)).build()
    }
}

#[derive(Debug)]
struct Client {
    inner: SharedHttpClient,
    faults: Faults,
}

impl HttpClient for Client {
    fn http_connector(
        &self,
        settings: &HttpConnectorSettings,
        components: &RuntimeComponents,
    ) -> SharedHttpConnector {
        let inner = self.inner.http_connector(settings, components);
        SharedHttpConnector::new(Connector { inner, faults: self.faults.clone() })
    }
}

#[derive(Debug)]
struct Connector {
    inner: SharedHttpConnector,
    faults: Faults,
}

impl HttpConnector for Connector {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let target = request.headers().get("x-amz-target").unwrap_or_default();
        let operation = target.rsplit('.').next().unwrap_or_default().to_owned();
        let inner = self.inner.clone();
        match self.faults.next_fault(&operation) {
            None => inner.call(request),
            Some(Fault::Unreachable) => {
                HttpConnectorFuture::ready(Err(ConnectorError::io("the connection broke".into())))
            }
            Some(Fault::LostAnswer) => HttpConnectorFuture::new(async move {
                inner.call(request).await?;
                Err(ConnectorError::timeout("the response was lost".into()))
            }),
            Some(Fault::Conflict) if operation == "TransactWriteItems" => refuse(CONFLICT),
            Some(Fault::Partly) if operation.starts_with("Batch") => partly::call(inner, request),
            Some(Fault::Conflict | Fault::Throttled | Fault::Partly) => refuse(THROTTLED),
        }
    }
}

const CONFLICT: &str = r#"{"__type":"com.amazonaws.dynamodb.v20120810#TransactionCanceledException","message":"Transaction cancelled, please refer cancellation reasons for specific reasons [None, TransactionConflict]","CancellationReasons":[{"Code":"None"},{"Code":"TransactionConflict","Message":"Transaction is ongoing for the item"}]}"#;
const THROTTLED: &str = r#"{"__type":"com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException","message":"The level of configured provisioned throughput for the table was exceeded."}"#;

/// A response with status 400 and this body.
fn refuse(body: &'static str) -> HttpConnectorFuture {
    let response = StatusCode::try_from(400).map(|status| HttpResponse::new(status, SdkBody::from(body)));
    HttpConnectorFuture::ready(response.map_err(|error| ConnectorError::other(error.into(), None)))
}
