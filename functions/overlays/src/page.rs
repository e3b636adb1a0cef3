//! The overlays' pages. They never change: their scripts fill them from the document.

use askama::Template;
use askama::filters::Safe;
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use ownchatbot_web::{assets, script_messages};

use crate::path;

/// An overlay, as the list at `/overlay` shows it.
struct Overlay {
    /// The name of its script, and that by which the style knows it.
    name: &'static str,
    path: &'static str,
    title: &'static str,
}

const OVERLAYS: [Overlay; 7] = [
    Overlay { name: "votes", path: path::VOTES, title: "Votes" },
    Overlay { name: "goals", path: path::GOALS, title: "Goals" },
    Overlay { name: "alerts", path: "/overlay/alerts", title: "Alerts" },
    Overlay { name: "timers", path: "/overlay/timers", title: "Timers" },
    Overlay { name: "queue", path: "/overlay/queue", title: "Queue" },
    Overlay { name: "leaderboard", path: "/overlay/leaderboard", title: "Leaderboard" },
    Overlay { name: "ticker", path: "/overlay/ticker", title: "Ticker" },
];

#[derive(Template)]
#[template(path = "overlays/overlay.html")]
struct Page {
    title: &'static str,
    name: &'static str,
    style: String,
    script: String,
    /// The modules that the script imports.
    modules: Vec<String>,
    /// The texts that the scripts write, as JSON.
    messages: Safe<String>,
}

#[derive(Template)]
#[template(path = "overlays/index.html")]
struct Index {
    pages: &'static [Overlay],
}

/// The page of the overlay called `name`; 404 when there is none.
pub(crate) fn overlay(name: &str) -> Response {
    let Some(Overlay { name, title, .. }) = OVERLAYS.iter().find(|overlay| overlay.name == name) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let script = format!("overlays/{name}.js");
    rendered(&Page {
        title,
        name,
        style: assets::path("overlays/overlay.css"),
        modules: assets::imports(&script),
        script: assets::path(&script),
        messages: Safe(script_messages::overlays()),
    })
}

/// The page at `/overlay/{name}`, if there is one.
pub(crate) fn under_overlay(name: &str) -> Option<Response> {
    let found = OVERLAYS.iter().find(|overlay| overlay.path.strip_prefix("/overlay/") == Some(name))?;
    Some(overlay(found.name))
}

/// The list of all overlays.
pub(crate) fn index() -> Response {
    rendered(&Index { pages: &OVERLAYS })
}

fn rendered(page: &impl Template) -> Response {
    match page.render() {
        Ok(html) => ([(CONTENT_TYPE, "text/html; charset=utf-8")], html).into_response(),
        Err(error) => {
            tracing::error!(%error, http.status = 500, "could not render an overlay's page");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}
