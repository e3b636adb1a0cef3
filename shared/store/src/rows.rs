//! Every kind of item and its attributes, one file per kind. Attributes are named only here and in the update
//! expressions of [`crate::commit`] and its neighbours. Settings, categories and rewards are serde rows; the
//! other kinds are read and written attribute by attribute.

pub(crate) mod alert;
pub(crate) mod audit;
pub(crate) mod board;
pub(crate) mod config;
pub(crate) mod erasure;
pub(crate) mod ledger;
pub(crate) mod outbox;
pub(crate) mod queue;
pub(crate) mod session;
pub(crate) mod settings;
pub(crate) mod stream;
pub(crate) mod timers;
pub(crate) mod usage;
pub(crate) mod viewer;
pub(crate) mod watch;
mod wire;
