//! Settings of the viewer panel.

/// What viewers can do in their panel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PanelSettings {
    /// Whether they may take back a redemption while it waits in the queue.
    pub take_back: bool,
}

impl Default for PanelSettings {
    fn default() -> Self {
        Self { take_back: true }
    }
}
