//! The simulator's state: viewers, their connections, chat lines, and the stream.

use std::hash::{BuildHasher, Hasher, RandomState};

use jiff::Timestamp;

use crate::fault::{ApiFault, WebhookFault};
use crate::options::Webhook;
use crate::seen::{ApiCall, Delivery, Seen, Whisper};
use crate::tab::Tab;

/// The number of newest deliveries that are always kept.
const DELIVERIES: usize = 10_000;
/// The longest display name, in characters, as in Owncast.
pub(crate) const NAME_CHARS: usize = 30;

#[derive(Debug, Clone)]
pub(crate) struct Viewer {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) color: u8,
    pub(crate) created: Timestamp,
    /// All names that the viewer has used, including the first and the current one.
    pub(crate) names: Vec<String>,
    pub(crate) renamed: Option<Timestamp>,
    pub(crate) banned: Option<Timestamp>,
    pub(crate) moderator: bool,
    pub(crate) authenticated: bool,
    pub(crate) bot: bool,
    /// How often the viewer closed their last tab. A pending departure with an older count is ignored.
    pub(crate) departures: u64,
    pub(crate) parting: bool,
}

#[derive(Debug, Clone)]
pub(crate) struct Connection {
    pub(crate) client: u64,
    pub(crate) viewer: String,
    pub(crate) since: Timestamp,
    pub(crate) messages: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum LineKind {
    Chat,
    Bot,
    System,
    Action,
    Whisper,
    Notice,
}

#[derive(Debug, Clone)]
pub(crate) struct Line {
    pub(crate) number: u64,
    pub(crate) id: String,
    pub(crate) at: Timestamp,
    pub(crate) kind: LineKind,
    /// The `user.id` of its author, or of the viewer who received a whisper.
    pub(crate) viewer: String,
    /// The author's name at the time.
    pub(crate) name: String,
    pub(crate) raw: String,
    pub(crate) client: Option<u64>,
    pub(crate) visible: bool,
}

#[derive(Debug, Clone)]
pub(crate) struct Follower {
    pub(crate) handle: String,
    pub(crate) name: String,
    pub(crate) at: Timestamp,
}

#[derive(Debug, Default)]
pub(crate) struct Stream {
    pub(crate) live: bool,
    pub(crate) title: String,
    pub(crate) connected: Option<Timestamp>,
    pub(crate) disconnected: Option<Timestamp>,
    pub(crate) peak: usize,
    pub(crate) peak_ever: usize,
}

#[derive(Debug)]
pub(crate) struct SimulatorState {
    pub(crate) viewers: Vec<Viewer>,
    pub(crate) connections: Vec<Connection>,
    pub(crate) lines: Vec<Line>,
    pub(crate) followers: Vec<Follower>,
    pub(crate) stream: Stream,
    pub(crate) webhook: Option<Webhook>,
    pub(crate) bot_url: Option<String>,
    pub(crate) fault: ApiFault,
    pub(crate) link: WebhookFault,
    pub(crate) deliveries: Vec<Delivery>,
    pub(crate) delivered: u64,
    pub(crate) pending: usize,
    pub(crate) calls: Vec<ApiCall>,
    next_client: u64,
    next_id: u64,
    seed: u64,
}

impl SimulatorState {
    pub(crate) fn new(webhook: Option<Webhook>, bot_url: Option<String>) -> Self {
        Self {
            viewers: Vec::new(),
            connections: Vec::new(),
            lines: Vec::new(),
            followers: Vec::new(),
            stream: Stream::default(),
            webhook,
            bot_url,
            fault: ApiFault::None,
            link: WebhookFault::None,
            deliveries: Vec::new(),
            delivered: 0,
            pending: 0,
            calls: Vec::new(),
            next_client: 0,
            next_id: 0,
            seed: RandomState::new().build_hasher().finish(),
        }
    }

    /// A new id that no earlier run has used. A bot that stores ids would otherwise take a new message for a
    /// repeated delivery of an old one.
    pub(crate) fn fresh_id(&mut self) -> String {
        self.next_id += 1;
        // The finaliser of SplitMix64 is a bijection, so different numbers give different ids.
        let mut z = self.seed.wrapping_add(self.next_id.wrapping_mul(0x9e37_79b9_7f4a_7c15));
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^= z >> 31;
        format!("{z:016x}")
    }

    /// The id of this run, by which the page notices a restart.
    pub(crate) fn run(&self) -> String {
        format!("{:016x}", self.seed)
    }

    pub(crate) fn viewer(&self, id: &str) -> Option<&Viewer> {
        self.viewers.iter().find(|viewer| viewer.id == id)
    }

    pub(crate) fn viewer_mut(&mut self, id: &str) -> Option<&mut Viewer> {
        self.viewers.iter_mut().find(|viewer| viewer.id == id)
    }

    /// The id of the viewer with the name `name`, who is created if necessary.
    pub(crate) fn viewer_named(&mut self, name: &str, now: Timestamp) -> String {
        if let Some(viewer) = self.viewers.iter().find(|viewer| viewer.name == name) {
            return viewer.id.clone();
        }
        let slug = slug(name);
        let mut id = slug.clone();
        for n in 2.. {
            if self.viewer(&id).is_none() {
                break;
            }
            id = format!("{slug}-{n}");
        }
        self.add_viewer(id, name, now)
    }

