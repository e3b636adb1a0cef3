//! What a function writes into its log, caught by a test.

use std::io::{self, Write};
use std::sync::{Arc, Mutex, PoisonError};

use tracing::subscriber::{DefaultGuard, NoSubscriber, set_default};
use tracing_subscriber::EnvFilter;

/// The log of this thread from its start to its end.
#[derive(Debug)]
pub struct CapturedLog {
    written: Buffer,
    _ours: DefaultGuard,
    /// While there is one subscriber alone, a line that another thread comes to first is silent for all of them.
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
    /// Catches what `filter` lets through, as the JSON that functions write.
    #[must_use]
    pub fn start(filter: &str) -> Self {
        let second = tracing::Dispatch::new(NoSubscriber::default());
        let written = Buffer::default();
        let writer = written.clone();
        let log = tracing_subscriber::fmt().json().with_env_filter(EnvFilter::new(filter));
        let ours = set_default(log.with_writer(move || writer.clone()).finish());
        Self { written, _ours: ours, _second: second }
    }

    /// Ends catching; returns everything that was written, a line of JSON for each event.
    #[must_use]
    pub fn end(self) -> String {
        let bytes = self.written.0.lock().unwrap_or_else(PoisonError::into_inner).clone();
        String::from_utf8_lossy(&bytes).into_owned()
    }
}
