//! Captures what a function logs.

use std::io::{self, Write};
use std::sync::{Arc, Mutex, PoisonError};

use tracing::subscriber::{DefaultGuard, NoSubscriber, set_default};
use tracing_subscriber::EnvFilter;

/// Captures the log of this thread from [`CapturedLog::start`] to [`CapturedLog::end`].
#[derive(Debug)]
pub struct CapturedLog {
    written: Buffer,
    _ours: DefaultGuard,
    /// With a single subscriber, tracing caches per call site whether it is enabled, for all threads: a call
    /// site that another thread reached first would stay silent here.
    _second: tracing::Dispatch,
}

#[derive(Debug, Clone, Default)]
struct Buffer(Arc<Mutex<Vec<u8>>>);

impl Write for Buffer {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl CapturedLog {
    /// Starts capturing the events that `filter` enables, as the JSON that functions write.
    #[must_use]
    pub fn start(filter: &str) -> Self {
        let second = tracing::Dispatch::new(NoSubscriber::default());
        let written = Buffer::default();
        let writer = written.clone();
        let log = tracing_subscriber::fmt().json().with_env_filter(EnvFilter::new(filter));
        let ours = set_default(log.with_writer(move || writer.clone()).finish());
        Self { written, _ours: ours, _second: second }
    }

    /// Stops capturing. Returns everything that was logged, a line of JSON for each event.
    #[must_use]
    pub fn end(self) -> String {
        let bytes = self.written.0.lock().unwrap_or_else(PoisonError::into_inner).clone();
        String::from_utf8_lossy(&bytes).into_owned()
    }
}
