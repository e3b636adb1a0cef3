//! What the log holds, and what it must not hold.

use axum::body::Body;
use axum::http::StatusCode;
use ownchatbot_boot::log;
use ownchatbot_testkit::faults::Fault;
use ownchatbot_testkit::log::CapturedLog;
use serde_json::{Value, json};

use crate::harness::{HookTest, SECRET, TOKEN, chat, event, post};

/// Successes and failures of all kinds, with words in them that must not be logged.
async fn everything_happens(test: &HookTest) {
    let user = json!({ "id": "u1", "displayName": "Zaphod", "previousNames": ["Beeblebrox"] });
    let say = |id: &str, text: &str| {
        event("CHAT", &json!({ "id": id, "clientId": 3, "user": user, "rawBody": text }))
    };
    for text in [
        "heartofgold",
        "!points",
        "!song heartofgold",
        "!song heartofgold",
        "!heartofgold",
        "!soong",
        "!panel",
        "!link heartofgold",
    ] {
        assert_eq!(test.post(&say(text, text)).await.status, StatusCode::OK);
    }
    let others = [
        event("NAME_CHANGE", &json!({ "id": "", "user": user, "newName": "Zaphod" })),
        event("STREAM_STARTED", &json!({ "id": "s", "streamTitle": "heartofgold" })),
        event(
            "FEDIVERSE_ENGAGEMENT_FOLLOW",
            &json!({ "id": "f", "username": "zaphod@heartofgold", "name": "Zaphod" }),
        ),
        event("HEARTOFGOLD", &json!({ "id": "heartofgold" })),
    ];
    for body in &others {
        assert_eq!(test.post(body).await.status, StatusCode::OK);
    }
    assert_eq!(test.post(b"heartofgold").await.status, StatusCode::BAD_REQUEST);
    assert_eq!(
        test.post(br#"{"type":"CHAT","eventData":"heartofgold"}"#).await.status,
        StatusCode::BAD_REQUEST
    );
    let wrong = test.post_with(&say("x", "heartofgold"), Some("t=1.s=heartofgold")).await;
    assert_eq!(wrong.status, StatusCode::UNAUTHORIZED);
    let stranger = post("heartofgold-heartofgold").body(Body::from(say("x", "heartofgold"))).unwrap();
    assert_eq!(test.send(stranger).await.status, StatusCode::NOT_FOUND);
    test.faults.plan(|asked| (asked == "TransactWriteItems").then_some(Fault::Conflict));
    assert_eq!(test.post(&chat("busy", "u2", "heartofgold")).await.status, StatusCode::SERVICE_UNAVAILABLE);
    test.faults.plan(|_| Some(Fault::LostAnswer));
    assert_eq!(test.post(&chat("lost", "u3", "heartofgold")).await.status, StatusCode::SERVICE_UNAVAILABLE);
    test.faults.stop();
}

#[tokio::test]
async fn log_holds_no_token_secret_name_or_message() {
    let verbose =
        "warn,ownchatbot_app=trace,ownchatbot_store=trace,ownchatbot_owncast=trace,owncast_hook=trace";
    // Eight of the twelve events change something or get an answer; the others are logged at the level debug.
    for (filter, handled) in [(log::DEFAULT, 8), (verbose, 12)] {
        let log = CapturedLog::start(filter);
        let test = HookTest::signed().await;
        everything_happens(&test).await;
        let text = log.end();
        let lines: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        let count = |message: &str| lines.iter().filter(|line| line["fields"]["message"] == message).count();
        assert_eq!(count("handled an event of Owncast"), handled, "{text}");
        assert_eq!(count("refused a request to the hook"), 4, "{text}");
        assert_eq!(count("could not handle an event of Owncast"), 2, "{text}");
        let low = text.to_lowercase();
        for hidden in [TOKEN, SECRET, "zaphod", "beeblebrox", "heartofgold", "'s name"] {
            assert!(!low.contains(hidden), "{hidden} is logged: {text}");
        }
    }
}

#[tokio::test]
async fn debug_output_hides_secrets() {
    let test = HookTest::signed().await;
    let auth = owncast_hook::HookAuth {
        token: ownchatbot_web::Token::parse(TOKEN).unwrap(),
        secret: Some(ownchatbot_owncast::WebhookSecret::parse(SECRET).unwrap()),
    };
    let shown = format!("{auth:?} {:?}", test.router);
    assert!(!shown.contains(TOKEN) && !shown.contains(SECRET), "{shown}");
}
