//! The actions in the simulated Owncast, with the webhooks that they cause. Tests and the page both act
//! through this.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;
use serde_json::Value;
use tokio::sync::{mpsc, watch};

use crate::job::Job;
use crate::options::Options;
use crate::payload::Payloads;
use crate::state::{Follower, LineKind, SimulatorState, display_name};
use crate::tab::Tab;

/// The simulated Owncast, shared by its server, its workers and the handles of tests.
pub(crate) struct Simulation {
    pub(crate) options: Options,
    pub(crate) server_url: String,
    pub(crate) http: reqwest::Client,
    state: Mutex<SimulatorState>,
    changed: watch::Sender<()>,
    queue: mpsc::Sender<Job>,
    /// Owncast has one chat loop, which queues webhooks itself: when the queue is full, chat stops for
    /// everybody.
    chat_loop: tokio::sync::Mutex<()>,
}

impl Simulation {
    pub(crate) fn new(
        options: Options,
        server_url: String,
        http: reqwest::Client,
        queue: mpsc::Sender<Job>,
    ) -> Self {
        let state = SimulatorState::new(options.webhook.clone(), options.bot_url.clone());
        Self {
            options,
            server_url,
            http,
            state: Mutex::new(state),
            changed: watch::channel(()).0,
            queue,
            chat_loop: tokio::sync::Mutex::new(()),
        }
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.options.clock.now()
    }

    /// The state as it is now. It stays locked while the guard lives.
    pub(crate) fn state(&self) -> MutexGuard<'_, SimulatorState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Changes the state and wakes all tasks that wait for a change.
    pub(crate) fn change<T>(&self, change: impl FnOnce(&mut SimulatorState) -> T) -> T {
        let result = change(&mut self.state());
        self.changed.send_replace(());
        result
    }

    pub(crate) fn changes(&self) -> watch::Receiver<()> {
        self.changed.subscribe()
    }

