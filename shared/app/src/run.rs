//! The error of a run that a schedule starts.

use ownchatbot_store::StoreError;

use crate::ports::OwncastError;
use crate::retry::AppError;

/// Why a run of a schedule is incomplete. Runs are idempotent: the same run again does what is left, and only
/// that.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// A request to Owncast failed.
    #[error("a request to Owncast failed")]
    Owncast(#[from] OwncastError),
    /// A read or a transaction of the run failed.
    #[error("the run could not read or write the table")]
    App(#[from] AppError),
}

impl From<StoreError> for RunError {
    fn from(error: StoreError) -> Self {
        Self::App(error.into())
    }
}
