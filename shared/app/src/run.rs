//! Runs of schedules.

use crate::ports::OwncastError;
use crate::retry::AppError;
use ownchatbot_store::StoreError;

/// Why a run of a schedule did not do all it should. The same run again does the rest, and only that.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// Owncast was needed, and did not answer.
    #[error("asking Owncast")]
    Owncast(#[from] OwncastError),
    /// The table is in the way.
    #[error("writing what the run decided")]
    App(#[from] AppError),
}

impl From<StoreError> for RunError {
    fn from(error: StoreError) -> Self {
        Self::App(error.into())
    }
}
