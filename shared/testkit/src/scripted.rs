//! An Owncast without a network, for tests that need its responses in an exact order.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use ownchatbot_app::event::{ChatLine, StreamStatus};
use ownchatbot_app::ports::{Emoji, Owncast, OwncastError, Ownership};
use ownchatbot_domain::{ClientId, Person, ViewerId};
use tokio::sync::watch;

/// How the scripted Owncast responds to one chat line.
#[derive(Debug, Clone)]
pub enum Answer {
    /// The line is shown and confirmed.
    Confirmed,
    /// The line is refused, as with a wrong token.
    Refused,
    /// Owncast cannot be reached.
    Down,
    /// The line is shown, but the response does not arrive.
    Lost,
    /// The line is shown and confirmed as soon as the gate is open.
    Held(Gate),
}

/// Holds lines back until it is opened.
#[derive(Debug, Clone)]
pub struct Gate(watch::Sender<bool>);

impl Default for Gate {
    fn default() -> Self {
        Self(watch::channel(false).0)
    }
}

impl Gate {
    /// Opens the gate for good.
    pub fn open(&self) {
        self.0.send_replace(true);
    }

    async fn pass(&self) {
        let _ = self.0.subscribe().wait_for(|open| *open).await;
    }
}

/// A chat line that was shown, to one connection or to everybody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    /// The connection that it was whispered to; `None` if everybody saw it.
    pub to: Option<ClientId>,
    /// The text, as the bot sent it.
    pub line: String,
}

type Script = dyn FnMut(&str) -> Answer + Send;

struct State {
    script: Box<Script>,
    attempts: Vec<String>,
    shown: Vec<Shown>,
    clients: Vec<Person>,
    history: Vec<ChatLine>,
    status: StreamStatus,
    owners: HashMap<ClientId, ViewerId>,
    ownership: Ownership,
    emoji: Vec<Emoji>,
    away: bool,
    asked: usize,
}

/// An Owncast that responds as a test scripts it; without a script it confirms everything. Clones share their
/// state.
#[derive(Clone)]
pub struct ScriptedOwncast {
    state: Arc<Mutex<State>>,
    changed: Arc<watch::Sender<()>>,
}

impl std::fmt::Debug for ScriptedOwncast {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "ScriptedOwncast({:?})", self.shown())
    }
}

impl Default for ScriptedOwncast {
    fn default() -> Self {
        let state = State {
            script: Box::new(|_| Answer::Confirmed),
            attempts: Vec::new(),
            shown: Vec::new(),
            clients: Vec::new(),
            history: Vec::new(),
            status: StreamStatus {
                online: false,
                title: String::new(),
                connected_at: None,
                disconnected_at: None,
            },
            owners: HashMap::new(),
            ownership: Ownership::Theirs,
            emoji: Vec::new(),
            away: false,
            asked: 0,
        };
        Self { state: Arc::new(Mutex::new(state)), changed: Arc::new(watch::channel(()).0) }
    }
}

impl ScriptedOwncast {
    /// From now on `script` returns the response to each line.
    pub fn answers(&self, script: impl FnMut(&str) -> Answer + Send + 'static) {
        self.change(|state| state.script = Box::new(script));
    }

    /// Sets who is in chat, with one entry for each tab.
    pub fn watched_by(&self, clients: &[Person]) {
        self.change(|state| state.clients = clients.to_vec());
    }

    /// Sets the chat history.
    pub fn remembers(&self, lines: &[ChatLine]) {
        self.change(|state| state.history = lines.to_vec());
    }

    /// Sets the status of the stream.
    pub fn is(&self, status: StreamStatus) {
        self.change(|state| state.status = status);
    }

    /// Gives a connection to `viewer`; for other viewers it is [`Ownership::Foreign`].
    pub fn belongs_to(&self, client: ClientId, viewer: &ViewerId) {
        self.change(|state| state.owners.insert(client, viewer.clone()));
    }

    /// Sets the ownership of every connection, also of those given away by [`Self::belongs_to`]. The default
    /// is [`Ownership::Theirs`].
    pub fn says_of_connections(&self, ownership: Ownership) {
        self.change(|state| {
            state.owners.clear();
            state.ownership = ownership;
        });
    }

    /// Sets the list of emoji.
    pub fn has_emoji(&self, emoji: &[Emoji]) {
        self.change(|state| state.emoji = emoji.to_vec());
    }

