//! The part of Owncast's API that is open to everybody.

use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::response::Json;
use axum::routing::get;
use serde_json::{Value, json};

use super::payload;
use super::stage::Stage;

pub(super) fn router(stage: Arc<Stage>) -> Router {
    Router::new()
        .route("/api/status", get(status))
        .route("/api/config", get(config))
        .route("/api/followers", get(followers))
        .route("/api/emoji", get(emoji))
        .with_state(stage)
}

async fn status(State(stage): State<Arc<Stage>>) -> Json<Value> {
    let world = stage.world();
    let stream = &world.stream;
    let mut status = json!({
        "serverTime": payload::time(stage.now()),
        "lastConnectTime": stream.connected.map(payload::time),
        "lastDisconnectTime": stream.disconnected.map(payload::time),
        "versionNumber": stage.options.version.number(),
        "streamTitle": stream.title,
        "online": stream.live,
    });
    // Go leaves out a zero.
    if stream.live && world.audience() > 0 {
        status["viewerCount"] = world.audience().into();
    }
    Json(status)
}

async fn config(State(stage): State<Arc<Stage>>) -> Json<Value> {
    Json(json!({
        "name": "Simulated stream",
        "summary": "A simulated Owncast",
        "version": format!("Owncast v{}-simulated", stage.options.version.number()),
        "streamTitle": stage.world().stream.title,
        "chatDisabled": false,
        "externalActions": [],
        "maxSocketPayloadSize": 2048,
    }))
}

async fn followers(State(stage): State<Arc<Stage>>) -> Json<Value> {
    let world = stage.world();
    let results: Vec<Value> = world
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
    Json(json!([{ "name": "beerparrot", "url": "/img/emoji/beerparrot.gif" }]))
}
