//! A handle through which tests act as one viewer.

use std::sync::Arc;

use crate::simulation::Simulation;
use crate::tab::Tab;

/// A viewer of the simulator, identified by `user.id`.
#[derive(Clone)]
pub struct ViewerHandle {
    pub(crate) simulation: Arc<Simulation>,
    pub(crate) id: String,
}

impl ViewerHandle {
    /// The `user.id`.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The current display name.
    #[must_use]
    pub fn name(&self) -> String {
        self.simulation.state().viewer(&self.id).map(|viewer| viewer.name.clone()).unwrap_or_default()
    }

    /// Makes the viewer a moderator.
    #[must_use]
    pub fn moderator(self) -> Self {
        self.set_moderator(true);
        self
    }

    /// Links an identity to the viewer, which makes them authenticated.
    #[must_use]
    pub fn authenticated(self) -> Self {
        self.set_authenticated(true);
        self
    }

    /// Marks the viewer as a bot or a plugin.
    #[must_use]
    pub fn bot(self) -> Self {
        self.simulation.change(|state| state.viewer_mut(&self.id).map(|viewer| viewer.bot = true));
        self
    }

    /// Makes the viewer a moderator, or an ordinary viewer again. As in Owncast, this causes no webhook.
    pub fn set_moderator(&self, moderator: bool) {
        self.simulation.change(|state| state.viewer_mut(&self.id).map(|viewer| viewer.moderator = moderator));
    }

    /// Links an identity to the viewer, or unlinks it. As in Owncast, this causes no webhook.
    pub fn set_authenticated(&self, authenticated: bool) {
        self.simulation
            .change(|state| state.viewer_mut(&self.id).map(|viewer| viewer.authenticated = authenticated));
    }

    /// The viewer's open tabs, the oldest first.
    #[must_use]
    pub fn tabs(&self) -> Vec<Tab> {
        let state = self.simulation.state();
        state.connections.iter().filter(|c| c.viewer == self.id).map(|c| Tab(c.client)).collect()
    }

    /// Opens a tab. For a banned viewer no tab opens, and the returned number belongs to no tab.
    pub async fn connect(&self) -> Tab {
        self.simulation.connect(&self.id).await.unwrap_or(Tab(u64::MAX))
    }

    /// Closes a tab.
    pub async fn disconnect(&self, tab: Tab) {
        self.simulation.disconnect(tab).await;
    }

    /// Closes every tab.
    pub async fn leave(&self) {
        for tab in self.tabs() {
            self.simulation.disconnect(tab).await;
        }
    }

    /// Writes in chat from the oldest tab, and opens one if there is none. Returns the message's id as soon
    /// as a worker has taken the webhook, which is before the bot has responded.
    pub async fn says(&self, text: &str) -> String {
        let tab = match self.tabs().first() {
            Some(tab) => *tab,
            None => self.connect().await,
        };
        self.says_from(tab, text).await
    }

    /// Writes in chat from one tab. The id is empty when nothing was written: the tab is closed or the text
    /// is blank.
    pub async fn says_from(&self, tab: Tab, text: &str) -> String {
        self.simulation.says(tab, text).await.unwrap_or_default()
    }

    /// Changes the viewer's name.
    pub async fn rename(&self, name: &str) {
        self.simulation.rename(&self.id, name).await;
    }

    /// Bans the viewer: all tabs close, and none can be opened.
    pub async fn ban(&self) {
        self.simulation.ban(&self.id).await;
    }

    /// The whispers that reached any tab of the viewer, exactly as the bot sent them.
    #[must_use]
    pub fn whispers(&self) -> Vec<String> {
        let seen = self.simulation.state().seen();
        seen.whispers
            .into_iter()
            .filter(|whisper| whisper.viewer == self.id)
            .map(|whisper| whisper.text)
            .collect()
    }
}

impl std::fmt::Debug for ViewerHandle {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("ViewerHandle").field(&self.id).finish()
    }
}