    /// Makes Owncast unreachable for reads, or reachable again.
    pub fn is_away(&self, away: bool) {
        self.change(|state| state.away = away);
    }

    /// The number of reads so far, failed ones included.
    #[must_use]
    pub fn asked(&self) -> usize {
        self.change(|state| state.asked)
    }

    fn respond<T>(&self, read: impl FnOnce(&State) -> T) -> Result<T, OwncastError> {
        self.change(|state| {
            state.asked += 1;
            if state.away {
                Err(OwncastError::Unreachable("connection refused".to_owned()))
            } else {
                Ok(read(state))
            }
        })
    }

    /// The lines that were shown, the oldest first.
    #[must_use]
    pub fn shown(&self) -> Vec<Shown> {
        self.change(|state| state.shown.clone())
    }

    /// Takes the lines that were shown since the last call, the oldest first. This also clears
    /// [`Self::attempts`].
    #[must_use]
    pub fn take_shown(&self) -> Vec<Shown> {
        self.change(|state| {
            state.attempts.clear();
            std::mem::take(&mut state.shown)
        })
    }

    /// The texts of the lines that were shown, the oldest first.
    #[must_use]
    pub fn lines(&self) -> Vec<String> {
        self.shown().into_iter().map(|shown| shown.line).collect()
    }

    /// Every line that the bot tried to send, shown or not.
    #[must_use]
    pub fn attempts(&self) -> Vec<String> {
        self.change(|state| state.attempts.clone())
    }

    /// Waits until the bot has tried to send `enough` lines.
    ///
    /// # Panics
    /// When that takes longer than ten seconds.
    #[track_caller]
    pub fn until_tried(&self, enough: usize) -> impl Future<Output = ()> + use<> {
        let (owncast, mut changes) = (self.clone(), self.changed.subscribe());
        let caller = std::panic::Location::caller();
        async move {
            let tried = changes.wait_for(|()| owncast.attempts().len() >= enough);
            let in_time = tokio::time::timeout(std::time::Duration::from_secs(10), tried).await;
            assert!(in_time.is_ok(), "{caller}: only {:?} were tried", owncast.attempts());
        }
    }

    fn change<T>(&self, change: impl FnOnce(&mut State) -> T) -> T {
        change(&mut self.state.lock().unwrap_or_else(PoisonError::into_inner))
    }

    async fn receive(&self, to: Option<ClientId>, line: &str) -> Result<(), OwncastError> {
        let response = self.change(|state| {
            state.attempts.push(line.to_owned());
            (state.script)(line)
        });
        self.changed.send_replace(());
        let show = || self.change(|state| state.shown.push(Shown { to, line: line.to_owned() }));
        match response {
            Answer::Confirmed => show(),
            Answer::Held(gate) => {
                gate.pass().await;
                show();
            }
            Answer::Lost => {
                show();
                return Err(OwncastError::Unreachable("no response in time".to_owned()));
            }
            Answer::Refused => return Err(OwncastError::Refused("unauthorized".to_owned())),
            Answer::Down => return Err(OwncastError::Unreachable("connection refused".to_owned())),
        }
        Ok(())
    }
}

impl Owncast for ScriptedOwncast {
    async fn say(&self, line: &str) -> Result<(), OwncastError> {
        self.receive(None, line).await
    }

    async fn whisper(&self, client: ClientId, line: &str) -> Result<(), OwncastError> {
        self.receive(Some(client), line).await
    }

    async fn clients(&self) -> Result<Vec<Person>, OwncastError> {
        self.respond(|state| state.clients.clone())
    }

    async fn status(&self) -> Result<StreamStatus, OwncastError> {
        self.respond(|state| state.status.clone())
    }

    async fn history(&self) -> Result<Vec<ChatLine>, OwncastError> {
        self.respond(|state| state.history.clone())
    }

    async fn owner(&self, client: ClientId, viewer: &ViewerId) -> Result<Ownership, OwncastError> {
        self.respond(|state| match state.owners.get(&client) {
            Some(owner) if owner == viewer => Ownership::Theirs,
            Some(_) => Ownership::Foreign,
            None => state.ownership,
        })
    }

    async fn emoji(&self) -> Result<Vec<Emoji>, OwncastError> {
        self.respond(|state| state.emoji.clone())
    }
}