    fn payloads(&self) -> Payloads<'_> {
        Payloads {
            version: self.options.version,
            server_url: &self.server_url,
            server_name: "Simulated stream",
        }
    }

    /// Queues a webhook for the workers; waits while all of them are busy.
    async fn emit(&self, kind: &'static str, data: Value) {
        if self.state().webhook.is_none() {
            return;
        }
        let body = serde_json::json!({ "eventData": data, "type": kind }).to_string().into();
        if let Ok(place) = self.queue.reserve().await {
            self.change(|state| state.pending += 1);
            place.send(Job { kind, body });
        }
    }

    /// Opens a tab, unless the viewer is unknown or banned.
    pub(crate) async fn connect(&self, viewer: &str) -> Option<Tab> {
        let now = self.now();
        let (tab, joined) = self.change(|state| {
            let (tab, comes) = state.connect(viewer, now)?;
            let joined = (comes && state.stream.live).then(|| {
                let id = state.fresh_id();
                let known = state.viewer(viewer).cloned()?;
                state.notice(&format!("{} joined.", known.name), now);
                Some(self.payloads().presence(state, "USER_JOINED", (&known, Some(tab.0)), (&id, now)))
            });
            Some((tab, joined.flatten()))
        })?;
        if let Some(data) = joined {
            self.emit("USER_JOINED", data).await;
        }
        Some(tab)
    }

    /// Closes a tab. After the last one, the viewer departs with a delay, unless another tab opens meanwhile.
    pub(crate) async fn disconnect(self: &Arc<Self>, tab: Tab) {
        let Some((viewer, departures)) = self.change(|state| state.disconnect(tab.0)) else { return };
        if self.options.part_delay.is_zero() {
            self.part(&viewer, departures, tab).await;
            return;
        }
        let simulation = Arc::clone(self);
        tokio::spawn(async move {
            tokio::time::sleep(simulation.options.part_delay).await;
            simulation.part(&viewer, departures, tab).await;
        });
    }

    async fn part(&self, viewer: &str, departures: u64, tab: Tab) {
        let now = self.now();
        let parted = self.change(|state| {
            let known = state.viewer_mut(viewer)?;
            if !known.parting || known.departures != departures {
                return None;
            }
            known.parting = false;
            let known = known.clone();
            let id = state.fresh_id();
            state.notice(&format!("{} left.", known.name), now);
            Some(self.payloads().presence(state, "USER_PARTED", (&known, Some(tab.0)), (&id, now)))
        });
        if let Some(data) = parted {
            self.emit("USER_PARTED", data).await;
        }
    }

    /// Writes a message from a tab. Returns its id, or `None` if the tab is not open or the text is blank.
    pub(crate) async fn says(&self, tab: Tab, text: &str) -> Option<String> {
        let text = text.trim();
        if text.is_empty() {
            return None;
        }
        let turn = self.chat_loop.lock().await;
        let now = self.now();
        let (id, viewer, data) = self.change(|state| {
            let connection = state.connections.iter_mut().find(|connection| connection.client == tab.0)?;
            connection.messages += 1;
            let viewer = connection.viewer.clone();
            let viewer = state.viewer(&viewer)?.clone();
            let id = state.fresh_id();
            let data = self.payloads().chat(state, &viewer, &id, tab.0, text, now);
            Some((id, viewer, data))
        })?;
        // Owncast queues the webhook before it shows and saves the message.
        self.emit("CHAT", data).await;
        let place = (id.clone(), now);
        self.change(|state| {
            state.push_line(place, LineKind::Chat, (&viewer.id, &viewer.name), Some(tab.0), text);
        });
        drop(turn);
        Some(id)
    }

    /// Changes a viewer's name. Returns whether the name is different from the old one.
    pub(crate) async fn rename(&self, viewer: &str, new_name: &str) -> bool {
        let now = self.now();
        let data = self.change(|state| {
            let name = display_name(new_name)?;
            let client = state.connections.iter().find(|c| c.viewer == viewer).map(|c| c.client);
            let known = state.viewer_mut(viewer).filter(|known| known.name != name)?;
            let old = std::mem::replace(&mut known.name, name.clone());
            known.names.push(name.clone());
            known.renamed = Some(now);
            let known = known.clone();
            state.notice(&format!("{old} is now called {name}."), now);
            Some(self.payloads().renamed(state, &known, client, new_name))
        });
        let changed = data.is_some();
        if let Some(data) = data {
            self.emit("NAME_CHANGE", data).await;
        }
        changed
    }

    /// Bans a viewer and closes all of the viewer's tabs.
    pub(crate) async fn ban(self: &Arc<Self>, viewer: &str) {
        let now = self.now();
        let tabs = self.change(|state| {
            if let Some(known) = state.viewer_mut(viewer) {
                known.banned = Some(now);
            }
            state.connections.iter().filter(|c| c.viewer == viewer).map(|c| Tab(c.client)).collect::<Vec<_>>()
        });
        for tab in tabs {
            self.disconnect(tab).await;
        }
    }

    /// Starts the stream, with a new title unless it is blank.
    pub(crate) async fn go_live(&self, title: &str) {
        let now = self.now();
        let data = self.change(|state| {
            if state.stream.live {
                return None;
            }
            if !title.trim().is_empty() {
                title.trim().clone_into(&mut state.stream.title);
            }
            let here = state.audience();
            state.stream.live = true;
            state.stream.connected = Some(now);
            state.stream.peak = here;
            state.stream.peak_ever = state.stream.peak_ever.max(here);
            let id = state.fresh_id();
            state.notice("The stream is live.", now);
            Some(self.payloads().stream(state, &id, now))
        });
        if let Some(data) = data {
            self.emit("STREAM_STARTED", data).await;
        }
    }

    /// Ends the stream.
    pub(crate) async fn go_offline(&self) {
        let now = self.now();
        let data = self.change(|state| {
            if !state.stream.live {
                return None;
            }
            state.stream.live = false;
            state.stream.disconnected = Some(now);
            let id = state.fresh_id();
            state.notice("The stream has ended.", now);
            Some(self.payloads().stream(state, &id, now))
        });
        if let Some(data) = data {
            self.emit("STREAM_STOPPED", data).await;
        }
    }

    /// Sets the title; a blank one causes no webhook.
    pub(crate) async fn set_title(&self, title: &str) {
        let now = self.now();
        let data = self.change(|state| {
            title.trim().clone_into(&mut state.stream.title);
            let id = state.fresh_id();
            (!title.trim().is_empty()).then(|| self.payloads().stream(state, &id, now))
        });
        if let Some(data) = data {
            self.emit("STREAM_TITLE_UPDATED", data).await;
        }
    }

    /// Adds a follower from the Fediverse. Owncast has a webhook for it since 0.2.4.
    pub(crate) async fn follow(&self, handle: &str, name: &str) {
        let handle = handle.trim().trim_start_matches('@').to_owned();
        let follower = Follower { handle, name: name.trim().to_owned(), at: self.now() };
        let data = self.change(|state| {
            let id = state.fresh_id();
            state.notice(&format!("{} follows the stream.", follower.handle), follower.at);
            state.followers.retain(|known| known.handle != follower.handle);
            let data = self.payloads().follow(&follower, &id);
            state.followers.push(follower);
            data
        });
        if self.options.version >= crate::Version::V0_2_5 {
            self.emit("FEDIVERSE_ENGAGEMENT_FOLLOW", data).await;
        }
    }

    /// Hides messages, or shows them again.
    pub(crate) async fn set_visible(&self, ids: &[String], visible: bool) {
        let now = self.now();
        let data = self.change(|state| {
            state.set_visible(ids, visible);
            let id = state.fresh_id();
            self.payloads().visibility(state, ids, visible, &id, now)
        });
        self.emit("VISIBILITY-UPDATE", data).await;
    }
}
