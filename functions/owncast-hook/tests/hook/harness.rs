//! A hook over an embedded table.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::time::Duration;

use aws_sdk_dynamodb::types::AttributeValue;
use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Method, Request, StatusCode, header};
use http_body_util::BodyExt;
use owncast_hook::{Deps, HookAuth, router};
use ownchatbot_app::Context;
use ownchatbot_app::ports::Clock;
use ownchatbot_domain::reward::Note;
use ownchatbot_domain::{Effect, Reward, ViewerId};
use ownchatbot_owncast::{WebhookSecret, sign, signature};
use ownchatbot_store::{Commit, LoadedViewer, Store};
use ownchatbot_testkit::bot::signing_key;
use ownchatbot_testkit::builders::{self, redeem};
use ownchatbot_testkit::clock::ManualClock;
use ownchatbot_testkit::configure::save_reward;
use ownchatbot_testkit::faults::Faults;
use ownchatbot_testkit::table::TestTable;
use ownchatbot_web::Token;
use serde_json::{Value, json};
use tower::ServiceExt;

/// The token in the hook's URL.
pub(crate) const TOKEN: &str = "path-token-0123456789";
/// The secret that Owncast signs with.
pub(crate) const SECRET: &str = "horse-battery-staple";

/// A response of the hook.
#[derive(Debug)]
pub(crate) struct HookResponse {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
}

/// A hook, its table and its clock.
pub(crate) struct HookTest {
    pub(crate) table: TestTable,
    pub(crate) faults: Faults,
    pub(crate) clock: ManualClock,
    pub(crate) router: Router,
    secret: Option<WebhookSecret>,
}

impl HookTest {
    /// A hook with a secret, for Owncast from 0.3.0 on.
    pub(crate) async fn signed() -> Self {
        Self::new(Some(SECRET)).await
    }

    /// A hook without a secret, which checks only the token.
    pub(crate) async fn unsigned() -> Self {
        Self::new(None).await
    }

    async fn new(secret: Option<&str>) -> Self {
        let faults = Faults::default();
        let table = TestTable::with_faults(&faults).await;
        let (clock, secret) =
            (ManualClock::default(), secret.map(|text| WebhookSecret::parse(text).unwrap()));
        let router = hook_over(table.store.clone(), &clock, secret.clone());
        let test = Self { table, faults, clock, router, secret };
        test.save(&song(100)).await;
        test
    }

    pub(crate) async fn save(&self, reward: &Reward) {
        let known = self.table.store.config().await.unwrap();
        let before = known.reward(&reward.id).map(|before| (before, known.versions.rewards[&reward.id]));
        assert_eq!(save_reward(&self.table.store, reward, before).await.unwrap(), Commit::Applied);
    }

    pub(crate) fn signature(&self, body: &[u8]) -> Option<String> {
        self.secret.as_ref().map(|secret| sign(secret, self.clock.now(), body))
    }

    /// Sends a webhook as Owncast does.
    pub(crate) async fn post(&self, body: &[u8]) -> HookResponse {
        let signature = self.signature(body);
        self.post_with(body, signature.as_deref()).await
    }

    /// Sends a webhook with the signature `signature`, or without one.
    pub(crate) async fn post_with(&self, body: &[u8], signature: Option<&str>) -> HookResponse {
        let mut request = post(TOKEN).header(header::CONTENT_TYPE, "application/json");
        if let Some(signature) = signature {
            request = request.header(signature::HEADER, signature);
        }
        self.send(request.body(Body::from(body.to_vec())).unwrap()).await
    }

    pub(crate) async fn send(&self, request: Request<Body>) -> HookResponse {
        let (parts, body) = self.router.clone().oneshot(request).await.unwrap().into_parts();
        let text = String::from_utf8(body.collect().await.unwrap().to_bytes().to_vec()).unwrap();
        HookResponse { status: parts.status, headers: parts.headers, text }
    }

