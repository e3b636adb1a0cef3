//! The integrations API, with the quirks of Owncast's.

use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{ConnectInfo, Path, Request, State};
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Json, Response};
use axum::routing::{any, get, post};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::fault::ApiFault;
use crate::listener::Cut;
use crate::options::Version;
use crate::payload;
use crate::render::shown;
use crate::seen::ApiCall;
use crate::simulation::Simulation;
use crate::state::LineKind;

/// The `user.id` under which Owncast lists the bot, which it knows by its access token only.
const BOT_ID: &str = "access-token";
/// How many messages `GET chat` lists.
const HISTORY: usize = 50;

pub(crate) fn router(simulation: Arc<Simulation>) -> Router {
    let mut routes = Router::new()
        .route("/api/integrations/chat/send", post(send))
        .route("/api/integrations/chat/system", post(system))
        .route("/api/integrations/chat/system/client/{client}", post(whisper))
        .route("/api/integrations/chat/action", post(action))
        .route("/api/integrations/chat/messagevisibility", post(visibility))
        .route("/api/integrations/chat/user", post(removed))
        .route("/api/integrations/chat", get(history))
        .route("/api/integrations/clients", get(clients))
        .route("/api/integrations/streamtitle", post(title))
        .route("/api/integrations/status", get(status));
    let mut missing = Router::new();
    let user = "/api/integrations/moderation/chat/user/{user}";
    if simulation.options.version >= Version::V0_2_5 {
        routes = routes.route(user, get(moderation));
    } else {
        missing = missing.route(user, any(not_found));
    }
    let routes = routes.route_layer(middleware::from_fn_with_state(Arc::clone(&simulation), require_token));
    let fault = middleware::from_fn_with_state(Arc::clone(&simulation), apply_fault);
    routes.merge(missing).route_layer(fault).with_state(simulation)
}

/// The web server's response for an unknown path. For an unknown user, Owncast sends an empty body instead.
pub(crate) async fn not_found() -> (StatusCode, &'static str) {
    (StatusCode::NOT_FOUND, "404 page not found\n")
}

/// Records every call of the bot, and applies the current fault.
pub(crate) async fn apply_fault(
    State(simulation): State<Arc<Simulation>>,
    ConnectInfo(cut): ConnectInfo<Cut>,
    request: Request,
    next: Next,
) -> Response {
    if request.method() == Method::OPTIONS {
        return (StatusCode::NO_CONTENT, [(header::ACCESS_CONTROL_ALLOW_ORIGIN, "*")]).into_response();
    }
    let call = ApiCall { method: request.method().to_string(), path: request.uri().path().to_owned() };
    let fault = simulation.change(|state| {
        state.calls.push(call);
        state.fault
    });
    let mut late = None;
    match fault {
        ApiFault::None => {}
        ApiFault::Slow(wait) => tokio::time::sleep(wait).await,
        ApiFault::LateResponse(wait) => late = Some(wait),
        ApiFault::Fail(status) => {
            return StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR).into_response();
        }
        ApiFault::Down => {
            cut.now();
            return StatusCode::SERVICE_UNAVAILABLE.into_response();
        }
        ApiFault::Error200 => return Json(json!({ "error": "simulated failure" })).into_response(),
    }
    // The effect of a call must not depend on whether the bot still waits for the response.
    let response = tokio::spawn(next.run(request)).await;
    if let Some(wait) = late {
        tokio::time::sleep(wait).await;
    }
    response.unwrap_or_else(|_| StatusCode::INTERNAL_SERVER_ERROR.into_response())
}

/// Refuses calls without the access token.
async fn require_token(State(simulation): State<Arc<Simulation>>, request: Request, next: Next) -> Response {
    if !has_token(request.headers(), &simulation.options.token) {
        return (StatusCode::UNAUTHORIZED, "unauthorized").into_response();
    }
    let mut response = next.run(request).await;
    response.headers_mut().insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, header::HeaderValue::from_static("*"));
    response
}

fn has_token(headers: &HeaderMap, token: &str) -> bool {
    let given = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    given
        .and_then(|value| value.split_once(' '))
        .is_some_and(|(scheme, given)| scheme.eq_ignore_ascii_case("bearer") && given.trim() == token)
}

enum Refusal {
    /// The response has the status 200: Owncast forgets to set another.
    Malformed(serde_json::Error),
    BadRequest(&'static str),
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let (status, error) = match self {
            Self::Malformed(error) => (StatusCode::OK, error.to_string()),
            Self::BadRequest(error) => (StatusCode::BAD_REQUEST, error.to_owned()),
        };
        (status, Json(json!({ "error": error }))).into_response()
    }
}

fn read<'a, T: Deserialize<'a>>(body: &'a [u8]) -> Result<T, Refusal> {
    serde_json::from_slice(body).map_err(Refusal::Malformed)
}

fn done(message: &str) -> Response {
    Json(json!({ "success": true, "message": message })).into_response()
}

#[derive(Deserialize)]
struct Message {
    body: String,
}

