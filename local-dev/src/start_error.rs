//! Why it does not start, and what to do about it.

use std::path::PathBuf;

use ownchatbot_embedded::OpenError;
use ownchatbot_owncast::NoHttpClient;
use ownchatbot_schedules::LocalError;
use ownchatbot_store::StoreError;

/// Why it does not start.
#[derive(Debug, thiserror::Error)]
pub(crate) enum StartError {
    #[error("port {port} cannot be used")]
    Port {
        port: u16,
        option: &'static str,
        #[source]
        source: std::io::Error,
    },
    #[error("the data folder {} cannot be used", .path.display())]
    Folder {
        path: PathBuf,
        #[source]
        source: std::io::Error,
    },
    #[error("the data folder {} is in use by another OwnchatBot", .0.display())]
    InUse(PathBuf),
    #[error("the file {} is damaged", .path.display())]
    Secrets {
        path: PathBuf,
        #[source]
        source: serde_json::Error,
    },
    #[error(transparent)]
    Database(#[from] OpenError),
    #[error("there is no chance to be had on this system")]
    Chance(#[from] getrandom::Error),
    #[error("the database at {endpoint} does not work")]
    Endpoint {
        endpoint: String,
        #[source]
        source: StoreError,
    },
    #[error("the database does not work")]
    Store(#[from] StoreError),
    #[error("the schedules cannot be had")]
    Schedules(#[from] LocalError),
    #[error("Owncast cannot be called")]
    Owncast(#[from] NoHttpClient),
    #[error("a server broke down")]
    Server(#[source] std::io::Error),
}

impl StartError {
    /// What to do about it.
    pub(crate) fn advice(&self) -> String {
        match self {
            Self::Port { port, option, .. } => {
                format!(
                    "Stop the program that uses port {port}, or choose another: {option} 0 takes any that is free."
                )
            }
            Self::Folder { .. } => {
                "Choose another folder with --data-dir, or run without one: --memory keeps nothing."
                    .to_owned()
            }
            Self::InUse(_) => {
                "Stop the other one first, or give this one a folder of its own with --data-dir.".to_owned()
            }
            Self::Secrets { path, .. } => {
                let path = path.display();
                format!("Delete {path}; new secrets are made, and the hook's address changes with them.")
            }
            Self::Database(OpenError::File { path, .. }) => format!(
                "Move {} away and start again with an empty database, or put a backup in its place.",
                path.display()
            ),
            Self::Endpoint { .. } => {
                "Is it running, and is --dynamodb-endpoint its whole address?".to_owned()
            }
            Self::Schedules(LocalError::Damaged { path, .. }) => format!(
                "Move {} away and start again: timers that are set are forgotten, everything else is set up anew.",
                path.display()
            ),
            Self::Schedules(LocalError::File { path, .. }) => {
                format!(
                    "Make {} readable and writable, or choose another folder with --data-dir.",
                    path.display()
                )
            }
            Self::Database(_) | Self::Chance(_) | Self::Store(_) | Self::Owncast(_) | Self::Server(_) => {
                "Start it again; if that does not help, report it with the lines above.".to_owned()
            }
        }
    }
}
