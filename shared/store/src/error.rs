//! Errors of the table, and what the SDK's errors mean: worth another try or not.

use std::error::Error;

use aws_sdk_dynamodb::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsError;

use crate::item::Damaged;
use crate::outcome::Commit;

/// Why a read or write failed.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Contention, throttling or a timeout: worth another try. It is unknown whether anything was written;
    /// the receipts make it safe to try again.
    #[error("the table is busy while {doing}")]
    Busy {
        /// The operation, as in "reading a ledger".
        doing: &'static str,
        /// The SDK's error, or a [`TableError`].
        source: Box<dyn Error + Send + Sync>,
    },
    /// A stored item cannot be read as its kind. Another try fails as well.
    #[error("found a damaged item while {doing}")]
    Damaged {
        /// The operation, as in "reading a ledger".
        doing: &'static str,
        /// The item's key and what is wrong with it.
        source: Box<dyn Error + Send + Sync>,
    },
    /// Any other failure, such as missing permissions. Another try fails as well.
    #[error("the table failed while {doing}")]
    Broken {
        /// The operation, as in "reading a ledger".
        doing: &'static str,
        /// The SDK's error, or a [`TableError`].
        source: Box<dyn Error + Send + Sync>,
    },
}

/// Failures that the SDK does not report as errors itself.
#[derive(Debug, thiserror::Error)]
pub enum TableError {
    /// A decision writes one item twice, which DynamoDB rejects.
    #[error("a decision writes the item {0} twice")]
    Twice(String),
    /// A decision has effects but no event, so there is no outbox key for them.
    #[error("a decision with effects needs an event")]
    NoEvent,
    /// A statement of a batch failed with this error code.
    #[error("a statement of a batch failed: {0}")]
    Statement(String),
    /// DynamoDB left keys of a batch read unprocessed after the last retry.
    #[error("keys of a batch read stayed unprocessed")]
    Unprocessed,
    /// A batch read saw one of a new viewer's two items: it ran while the viewer was being created.
    #[error("a viewer was read while being created")]
    HalfRead,
    /// A required part of a request is missing.
    #[error("a request to DynamoDB could not be built")]
    Request(#[from] aws_sdk_dynamodb::error::BuildError),
}

pub(crate) fn broken(doing: &'static str, source: impl Into<Box<dyn Error + Send + Sync>>) -> StoreError {
    StoreError::Broken { doing, source: source.into() }
}

pub(crate) fn busy(doing: &'static str, source: impl Into<Box<dyn Error + Send + Sync>>) -> StoreError {
    StoreError::Busy { doing, source: source.into() }
}

pub(crate) fn damaged(doing: &'static str) -> impl Fn(Damaged) -> StoreError {
    move |error| StoreError::Damaged { doing, source: error.into() }
}

/// Whether `code` is that of a transient error.
pub(crate) fn is_transient(code: &str) -> bool {
    matches!(
        code,
        "TransactionConflict"
            | "TransactionConflictException"
            | "TransactionInProgressException"
            | "ThrottlingError"
            | "ThrottlingException"
            | "ProvisionedThroughputExceeded"
            | "ProvisionedThroughputExceededException"
            | "RequestLimitExceeded"
            | "InternalFailure"
            | "InternalServerError"
            | "ServiceUnavailable"
    )
}

/// An error of the SDK, sorted into [`StoreError::Busy`] and [`StoreError::Broken`].
pub(crate) fn sdk<E, R>(doing: &'static str, error: SdkError<E, R>) -> StoreError
where
    E: ProvideErrorMetadata + Error + Send + Sync + 'static,
    R: std::fmt::Debug + Send + Sync + 'static,
{
    match &error {
        SdkError::ServiceError(service) if !service.err().code().is_some_and(is_transient) => {
            broken(doing, error)
        }
        SdkError::ConstructionFailure(_) => broken(doing, error),
        _ => busy(doing, error),
    }
}

/// The result of a transaction that failed. `receipt` says whether its first item is an event's receipt.
pub(crate) fn transaction_result<R>(
    doing: &'static str,
    error: SdkError<TransactWriteItemsError, R>,
    receipt: bool,
) -> Result<Commit, StoreError>
where
    R: std::fmt::Debug + Send + Sync + 'static,
{
    let reasons = match error.as_service_error() {
        Some(TransactWriteItemsError::TransactionCanceledException(canceled)) => {
            canceled.cancellation_reasons()
        }
        _ => return Err(sdk(doing, error)),
    };
    let codes = || reasons.iter().filter_map(|reason| reason.code());
    let failed = "ConditionalCheckFailed";
    // There is a reason for each item, by position; that of an item whose condition held has no code.
    if receipt && reasons.first().and_then(|reason| reason.code()) == Some(failed) {
        return Ok(Commit::Duplicate);
    }
    if codes().any(|code| code == failed) {
        return Ok(Commit::Stale);
    }
    if codes().any(is_transient) { Err(busy(doing, error)) } else { Err(broken(doing, error)) }
}
