//! The error of opening an embedded database.
use std::error::Error;
use std::io;
use std::path::PathBuf;

/// An embedded database could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// SQLite could not set up a database in memory.
    #[error("could not set up a database in memory")]
    Memory(#[source] Box<dyn Error + Send + Sync>),
    /// The file is not a database, or it cannot be read or written.
    #[error("could not open the database file {}", .path.display())]
    File {
        /// The database file.
        path: PathBuf,
        /// The error of SQLite, or of the embedded DynamoDB on it.
        source: Box<dyn Error + Send + Sync>,
    },
    /// The operating system did not provide a port to listen on.
    #[error("could not listen on a free port of 127.0.0.1 for the database")]
    Listen(#[source] io::Error),
}