    /// Everything in the table, by key.
    pub(crate) async fn items(&self) -> BTreeMap<String, String> {
        let key_and_all = |item: HashMap<String, _>| {
            let part = |name: &str| -> &String { AttributeValue::as_s(&item[name]).unwrap() };
            (format!("{} / {}", part("pk"), part("sk")), shown(&AttributeValue::M(item.clone())))
        };
        self.table.items().await.into_iter().map(key_and_all).collect()
    }

    pub(crate) async fn viewer(&self, id: &str) -> LoadedViewer {
        self.table.store.load(&ViewerId::new(id).unwrap(), None).await.unwrap()
    }

    pub(crate) async fn balance(&self, id: &str) -> i64 {
        self.viewer(id).await.account.balance.get()
    }

    /// The effects that a chat message has put into the outbox.
    pub(crate) async fn effects(&self, message: &str) -> Vec<Effect<String>> {
        let rows = self.table.store.outbox_rows(&builders::event(message)).await.unwrap();
        rows.into_iter().filter_map(|row| row.effect).collect()
    }
}

/// An attribute as text, maps in the order of their names.
fn shown(value: &AttributeValue) -> String {
    match value {
        AttributeValue::L(list) => format!("L[{}]", list.iter().map(shown).collect::<Vec<_>>().join(", ")),
        AttributeValue::M(map) => {
            let sorted: BTreeMap<_, _> = map.iter().map(|(name, value)| (name, shown(value))).collect();
            let shown: Vec<String> = sorted.iter().map(|(name, value)| format!("{name}: {value}")).collect();
            format!("M{{{}}}", shown.join(", "))
        }
        other => format!("{other:?}"),
    }
}

/// A hook over `store`.
pub(crate) fn hook_over(store: Store, clock: &ManualClock, secret: Option<WebhookSecret>) -> Router {
    hook_behind(None, store, clock, secret)
}

/// A hook over `store`. Where `origin` is given, it accepts only requests that carry that secret of
/// CloudFront.
pub(crate) fn hook_behind(
    origin: Option<&str>,
    store: Store,
    clock: &ManualClock,
    secret: Option<WebhookSecret>,
) -> Router {
    let mut context = Context::new(store, clock.clone()).signing(signing_key());
    // Long enough for the retries of a test that meets a conflict, short enough for one that always does.
    // DynamoDB Local can be slow on a busy machine.
    let slow = std::env::var_os("DYNAMODB_ENDPOINT").is_some();
    context.deadline = Duration::from_millis(if slow { 5_000 } else { 150 });
    let auth = HookAuth { token: Token::parse(TOKEN).unwrap(), secret };
    router(Arc::new(Deps { context, auth, origin: origin.map(|text| Token::parse(text).unwrap()) }))
}

/// A webhook's request up to its body.
pub(crate) fn post(token: &str) -> axum::http::request::Builder {
    Request::builder().method(Method::POST).uri(format!("/chatHook/{token}"))
}

/// A redeem with a note.
pub(crate) fn song(price: i64) -> Reward {
    Reward { note: Note::Required, ..redeem("song", price) }
}

/// The body of a `CHAT` event of Owncast 0.3.0.
pub(crate) fn chat(message: &str, viewer: &str, text: &str) -> Vec<u8> {
    event(
        "CHAT",
        &json!({ "id": message, "clientId": 7, "user": user(viewer), "rawBody": text, "body": text }),
    )
}

/// The `user` of an event, with a name made of the id.
pub(crate) fn user(id: &str) -> Value {
    json!({ "id": id, "displayName": format!("{id}'s name"), "isBot": false, "authenticated": false })
}

pub(crate) fn event(kind: &str, data: &Value) -> Vec<u8> {
    let mut data = data.clone();
    data["timestamp"] = "2026-09-10T18:05:00.123456789Z".into();
    json!({ "eventData": data, "type": kind }).to_string().into_bytes()
}