fn post_line(simulation: &Simulation, kind: LineKind, body: &[u8]) -> Result<Response, Refusal> {
    let Message { body } = read(body)?;
    let now = simulation.now();
    let id = if kind == LineKind::Bot { BOT_ID } else { "" };
    simulation.change(|state| {
        let line = state.fresh_id();
        state.push_line((line, now), kind, (id, &simulation.options.bot_name), None, &body);
    });
    Ok(done("sent"))
}

async fn send(State(simulation): State<Arc<Simulation>>, body: Bytes) -> Result<Response, Refusal> {
    post_line(&simulation, LineKind::Bot, &body)
}

async fn system(State(simulation): State<Arc<Simulation>>, body: Bytes) -> Result<Response, Refusal> {
    post_line(&simulation, LineKind::System, &body)
}

async fn action(State(simulation): State<Arc<Simulation>>, body: Bytes) -> Result<Response, Refusal> {
    post_line(&simulation, LineKind::Action, &body)
}

/// Sends a whisper. Like Owncast, it confirms a whisper to a connection that does not exist.
async fn whisper(
    State(simulation): State<Arc<Simulation>>,
    Path(client): Path<String>,
    body: Bytes,
) -> Result<Response, Refusal> {
    let Ok(client) = client.parse::<u64>() else {
        return Err(Refusal::BadRequest("the client id is no number"));
    };
    let Message { body } = read(&body)?;
    let now = simulation.now();
    simulation.change(|state| {
        let reached = state.connections.iter().find(|connection| connection.client == client);
        if let Some(viewer) = reached.map(|connection| connection.viewer.clone()) {
            let line = state.fresh_id();
            let names = (&*viewer, &*simulation.options.bot_name);
            state.push_line((line, now), LineKind::Whisper, names, Some(client), &body);
        }
    });
    Ok(done("sent"))
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Visibility {
    id_array: Vec<String>,
    visible: bool,
}

async fn visibility(State(simulation): State<Arc<Simulation>>, body: Bytes) -> Result<Response, Refusal> {
    let Visibility { id_array, visible } = read(&body)?;
    simulation.set_visible(&id_array, visible).await;
    Ok(done("changed"))
}

async fn removed() -> Refusal {
    Refusal::BadRequest("no longer supported. see /api/integrations/chat/send")
}

#[derive(Deserialize)]
struct Title {
    value: String,
}

async fn title(State(simulation): State<Arc<Simulation>>, body: Bytes) -> Result<Response, Refusal> {
    let Title { value } = read(&body)?;
    simulation.set_title(&value).await;
    Ok(done("changed"))
}

async fn status(State(simulation): State<Arc<Simulation>>) -> Json<Value> {
    Json(payload::status(&simulation.state(), simulation.options.version))
}

/// The newest visible messages of viewers and bots, the oldest first.
async fn history(State(simulation): State<Arc<Simulation>>) -> Json<Value> {
    let state = simulation.state();
    let stored = |kind| matches!(kind, LineKind::Chat | LineKind::Bot);
    let mut messages: Vec<Value> = state
        .lines
        .iter()
        .rev()
        .filter(|line| line.visible && stored(line.kind))
        .take(HISTORY)
        .map(|line| {
            let user = state.viewer(&line.viewer).map_or_else(|| bot(&simulation), payload::user);
            // Viewers' messages are shown as typed; the bot's messages contain markup.
            let text = if line.kind == LineKind::Bot { shown(&line.raw) } else { line.raw.clone() };
            payload::message(line, &user, &text)
        })
        .collect();
    messages.reverse();
    Json(messages.into())
}

fn bot(simulation: &Simulation) -> Value {
    json!({
        "id": BOT_ID,
        "displayName": simulation.options.bot_name,
        "displayColor": 0,
        "createdAt": payload::NEVER,
        "previousNames": [],
        "isBot": true,
        "authenticated": false,
    })
}

async fn clients(State(simulation): State<Arc<Simulation>>) -> Json<Value> {
    let state = simulation.state();
    let connections = state.connections.iter();
    let list: Vec<Value> =
        connections.filter_map(|c| Some(payload::client(c, state.viewer(&c.viewer)?))).collect();
    Json(list.into())
}

/// The one call whose response contains the client ids of a viewer.
async fn moderation(State(simulation): State<Arc<Simulation>>, Path(id): Path<String>) -> Response {
    let state = simulation.state();
    let Some(viewer) = state.viewer(&id) else { return StatusCode::NOT_FOUND.into_response() };
    let connected: Vec<Value> = state
        .connections
        .iter()
        .filter(|connection| connection.viewer == id)
        .map(|connection| {
            json!({
                "connectedAt": payload::time(connection.since),
                "userAgent": "Mozilla/5.0 (simulated)",
                "geo": "",
                "id": connection.client,
                "messageCount": connection.messages,
            })
        })
        .collect();
    let messages: Vec<Value> = state
        .lines
        .iter()
        .filter(|line| line.kind == LineKind::Chat && line.viewer == id)
        .map(|line| {
            let body = crate::render::html(&line.raw);
            json!({ "timestamp": payload::time(line.at), "id": line.id, "body": body, "user": null })
        })
        .collect();
    Json(json!({ "user": payload::user(viewer), "connectedClients": connected, "messages": messages }))
        .into_response()
}
