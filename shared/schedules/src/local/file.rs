//! The file of the schedules.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use ownchatbot_domain::{Span, Task, Timestamp, Timing};
use serde::{Deserialize, Serialize};

use super::state::{Entry, State};

/// The version of the file format.
const VERSION: u32 = 1;

/// Why the schedules could not be loaded or saved.
#[derive(Debug, thiserror::Error)]
pub enum LocalError {
    /// The file cannot be read or written.
    #[error("the schedules in {} cannot be read or written", .path.display())]
    File {
        /// The file's path.
        path: PathBuf,
        /// The error of the operating system.
        #[source]
        source: io::Error,
    },
    /// The file holds something other than schedules of this version.
    #[error(
        "the schedules in {} cannot be understood; move the file away and start again (running timers are \
         lost with it, everything else is set up again)", .path.display()
    )]
    Damaged {
        /// The file's path.
        path: PathBuf,
        /// What is wrong in the file.
        #[source]
        source: serde_json::Error,
    },
}

/// The content of the file. Times are in milliseconds since 1970.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Content {
    version: u32,
    schedules: Vec<StoredSchedule>,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct StoredSchedule {
    task: String,
    every: Option<StoredInterval>,
    once_ms: Option<i64>,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct StoredInterval {
    interval_ms: i64,
    from_ms: i64,
    on: bool,
    settled_ms: i64,
    begun_ms: Option<i64>,
}

impl StoredSchedule {
    fn of((task, entry): (&Task, &Entry)) -> Self {
        let (every, once_ms) = match entry.timing {
            Timing::Every { interval, from, on } => {
                let every = StoredInterval {
                    interval_ms: interval.ms(),
                    from_ms: from.ms(),
                    on,
                    settled_ms: entry.settled.ms(),
                    begun_ms: entry.begun.map(Timestamp::ms),
                };
                (Some(every), None)
            }
            Timing::Once { at } => (None, Some(at.ms())),
        };
        Self { task: task.to_string(), every, once_ms }
    }

    fn read(self) -> Result<(Task, Entry), serde_json::Error> {
        let wrong = |what: &str| serde::de::Error::custom(format!("{what}: {}", self.task));
        let task = Task::parse(&self.task).map_err(|_| wrong("no such task"))?;
        let entry = match (self.every, self.once_ms) {
            (Some(every), None) => {
                let timing = Timing::Every {
                    interval: Span::from_ms(every.interval_ms),
                    from: Timestamp::from_ms(every.from_ms),
                    on: every.on,
                };
                let begun = every.begun_ms.map(Timestamp::from_ms);
                Entry::new(timing, Timestamp::from_ms(every.settled_ms), begun)
            }
            (None, Some(at)) => {
                Entry::new(Timing::Once { at: Timestamp::from_ms(at) }, Timestamp::from_ms(0), None)
            }
            _ => return Err(wrong("neither a single time nor a recurring one")),
        };
        Ok((task, entry))
    }
}

/// Reads the schedules in `path`; none when there is no such file.
pub(super) fn read(path: &Path) -> Result<State, LocalError> {
    let bytes = match fs::read(path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(State::default()),
        Err(source) => return Err(LocalError::File { path: path.to_owned(), source }),
    };
    parse(&bytes).map_err(|source| LocalError::Damaged { path: path.to_owned(), source })
}

fn parse(bytes: &[u8]) -> Result<State, serde_json::Error> {
    let content: Content = serde_json::from_slice(bytes)?;
    if content.version != VERSION {
        return Err(serde::de::Error::custom(format!("version {} instead of {VERSION}", content.version)));
    }
    let mut state = State::default();
    for stored in content.schedules {
        let (task, entry) = stored.read()?;
        state.restore(task, entry);
    }
    Ok(state)
}

/// Writes a new file and renames it to `path`, so that a crash cannot leave half a file.
pub(super) fn write(path: &Path, state: &State) -> Result<(), LocalError> {
    let content = Content { version: VERSION, schedules: state.entries().map(StoredSchedule::of).collect() };
    let damaged = |source| LocalError::Damaged { path: path.to_owned(), source };
    let bytes = serde_json::to_vec_pretty(&content).map_err(damaged)?;
    let draft = path.with_extension("json.new");
    let written = File::create(&draft)
        .and_then(|mut file| file.write_all(&bytes).and_then(|()| file.sync_all()))
        .and_then(|()| fs::rename(&draft, path));
    written.map_err(|source| LocalError::File { path: path.to_owned(), source })
}
