//! The page's own API in JSON: every button sends one [`Act`], and [`state`] returns what the page shows.

use std::sync::Arc;
use std::time::Duration;

use serde::Deserialize;
use serde_json::{Value, json};

use crate::action::Action;
use crate::fault::{ApiFault, WebhookFault};
use crate::render::{Part, parts};
use crate::seen::Outcome;
use crate::simulation::Simulation;
use crate::state::{Line, LineKind, SimulatorState, display_name};
use crate::tab::Tab;

/// The most chat lines in one response; older ones are left out.
const LINES: usize = 300;
/// The number of deliveries on the page.
const DELIVERIES: usize = 30;
/// The delay of the faults called "slow" on the page.
const SLOW: Duration = Duration::from_secs(2);

/// The action of a button on the page.
#[derive(Debug, Deserialize)]
#[serde(tag = "act", rename_all = "snake_case", deny_unknown_fields)]
pub(crate) enum Act {
    /// Types a message in a tab.
    Say { client: u64, text: String },
    /// Brings a new viewer into chat.
    Arrive { name: String },
    /// Opens one more tab.
    Connect { viewer: String },
    /// Closes a tab.
    Disconnect { client: u64 },
    /// Gives a viewer another name.
    Rename { viewer: String, name: String },
    /// Makes a viewer a moderator, or an ordinary viewer again.
    Moderator { viewer: String, on: bool },
    /// Links an identity to a viewer, or unlinks it.
    Authenticated { viewer: String, on: bool },
    /// Starts the stream.
    Live { title: String },
    /// Ends the stream.
    Offline,
    /// Sets the stream's title.
    Title { title: String },
    /// Adds a follower from the Fediverse.
    Follow { handle: String },
    /// Hides a message, or shows it again.
    Visible { message: String, on: bool },
    /// Sets the fault of webhooks.
    Hooks { link: Hooks },
    /// Sets the fault of the bot's calls.
    Api { link: Api },
}

/// The faults of webhooks that the page offers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Hooks {
    Working,
    Slow,
    Lost,
    Twice,
}

/// The faults of the bot's calls that the page offers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Api {
    Working,
    Slow,
    Failing,
    Refusing,
    Down,
}

/// Carries out the action of a button. The value is for the page's script; an error is a sentence for the
/// user.
pub(crate) async fn act(simulation: &Arc<Simulation>, act: Act) -> Result<Value, &'static str> {
    match act {
        Act::Say { client, text } => {
            let id = simulation.says(Tab(client), &text).await;
            return id.map(|id| json!({ "id": id })).ok_or("That tab is closed. Open another one.");
        }
        Act::Arrive { name } => {
            let name = display_name(&name).ok_or("Give the viewer a name.")?;
            let now = simulation.now();
            let id = simulation.change(|state| state.viewer_named(&name, now));
            let tab = simulation.connect(&id).await;
            return Ok(json!({ "viewer": id, "client": tab.map(|tab| tab.0) }));
        }
        Act::Connect { viewer } => {
            let tab = simulation.connect(&viewer).await.ok_or("There is no such viewer.")?;
            return Ok(json!({ "viewer": viewer, "client": tab.0 }));
        }
        Act::Disconnect { client } => simulation.disconnect(Tab(client)).await,
        Act::Rename { viewer, name } => {
            display_name(&name).ok_or("Give the viewer a name.")?;
            simulation.rename(&viewer, &name).await;
        }
        Act::Moderator { viewer, on } => {
            simulation.change(|state| state.viewer_mut(&viewer).map(|viewer| viewer.moderator = on));
        }
        Act::Authenticated { viewer, on } => {
            simulation.change(|state| state.viewer_mut(&viewer).map(|viewer| viewer.authenticated = on));
        }
        Act::Live { title } => simulation.go_live(&title).await,
        Act::Offline => simulation.go_offline().await,
        Act::Title { title } => simulation.set_title(&title).await,
        Act::Follow { handle } => {
            if handle.trim().trim_start_matches('@').is_empty() {
                return Err("Write a handle such as ann@social.example.");
            }
            let name = handle.trim().trim_start_matches('@').split('@').next().unwrap_or_default().to_owned();
            simulation.follow(&handle, &name).await;
        }
        Act::Visible { message, on } => simulation.set_visible(&[message], on).await,
        Act::Hooks { link } => {
            let fault = match link {
                Hooks::Working => WebhookFault::None,
                Hooks::Slow => WebhookFault::Slow(SLOW),
                Hooks::Lost => WebhookFault::Dropped,
                Hooks::Twice => WebhookFault::Duplicated,
            };
            simulation.change(|state| state.link = fault);
        }
        Act::Api { link } => {
            let fault = match link {
                Api::Working => ApiFault::None,
                Api::Slow => ApiFault::LateResponse(SLOW),
                Api::Failing => ApiFault::Fail(503),
                Api::Refusing => ApiFault::Error200,
                Api::Down => ApiFault::Down,
            };
            simulation.change(|state| state.fault = fault);
        }
    }
    Ok(json!({}))
}

