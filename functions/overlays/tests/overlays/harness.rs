//! Overlays over an embedded table on which a bot runs.

use std::io::Read;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::http::Request;
use axum::http::request::Builder;
use flate2::read::GzDecoder;
use overlays::{Deps, router};
use ownchatbot_app::SigningKey;
use ownchatbot_domain::Reward;
use ownchatbot_testkit::bot::Bot;
use ownchatbot_testkit::builders::sample_rewards;
use ownchatbot_testkit::http::{Answer, send};
use ownchatbot_web::Token;
use serde_json::Value;

/// The path of the document.
pub(crate) const LIVE: &str = "/overlay/live.json";
/// The signing key, by which viewers' ids are hashed.
pub(crate) const KEY: &str = "0123456789abcdef0123456789abcdef";

pub(crate) fn unpacked(packed: &[u8]) -> Vec<u8> {
    let mut plain = Vec::new();
    GzDecoder::new(packed).read_to_end(&mut plain).unwrap();
    plain
}

/// Overlays, and the bot whose table they read.
pub(crate) struct OverlayTest {
    pub(crate) bot: Bot,
    pub(crate) router: Router,
}

impl OverlayTest {
    /// With the sample rewards.
    pub(crate) async fn new() -> Self {
        Self::with(&sample_rewards()).await
    }

    pub(crate) async fn with(rewards: &[Reward]) -> Self {
        let bot = Bot::with_rewards(rewards).await;
        let router = another(&bot, None);
        Self { bot, router }
    }

    /// Requests `path`.
    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.send(Request::get(path)).await
    }

    /// Requests `path`, and accepts gzip.
    pub(crate) async fn get_packed(&self, path: &str) -> Answer {
        self.send(Request::get(path).header("accept-encoding", "gzip, deflate, br")).await
    }

    pub(crate) async fn send(&self, request: Builder) -> Answer {
        send(&self.router, request, Body::empty()).await
    }

    /// The document.
    pub(crate) async fn document(&self) -> Value {
        self.get(LIVE).await.json()
    }
}

/// Another process on the table of `bot`. Where `origin` is given, it accepts only requests that carry that
/// secret.
pub(crate) fn another(bot: &Bot, origin: Option<&str>) -> Router {
    let origin = origin.map(|text| Token::parse(text).unwrap());
    router(Arc::new(Deps::new(bot.another_process(), SigningKey::parse(KEY).unwrap(), origin)))
}