    pub(crate) fn add_viewer(&mut self, id: String, name: &str, now: Timestamp) -> String {
        if self.viewer(&id).is_none() {
            self.viewers.push(Viewer {
                id: id.clone(),
                name: name.to_owned(),
                color: u8::try_from(self.viewers.len() % 8).unwrap_or(0),
                created: now,
                names: vec![name.to_owned()],
                renamed: None,
                banned: None,
                moderator: false,
                authenticated: false,
                bot: false,
                departures: 0,
                parting: false,
            });
        }
        id
    }

    /// Opens a connection, unless the viewer is unknown or banned. The flag is true if the viewer was not in
    /// chat before.
    pub(crate) fn connect(&mut self, viewer: &str, now: Timestamp) -> Option<(Tab, bool)> {
        let known = self.viewers.iter_mut().find(|known| known.id == viewer && known.banned.is_none())?;
        let comes = !known.parting && !self.connections.iter().any(|c| c.viewer == viewer);
        known.parting = false;
        let client = self.next_client;
        self.next_client += 1;
        self.connections.push(Connection { client, viewer: viewer.to_owned(), since: now, messages: 0 });
        if self.stream.live {
            let here = self.audience();
            self.stream.peak = self.stream.peak.max(here);
            self.stream.peak_ever = self.stream.peak_ever.max(here);
        }
        Some((Tab(client), comes))
    }

    /// Closes a connection. If it was the viewer's last one, returns the viewer and their count of
    /// departures.
    pub(crate) fn disconnect(&mut self, client: u64) -> Option<(String, u64)> {
        let at = self.connections.iter().position(|connection| connection.client == client)?;
        let Connection { viewer, .. } = self.connections.remove(at);
        if self.connections.iter().any(|connection| connection.viewer == viewer) {
            return None;
        }
        let known = self.viewer_mut(&viewer)?;
        known.departures += 1;
        known.parting = true;
        let departures = known.departures;
        Some((viewer, departures))
    }

    /// The number of different viewers who are connected.
    pub(crate) fn audience(&self) -> usize {
        let mut ids: Vec<&str> = self.connections.iter().map(|connection| &*connection.viewer).collect();
        ids.sort_unstable();
        ids.dedup();
        ids.len()
    }

    pub(crate) fn push_line(
        &mut self,
        (id, at): (String, Timestamp),
        kind: LineKind,
        (viewer, name): (&str, &str),
        client: Option<u64>,
        raw: &str,
    ) {
        let number = self.lines.last().map_or(1, |line| line.number + 1);
        let (viewer, name, raw) = (viewer.to_owned(), name.to_owned(), raw.to_owned());
        self.lines.push(Line { number, id, at, kind, viewer, name, raw, client, visible: true });
    }

    /// Adds a line that is not a message, about the stream or a viewer.
    pub(crate) fn notice(&mut self, text: &str, now: Timestamp) {
        let id = self.fresh_id();
        self.push_line((id, now), LineKind::Notice, ("", ""), None, text);
    }

    /// Shows or hides messages. Returns the ids of those that exist.
    pub(crate) fn set_visible(&mut self, ids: &[String], visible: bool) -> Vec<String> {
        let mut changed = Vec::new();
        for line in self.lines.iter_mut().filter(|line| ids.contains(&line.id)) {
            line.visible = visible;
            changed.push(line.id.clone());
        }
        changed
    }

    pub(crate) fn record(&mut self, mut delivery: Delivery) {
        self.delivered += 1;
        delivery.number = self.delivered;
        self.deliveries.push(delivery);
        if self.deliveries.len() > DELIVERIES + DELIVERIES / 10 {
            self.deliveries.drain(..DELIVERIES / 10);
        }
    }

    pub(crate) fn seen(&self) -> Seen {
        let of = |wanted: fn(LineKind) -> bool| self.lines.iter().filter(move |line| wanted(line.kind));
        let raw = |line: &Line| line.raw.clone();
        Seen {
            said: of(|kind| kind == LineKind::Bot).map(raw).collect(),
            announced: of(|kind| matches!(kind, LineKind::System | LineKind::Action)).map(raw).collect(),
            whispers: of(|kind| kind == LineKind::Whisper)
                .map(|line| Whisper {
                    tab: Tab(line.client.unwrap_or_default()),
                    viewer: line.viewer.clone(),
                    text: line.raw.clone(),
                })
                .collect(),
            deliveries: self.deliveries.clone(),
            pending: self.pending,
            calls: self.calls.clone(),
            hidden: self.lines.iter().filter(|line| !line.visible).map(|line| line.id.clone()).collect(),
            title: self.stream.title.clone(),
            live: self.stream.live,
        }
    }
}

/// A readable id made from a name. It is the same after a restart.
fn slug(name: &str) -> String {
    let slug: String =
        name.to_lowercase().chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
    let slug = slug.trim_matches('-');
    if slug.is_empty() {
        format!("viewer-{}", hex::encode(name.chars().take(8).collect::<String>()))
    } else {
        slug.to_owned()
    }
}

/// A display name as Owncast stores it; `None` if nothing is left of it.
pub(crate) fn display_name(name: &str) -> Option<String> {
    let name: String = name.chars().filter(|c| !c.is_control()).collect();
    let name: String = name.trim().chars().take(NAME_CHARS).collect();
    Some(name.trim().to_owned()).filter(|name| !name.is_empty())
}
