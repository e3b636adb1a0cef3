//! The public part of Owncast's API.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, State};
use axum::http::header;
use axum::middleware;
use axum::response::{IntoResponse, Json, Response};
use axum::routing::get;
use serde_json::{Value, json};

use crate::action::Action;
use crate::api::{apply_fault, not_found};
use crate::payload;
use crate::simulation::Simulation;

/// The emoji: their names, and their pictures, which were drawn for this project and are in the public domain
/// (CC0).
const EMOJI: [(&str, &str); 3] = [
    ("beerparrot", include_str!("emoji/beerparrot.svg")),
    ("foxheart", include_str!("emoji/foxheart.svg")),
    ("ghostwave", include_str!("emoji/ghostwave.svg")),
];

pub(crate) fn router(simulation: Arc<Simulation>) -> Router {
    let emoji = Router::new().route("/api/emoji", get(emoji));
    Router::new()
        .route("/api/status", get(status))
        .route("/api/config", get(config))
        .route("/api/followers", get(followers))
        // The bot calls only the list, so only the list has faults.
        .merge(emoji.route_layer(middleware::from_fn_with_state(Arc::clone(&simulation), apply_fault)))
        .route("/img/emoji/{file}", get(picture))
        .with_state(simulation)
}

async fn status(State(simulation): State<Arc<Simulation>>) -> Json<Value> {
    let state = simulation.state();
    let stream = &state.stream;
    let mut status = json!({
        "serverTime": payload::time(simulation.now()),
        "lastConnectTime": stream.connected.map(payload::time),
        "lastDisconnectTime": stream.disconnected.map(payload::time),
        "versionNumber": simulation.options.version.number(),
        "streamTitle": stream.title,
        "online": stream.live,
    });
    // Go omits a zero.
    if stream.live && state.audience() > 0 {
        status["viewerCount"] = state.audience().into();
    }
    Json(status)
}

async fn config(State(simulation): State<Arc<Simulation>>) -> Json<Value> {
    let state = simulation.state();
    let action = Action::of(state.bot_url.as_deref());
    Json(json!({
        "name": "Simulated stream",
        "summary": "A simulated Owncast",
        "version": format!("Owncast v{}-simulated", simulation.options.version.number()),
        "streamTitle": state.stream.title,
        "chatDisabled": false,
        "externalActions": action.iter().map(Action::listed).collect::<Vec<_>>(),
        "maxSocketPayloadSize": 2048,
    }))
}

async fn followers(State(simulation): State<Arc<Simulation>>) -> Json<Value> {
    let state = simulation.state();
    let results: Vec<Value> = state
        .followers
        .iter()
        .rev()
        .map(|follower| {
            json!({
                "link": format!("https://social.example/users/{}", follower.handle),
                "name": follower.name,
                "username": follower.handle,
                "image": "",
                "timestamp": payload::time(follower.at),
                "disabledAt": null,
            })
        })
        .collect();
    Json(json!({ "total": results.len(), "results": results }))
}

async fn emoji() -> Json<Value> {
    let list = EMOJI.map(|(name, _)| json!({ "name": name, "url": format!("/img/emoji/{name}.svg") }));
    Json(json!(list))
}

async fn picture(Path(file): Path<String>) -> Response {
    let name = file.strip_suffix(".svg").unwrap_or_default();
    let Some((_, picture)) = EMOJI.iter().find(|(known, _)| *known == name) else {
        return not_found().await.into_response();
    };
    let headers = [
        (header::CONTENT_TYPE, "image/svg+xml"),
        (header::CONTENT_SECURITY_POLICY, "default-src 'none'"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::CACHE_CONTROL, "no-cache"),
    ];
    (headers, *picture).into_response()
}
