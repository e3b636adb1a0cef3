//! The overlays' pages. They never change: their scripts fill them from the document.

use askama::Template;
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use ownchatbot_domain::settings::PointsSettings;
use ownchatbot_texts::{ScriptTexts, Texts, Words};
use ownchatbot_web::{assets, filters};

use crate::path;

/// An overlay, as the list at `/overlay` shows it.
struct Overlay {
    /// The name of its script, and that by which the style knows it.
    name: &'static str,
    path: &'static str,
}

impl Overlay {
    fn title(&self, words: &Words) -> String {
        words.get(&format!("title-{}", self.name))
    }
}

const OVERLAYS: [Overlay; 7] = [
    Overlay { name: "votes", path: path::VOTES },
    Overlay { name: "goals", path: path::GOALS },
    Overlay { name: "alerts", path: "/overlay/alerts" },
    Overlay { name: "timers", path: "/overlay/timers" },
    Overlay { name: "queue", path: "/overlay/queue" },
    Overlay { name: "leaderboard", path: "/overlay/leaderboard" },
    Overlay { name: "ticker", path: "/overlay/ticker" },
];

#[derive(Template)]
#[template(path = "overlays/overlay.html")]
struct Page {
    t: Words,
    title: String,
    name: &'static str,
    style: String,
    script: String,
    /// The modules that the script imports.
    modules: Vec<String>,
    /// The texts that the scripts write, as JSON.
    messages: ScriptTexts,
}

#[derive(Template)]
#[template(path = "overlays/index.html")]
struct Index {
    t: Words,
    pages: &'static [Overlay],
}

/// The words of the pages. They contain no amounts, so that no page depends on the settings.
fn words(texts: &'static Texts) -> Words {
    texts.overlay_words(&PointsSettings::default().name)
}

/// The page of the overlay called `name`; 404 when there is none.
pub(crate) fn overlay(name: &str, texts: &'static Texts) -> Response {
    let Some(overlay) = OVERLAYS.iter().find(|overlay| overlay.name == name) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let (script, t) = (format!("overlays/{name}.js"), words(texts));
    rendered(&Page {
        title: overlay.title(&t),
        name: overlay.name,
        style: assets::path("overlays/overlay.css"),
        modules: assets::imports(&script),
        script: assets::path(&script),
        messages: t.scripts(),
        t,
    })
}

/// The page at `/overlay/{name}`, if there is one.
pub(crate) fn under_overlay(name: &str, texts: &'static Texts) -> Option<Response> {
    let found = OVERLAYS.iter().find(|overlay| overlay.path.strip_prefix("/overlay/") == Some(name))?;
    Some(overlay(found.name, texts))
}

/// The list of all overlays.
pub(crate) fn index(texts: &'static Texts) -> Response {
    rendered(&Index { t: words(texts), pages: &OVERLAYS })
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
