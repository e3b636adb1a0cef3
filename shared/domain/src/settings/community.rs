//! What viewers do with each other: presents and boards.

use crate::Points;

/// Presents from viewer to viewer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GiveSettings {
    /// Whether viewers may give.
    pub on: bool,
    /// The least that can be given at once.
    pub min: Points,
    /// The most that can be given at once.
    pub limit: Points,
    /// The most that one viewer can give in a day (UTC); nothing for no limit.
    pub per_day: Option<Points>,
}

impl Default for GiveSettings {
    fn default() -> Self {
        let points = |n| Points::new(n).unwrap_or_default();
        Self { on: true, min: points(1), limit: points(1_000), per_day: Some(points(5_000)) }
    }
}
