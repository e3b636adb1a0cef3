//! The tabs of viewers' browsers.

/// An open tab of a viewer's browser, identified by Owncast's client id, which counts from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Tab(pub u64);
