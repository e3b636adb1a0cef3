//! The local counterpart of CloudFront: one server in front of all HTTP functions.

use std::sync::Arc;

use axum::Router;
use axum::http::StatusCode;
use axum::routing::get;
use ownchatbot_boot::SystemClock;

const ROOT: &str = "OwnchatBot is running. Its rewards are used in chat: type !help there. The viewers' panel is at /userpanel.\n";
const NOTHING: &str = "There is nothing at this address.\n";

/// The routes of all HTTP functions, with a start page and a page for unknown paths.
pub(crate) fn router(
    hook: Arc<owncast_hook::Deps<SystemClock>>,
    overlays: Arc<overlays::Deps<SystemClock>>,
    panel: Arc<viewer_panel::Deps<SystemClock>>,
) -> Router {
    Router::new()
        .route("/", get(|| async { ROOT }))
        .merge(owncast_hook::router(hook))
        .merge(overlays::router(overlays))
        .merge(viewer_panel::router(panel))
        .fallback(|| async { (StatusCode::NOT_FOUND, NOTHING) })
}