/// The state that the page shows, without the lines up to number `since`, which the page has already.
pub(crate) fn state(simulation: &Simulation, since: u64) -> Value {
    let state = simulation.state();
    let new = state.lines.iter().filter(|line| line.number > since).count().min(LINES);
    json!({
        "run": state.run(),
        "version": simulation.options.version.number(),
        "bot": simulation.options.bot_name,
        "bot_url": state.bot_url,
        "action": Action::of(state.bot_url.as_deref()).map(|action| action.shown(simulation.options.version)),
        "linked": state.webhook.is_some(),
        "live": state.stream.live,
        "title": state.stream.title,
        "viewers": viewers(&state),
        "lines": state.lines[state.lines.len() - new..].iter().map(|line| self::line(&state, line)).collect::<Vec<_>>(),
        "hidden": state.lines.iter().rev().take(LINES).filter(|line| !line.visible).map(|line| &line.id).collect::<Vec<_>>(),
        "hooks": hooks(state.link),
        "api": api(state.fault),
        "pending": state.pending,
        "deliveries": deliveries(&state),
    })
}

fn viewers(state: &SimulatorState) -> Vec<Value> {
    let tabs = |id: &str| -> Vec<u64> {
        state.connections.iter().filter(|c| c.viewer == id).map(|c| c.client).collect()
    };
    state
        .viewers
        .iter()
        .map(|viewer| {
            json!({
                "id": viewer.id,
                "name": viewer.name,
                "moderator": viewer.moderator,
                "authenticated": viewer.authenticated,
                "banned": viewer.banned.is_some(),
                "tabs": tabs(&viewer.id),
            })
        })
        .collect()
}

fn line(state: &SimulatorState, line: &Line) -> Value {
    // Viewers' messages are shown as typed; the bot's messages contain markup.
    let typed = matches!(line.kind, LineKind::Chat | LineKind::Notice);
    let parts = if typed { vec![Part::plain(line.raw.clone())] } else { parts(&line.raw) };
    json!({
        "number": line.number,
        "id": line.id,
        "at": line.at.as_millisecond(),
        "kind": line.kind,
        "viewer": line.viewer,
        "name": line.name,
        "moderator": state.viewer(&line.viewer).is_some_and(|viewer| viewer.moderator),
        "text": parts.iter().map(|part| &*part.text).collect::<String>(),
        "parts": parts,
        "client": line.client,
    })
}

fn deliveries(state: &SimulatorState) -> Vec<Value> {
    let newest = state.deliveries.iter().rev().take(DELIVERIES);
    newest
        .map(|delivery| {
            let (ok, outcome) = match &delivery.outcome {
                Outcome::Status(status) => ((200..300).contains(status), status.to_string()),
                Outcome::Failed(_) => (false, "no response".to_owned()),
                Outcome::Dropped => (false, "lost".to_owned()),
            };
            json!({
                "number": delivery.number,
                "kind": delivery.kind,
                "signed": delivery.signature.is_some(),
                "ok": ok,
                "outcome": outcome,
                "at": delivery.at.as_millisecond(),
                "ms": u64::try_from(delivery.took.as_millis()).unwrap_or(u64::MAX),
            })
        })
        .collect()
}

fn hooks(link: WebhookFault) -> &'static str {
    match link {
        WebhookFault::None => "working",
        WebhookFault::Slow(_) => "slow",
        WebhookFault::Dropped => "lost",
        WebhookFault::Duplicated => "twice",
    }
}

fn api(fault: ApiFault) -> &'static str {
    match fault {
        ApiFault::None => "working",
        ApiFault::Slow(_) | ApiFault::LateResponse(_) => "slow",
        ApiFault::Fail(_) => "failing",
        ApiFault::Error200 => "refusing",
        ApiFault::Down => "down",
    }
}
