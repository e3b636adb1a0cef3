//! What viewers can do in their panel.

/// What viewers can do in their panel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PanelSettings {
    /// Whether they may take back what they redeemed, while nobody has touched it.
    pub take_back: bool,
}

impl Default for PanelSettings {
    fn default() -> Self {
        Self { take_back: true }
    }
}
