//! The errors of starting, with advice for the user.

use std::path::PathBuf;

use ownchatbot_embedded::OpenError;
use ownchatbot_owncast::NoHttpClient;
use ownchatbot_schedules::LocalError;
use ownchatbot_store::StoreError;

/// The program could not start. [`StartError::advice`] says what to do about it.
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
    #[error("could not get random bytes from the operating system")]
    Randomness(#[from] getrandom::Error),
    #[error("could not use the database at {endpoint}")]
    Endpoint {
        endpoint: String,
        #[source]
        source: StoreError,
    },
    #[error("could not read or write the database")]
    Store(#[from] StoreError),
    #[error("could not load the schedules")]
    Schedules(#[from] LocalError),
    #[error("could not create the client for Owncast")]
    Owncast(#[from] NoHttpClient),
    #[error("the web server failed")]
    Server(#[source] std::io::Error),
}

impl StartError {
    /// What to do about it.
    pub(crate) fn advice(&self) -> String {
        match self {
            Self::Port { port, option, .. } => {
                format!(
                    "Stop the program that uses port {port}, or choose another one: {option} 0 takes any that is free."
                )
            }
            Self::Folder { .. } => {
                "Choose another folder with --data-dir, or keep the data in memory only with --memory."
                    .to_owned()
            }
            Self::InUse(_) => "Stop the other one first, or use another folder with --data-dir.".to_owned(),
            Self::Secrets { path, .. } => {
                let path = path.display();
                format!("Delete {path} to create new secrets. The hook's URL changes with them.")
            }
            Self::Database(OpenError::File { path, .. }) => format!(
                "Move {} away and start again with an empty database, or put a backup in its place.",
                path.display()
            ),
            Self::Endpoint { .. } => {
                "Check that it is running and that --dynamodb-endpoint is its complete URL.".to_owned()
            }
            Self::Schedules(LocalError::Damaged { path, .. }) => format!(
                "Move {} away and start again. Running timers are lost; the other schedules are created again.",
                path.display()
            ),
            Self::Schedules(LocalError::File { path, .. }) => {
                format!(
                    "Make {} readable and writable, or choose another folder with --data-dir.",
                    path.display()
                )
            }
            Self::Database(_) | Self::Randomness(_) | Self::Store(_) | Self::Owncast(_) | Self::Server(_) => {
                "Start it again. If that does not help, report it with the lines above.".to_owned()
            }
        }
    }
}
