//! What DynamoDB's refusals mean to us.

use std::error::Error;

use aws_sdk_dynamodb::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsError;

use crate::commit::Commit;
use crate::item::Damaged;

/// Why the table did not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Others were in the way, it was throttled, or it did not answer in time: worth another try. Whether anything
    /// was written is not known, which is what receipts are for.
    #[error("the table is busy while {doing}")]
    Busy {
        /// What was being done.
        doing: &'static str,
        /// What the table said.
        source: Box<dyn Error + Send + Sync>,
    },
    /// An item does not hold what its kind should. Another try would find it the same.
    #[error("an item is damaged, found while {doing}")]
    Damaged {
        /// What was being done.
        doing: &'static str,
        /// Which item, and what is wrong with it.
        source: Box<dyn Error + Send + Sync>,
    },
    /// Another try would fail as well.
    #[error("the table failed while {doing}")]
    Broken {
        /// What was being done.
        doing: &'static str,
        /// What the table said.
        source: Box<dyn Error + Send + Sync>,
    },
}

/// What the table did wrong, apart from what the SDK reports itself.
#[derive(Debug, thiserror::Error)]
pub enum TableError {
    /// One decision changes an item twice, which DynamoDB refuses.
    #[error("a decision changes {0} twice")]
    Twice(String),
    /// A decision has effects but no event that they belong to.
    #[error("effects without an event")]
    NoEvent,
    /// One of several statements failed.
    #[error("a statement failed: {0}")]
    Statement(String),
    /// A batch was answered only in part, time after time.
    #[error("the table left part of a batch undone")]
    Unprocessed,
    /// A viewer was read while they were being written: one of two items was there.
    #[error("a viewer is just being written")]
    HalfRead,
    /// A request could not be put together.
    #[error("a request is incomplete")]
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

/// Codes of refusals that pass by themselves.
pub(crate) fn passes(code: &str) -> bool {
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

pub(crate) fn sdk<E, R>(doing: &'static str, error: SdkError<E, R>) -> StoreError
where
    E: ProvideErrorMetadata + Error + Send + Sync + 'static,
    R: std::fmt::Debug + Send + Sync + 'static,
{
    match &error {
        SdkError::ServiceError(service) if !service.err().code().is_some_and(passes) => broken(doing, error),
        SdkError::ConstructionFailure(_) => broken(doing, error),
        _ => busy(doing, error),
    }
}

/// What a refused transaction means. `receipt` tells whether its first item is an event's receipt.
pub(crate) fn refused<R>(
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
    // By position: an item that is not to blame may come without a code.
    if receipt && reasons.first().and_then(|reason| reason.code()) == Some(failed) {
        return Ok(Commit::Duplicate);
    }
    if codes().any(|code| code == failed) {
        return Ok(Commit::Stale);
    }
    if codes().any(passes) { Err(busy(doing, error)) } else { Err(broken(doing, error)) }
}
