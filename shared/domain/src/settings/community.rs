//! Gifts of points from viewer to viewer.

use crate::Points;

/// Whether and how many points viewers may give to each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GiveSettings {
    /// Whether viewers may give points.
    pub on: bool,
    /// The least points of one gift.
    pub min: Points,
    /// The most points of one gift.
    pub limit: Points,
    /// The most points that one viewer may give in a day (UTC); `None` for no limit.
    pub per_day: Option<Points>,
}

impl Default for GiveSettings {
    fn default() -> Self {
        let points = |n| Points::new(n).unwrap_or_default();
        Self { on: true, min: points(1), limit: points(1_000), per_day: Some(points(5_000)) }
    }
}
