//! Pages and documents, compared with a handler that returns the same bytes as a constant.

use std::sync::Arc;

use axum::Router;
use axum::body::to_bytes;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Request};
use axum::routing::get;
use lambda_http::request::LambdaRequest;
use lambda_http::{Adapter, Context as LambdaContext, LambdaEvent, Service};
use ownchatbot_app::{Context, SigningKey};
use ownchatbot_boot::SystemClock;
use ownchatbot_owncast::BaseUrl;
use ownchatbot_testkit::builders::sample_rewards;
use ownchatbot_testkit::configure::save_reward;
use ownchatbot_testkit::http::send;
use ownchatbot_testkit::lambda::call;
use serde_json::json;

use crate::Measured;
use crate::harness::BenchSetup;

/// A page or a document, requested through Lambda.
pub(crate) struct Page {
    router: Router,
    event: String,
}

impl Page {
    /// `/userpanel` for a viewer who is not signed in.
    pub(crate) async fn panel(test: &BenchSetup) -> Self {
        add_rewards(test).await;
        let context = Context::new(test.store.clone(), SystemClock);
        let owncast = BaseUrl::parse(test.owncast()).unwrap();
        let deps = viewer_panel::Deps::new(context, key(), owncast, None).unwrap();
        Self::of(viewer_panel::router(Arc::new(deps)), "/userpanel")
    }

    /// `/overlay/live.json`.
    pub(crate) async fn document(test: &BenchSetup) -> Self {
        add_rewards(test).await;
        let context = Context::new(test.store.clone(), SystemClock);
        Self::of(overlays::router(Arc::new(overlays::Deps::new(context, key(), None))), "/overlay/live.json")
    }

    fn of(router: Router, path: &str) -> Self {
        let event = call("GET", path, &json!({ "accept-encoding": "gzip" }), "").to_string();
        Self { router, event }
    }

    /// A handler that always returns the current response of this one.
    pub(crate) async fn constant(&self, path: &'static str) -> Self {
        let request = Request::get(path).header("accept-encoding", "gzip");
        let response = send(&self.router, request, "").await;
        let kept: HeaderMap = response
            .headers
            .iter()
            .map(|(name, value)| -> (HeaderName, HeaderValue) { (name.clone(), value.clone()) })
            .collect();
        let body = to_bytes(response.body.into(), usize::MAX).await.unwrap();
        let router = Router::new().route(path, get(move || async move { (kept, body) }));
        Self { router, event: self.event.clone() }
    }
}

fn key() -> SigningKey {
    SigningKey::parse("0123456789abcdef0123456789abcdef").unwrap()
}

/// Adds rewards to show.
async fn add_rewards(test: &BenchSetup) {
    for reward in sample_rewards() {
        // Rewards that exist are kept.
        let _ = save_reward(&test.store, &reward, None).await.unwrap();
    }
}

impl Measured for Page {
    type Input = ();

    fn prepare(&mut self) {}

    async fn run(&self, (): ()) {
        let request: LambdaRequest = serde_json::from_slice(self.event.as_bytes()).unwrap();
        let mut adapter = Adapter::from(self.router.clone());
        let response = adapter.call(LambdaEvent::new(request, LambdaContext::default())).await.unwrap();
        let response = serde_json::to_vec(&response).unwrap();
        assert!(response.starts_with(br#"{"statusCode":200,"#), "{}", String::from_utf8_lossy(&response));
    }
}
