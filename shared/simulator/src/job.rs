//! The queue between the simulation, which makes webhooks, and the workers, which deliver them.

use bytes::Bytes;

/// A webhook to deliver.
pub(crate) struct Job {
    pub(crate) kind: &'static str,
    pub(crate) body: Bytes,
}
