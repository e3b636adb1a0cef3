//! One viewer, for tests to act as.

use std::sync::Arc;

use ownchatbot_domain::ClientId;

use crate::stage::Stage;

/// A viewer of the fake, known by `user.id`.
#[derive(Clone)]
pub struct ViewerHandle {
    pub(crate) stage: Arc<Stage>,
    pub(crate) id: String,
}

impl ViewerHandle {
    /// The `user.id`.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The name shown now.
    #[must_use]
    pub fn name(&self) -> String {
        self.stage.state().viewer(&self.id).map(|viewer| viewer.name.clone()).unwrap_or_default()
    }

    /// Makes them a moderator.
    #[must_use]
    pub fn moderator(self) -> Self {
        self.set_moderator(true);
        self
    }

    /// Gives them a linked identity.
    #[must_use]
    pub fn authenticated(self) -> Self {
        self.set_authenticated(true);
        self
    }

    /// Makes them a bot or a plugin.
    #[must_use]
    pub fn bot(self) -> Self {
        self.stage.change(|state| state.viewer_mut(&self.id).map(|viewer| viewer.bot = true));
        self
    }

    /// Whether they are a moderator. No webhook tells.
    pub fn set_moderator(&self, moderator: bool) {
        self.stage.change(|state| state.viewer_mut(&self.id).map(|viewer| viewer.moderator = moderator));
    }

    /// Whether an identity is linked. No webhook tells.
    pub fn set_authenticated(&self, authenticated: bool) {
        self.stage
            .change(|state| state.viewer_mut(&self.id).map(|viewer| viewer.authenticated = authenticated));
    }

    /// Their open tabs, the oldest first.
    #[must_use]
    pub fn clients(&self) -> Vec<ClientId> {
        let state = self.stage.state();
        state.connections.iter().filter(|c| c.viewer == self.id).map(|c| ClientId(c.client)).collect()
    }

    /// Opens a tab. The number of a banned viewer's is one that nobody has.
    pub async fn connect(&self) -> ClientId {
        self.stage.connect(&self.id).await.unwrap_or(ClientId(u64::MAX))
    }

    /// Closes a tab.
    pub async fn disconnect(&self, client: ClientId) {
        self.stage.disconnect(client).await;
    }

    /// Closes every tab.
    pub async fn leave(&self) {
        for client in self.clients() {
            self.stage.disconnect(client).await;
        }
    }

    /// Writes in chat from the oldest tab, which opens when there is none; gives the message's id. Returns when
    /// a worker has taken the webhook, not when the bot has answered.
    pub async fn says(&self, text: &str) -> String {
        let client = match self.clients().first() {
            Some(client) => *client,
            None => self.connect().await,
        };
        self.says_from(client, text).await
    }

    /// Writes in chat from one tab. The id is empty when nothing was written: a closed tab, a blank text.
    pub async fn says_from(&self, client: ClientId, text: &str) -> String {
        self.stage.says(client, text).await.unwrap_or_default()
    }

    /// Takes another name.
    pub async fn rename(&self, name: &str) {
        self.stage.rename(&self.id, name).await;
    }

    /// Is banned: every tab closes and none opens again.
    pub async fn ban(&self) {
        self.stage.ban(&self.id).await;
    }

    /// The whispers that any tab of theirs got, untouched.
    #[must_use]
    pub fn whispers(&self) -> Vec<String> {
        let seen = self.stage.state().seen();
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
