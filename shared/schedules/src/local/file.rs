//! The file of the schedules.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use ownchatbot_domain::{Span, Task, Timestamp, Timing};
use serde::{Deserialize, Serialize};

use super::book::{Book, Entry};

/// The version of the file's form.
const VERSION: u32 = 1;

/// Why the schedules cannot be had or kept.
#[derive(Debug, thiserror::Error)]
pub enum LocalError {
    /// The file cannot be read or written.
    #[error("the schedules in {} cannot be read or written", .path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// There is something else in the file than schedules.
    #[error(
        "the schedules in {} cannot be understood; move the file away and start again (timers that are set are \
         erased with it, everything else is set up anew)", .path.display()
    )]
    Damaged {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: serde_json::Error,
    },
}

/// What the file holds. Times are in milliseconds since 1970.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Content {
    version: u32,
    schedules: Vec<Kept>,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Kept {
    task: String,
    every: Option<KeptRhythm>,
    once_ms: Option<i64>,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct KeptRhythm {
    interval_ms: i64,
    from_ms: i64,
    on: bool,
    settled_ms: i64,
    begun_ms: Option<i64>,
}

impl Kept {
    fn of((task, entry): (&Task, &Entry)) -> Self {
        let (every, once_ms) = match entry.timing {
            Timing::Every { interval, from, on } => {
                let rhythm = KeptRhythm {
                    interval_ms: interval.ms(),
                    from_ms: from.ms(),
                    on,
                    settled_ms: entry.settled.ms(),
                    begun_ms: entry.begun.map(Timestamp::ms),
                };
                (Some(rhythm), None)
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
            _ => return Err(wrong("neither once nor again and again")),
        };
        Ok((task, entry))
    }
}

/// The schedules in `path`; none when there is no such file.
pub(super) fn read(path: &Path) -> Result<Book, LocalError> {
    let bytes = match fs::read(path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Book::default()),
        Err(source) => return Err(LocalError::File { path: path.to_owned(), source }),
    };
    parse(&bytes).map_err(|source| LocalError::Damaged { path: path.to_owned(), source })
}

fn parse(bytes: &[u8]) -> Result<Book, serde_json::Error> {
    let content: Content = serde_json::from_slice(bytes)?;
    if content.version != VERSION {
        return Err(serde::de::Error::custom(format!("version {} instead of {VERSION}", content.version)));
    }
    let mut book = Book::default();
    for kept in content.schedules {
        let (task, entry) = kept.read()?;
        book.restore(task, entry);
    }
    Ok(book)
}

/// Written beside and moved into place, so that a crash leaves no half of it.
pub(super) fn write(path: &Path, book: &Book) -> Result<(), LocalError> {
    let content = Content { version: VERSION, schedules: book.entries().map(Kept::of).collect() };
    let damaged = |source| LocalError::Damaged { path: path.to_owned(), source };
    let bytes = serde_json::to_vec_pretty(&content).map_err(damaged)?;
    let draft = path.with_extension("json.new");
    let written = File::create(&draft)
        .and_then(|mut file| file.write_all(&bytes).and_then(|()| file.sync_all()))
        .and_then(|()| fs::rename(&draft, path));
    written.map_err(|source| LocalError::File { path: path.to_owned(), source })
}
