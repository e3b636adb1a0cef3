//! The JSON of webhooks and of the API, as each version of Owncast writes it.

use jiff::Timestamp;
use serde_json::{Map, Value, json};

use crate::options::Version;
use crate::render::html;
use crate::state::{Connection, Follower, Line, SimulatorState, Stream, Viewer};

/// Go's zero time, which Owncast writes for a missing time.
pub(crate) const NEVER: &str = "0001-01-01T00:00:00Z";

/// A time as Owncast writes it.
pub(crate) fn time(at: Timestamp) -> String {
    at.to_string()
}

pub(crate) fn user(viewer: &Viewer) -> Value {
    let mut user = json!({
        "id": viewer.id,
        "displayName": viewer.name,
        "displayColor": viewer.color,
        "createdAt": time(viewer.created),
        "previousNames": viewer.names,
        "nameChangedAt": viewer.renamed.map_or_else(|| NEVER.to_owned(), time),
        "isBot": viewer.bot,
        "authenticated": viewer.authenticated,
    });
    if let Some(at) = viewer.banned {
        user["disabledAt"] = time(at).into();
    }
    if viewer.moderator {
        user["scopes"] = json!(["MODERATOR"]);
    }
    user
}

pub(crate) fn status(state: &SimulatorState, version: Version) -> Value {
    let Stream { live, title, connected, disconnected, peak, peak_ever } = &state.stream;
    json!({
        "lastConnectTime": connected.map(time),
        "lastDisconnectTime": disconnected.map(time),
        "online": live,
        "overallMaxViewerCount": peak_ever,
        "sessionMaxViewerCount": if *live { *peak } else { 0 },
        "streamTitle": title,
        "versionNumber": version.number(),
        "viewerCount": if *live { state.audience() } else { 0 },
    })
}

/// Makes payloads as a version of Owncast writes them, with the server's own URL and name.
pub(crate) struct Payloads<'a> {
    pub(crate) version: Version,
    pub(crate) server_url: &'a str,
    pub(crate) server_name: &'a str,
}

impl Payloads<'_> {
    fn old(&self) -> bool {
        self.version < Version::V0_2_5
    }

    /// Adds the common fields of chat events: those since 0.2.4, or those of older versions.
    fn chat_event(
        &self,
        state: &SimulatorState,
        kind: &str,
        client: Option<u64>,
        mut data: Map<String, Value>,
    ) -> Value {
        if self.old() {
            data.insert("type".to_owned(), kind.into());
            // Go omits a zero.
            if let Some(client) = client.filter(|client| *client != 0) {
                data.insert("clientId".to_owned(), client.into());
            }
        } else {
            data.insert("status".to_owned(), status(state, self.version));
            data.insert("serverURL".to_owned(), self.server_url.into());
        }
        data.into()
    }

    pub(crate) fn chat(
        &self,
        state: &SimulatorState,
        viewer: &Viewer,
        id: &str,
        client: u64,
        text: &str,
        at: Timestamp,
    ) -> Value {
        let mut data = json!({
            "user": user(viewer),
            "timestamp": time(at),
            "body": html(text),
            "rawBody": text,
            "id": id,
            "visible": true,
        });
        if client != 0 {
            data["clientId"] = client.into();
        }
        if !self.old() {
            data["status"] = status(state, self.version);
            data["serverURL"] = self.server_url.into();
        }
        data
    }

    pub(crate) fn presence(
        &self,
        state: &SimulatorState,
        kind: &str,
        (viewer, client): (&Viewer, Option<u64>),
        (id, at): (&str, Timestamp),
    ) -> Value {
        let data = [("id", id.into()), ("timestamp", time(at).into()), ("user", user(viewer))];
        self.chat_event(
            state,
            kind,
            client,
            data.map(|(key, value)| (key.to_owned(), value)).into_iter().collect(),
        )
    }

    /// A rename. Owncast forwards the client's own event, without id and time, and the former names lack the
    /// latest one.
    pub(crate) fn renamed(
        &self,
        state: &SimulatorState,
        viewer: &Viewer,
        client: Option<u64>,
        new_name: &str,
    ) -> Value {
        let mut user = user(viewer);
        user["previousNames"] = json!(viewer.names[..viewer.names.len().saturating_sub(1)]);
        let data =
            [("id", "".into()), ("timestamp", NEVER.into()), ("user", user), ("newName", new_name.into())];
        let data = data.map(|(key, value)| (key.to_owned(), value)).into_iter().collect();
        self.chat_event(state, "NAME_CHANGE", client, data)
    }

    pub(crate) fn visibility(
        &self,
        state: &SimulatorState,
        ids: &[String],
        visible: bool,
        id: &str,
        at: Timestamp,
    ) -> Value {
        let mut data = Map::new();
        data.insert("id".to_owned(), id.into());
        data.insert("timestamp".to_owned(), time(at).into());
        data.insert("user".to_owned(), Value::Null);
        if self.old() {
            data.insert("body".to_owned(), "".into());
            data.insert("MessageIDs".to_owned(), json!(ids));
            data.insert("Visible".to_owned(), visible.into());
        } else {
            data.insert("ids".to_owned(), json!(ids));
            data.insert("visible".to_owned(), visible.into());
        }
        self.chat_event(state, "VISIBILITY-UPDATE", None, data)
    }

    pub(crate) fn stream(&self, state: &SimulatorState, id: &str, at: Timestamp) -> Value {
        let mut data = json!({
            "id": id,
            "name": self.server_name,
            "streamTitle": state.stream.title,
            "summary": "A simulated Owncast",
            "timestamp": time(at),
            "status": status(state, self.version),
        });
        if !self.old() {
            data["serverURL"] = self.server_url.into();
        }
        data
    }

    pub(crate) fn follow(&self, follower: &Follower, id: &str) -> Value {
        let mut data = json!({
            "id": id,
            "timestamp": time(follower.at),
            "name": follower.name,
            "username": follower.handle,
            "image": "",
        });
        if self.version >= Version::V0_3_0 {
            data["serverURL"] = self.server_url.into();
        }
        data
    }
}

/// A stored message as `GET chat` lists it.
pub(crate) fn message(line: &Line, user: &Value, body: &str) -> Value {
    json!({ "timestamp": time(line.at), "type": "CHAT", "id": line.id, "user": user, "body": html(body) })
}

/// A connection as `GET clients` lists it, without its client id.
pub(crate) fn client(connection: &Connection, viewer: &Viewer) -> Value {
    json!({
        "connectedAt": time(connection.since),
        "user": user(viewer),
        "geo": null,
        "userAgent": "Mozilla/5.0 (simulated)",
        "messageCount": connection.messages,
    })
}
