//! Events on Lambda, from the JSON of a function URL to the JSON of the response: in this process, and
//! through the program itself on a Lambda runtime API that the test simulates.

use lambda_http::aws_lambda_events::encodings::Base64Data;
use lambda_http::request::LambdaRequest;
use lambda_http::{Adapter, Context, LambdaEvent, Service};
use ownchatbot_app::ports::Clock;
use ownchatbot_boot::SystemClock;
use ownchatbot_owncast::{WebhookSecret, sign};
use ownchatbot_testkit::bot::SIGNING_KEY;
use ownchatbot_testkit::lambda::{self, Runtime, program};
use serde_json::{Value, json};

use crate::harness::{HookTest, SECRET, TOKEN, chat};

/// The event that Lambda passes to a function whose URL was called.
fn call(method: &str, token: &str, signature: Option<&str>, body: &Value, is_base64: bool) -> Value {
    let mut headers = json!({ "content-type": "application/json", "user-agent": "Go-http-client/2.0" });
    if let Some(signature) = signature {
        headers["owncast-signature"] = signature.into();
    }
    let mut call = lambda::call(method, &format!("/chatHook/{token}"), &headers, "");
    (call["body"], call["isBase64Encoded"]) = (body.clone(), is_base64.into());
    call
}

fn base64(body: &[u8]) -> Value {
    let mut data = Base64Data::default();
    data.0 = body.to_vec();
    serde_json::to_value(data).unwrap()
}

fn text(body: &[u8]) -> Value {
    String::from_utf8(body.to_vec()).unwrap().into()
}

/// The response to an event of Lambda, made as `lambda_http::run` makes it.
async fn response(test: &HookTest, event: &Value) -> Value {
    let request: LambdaRequest = serde_json::from_str(&event.to_string()).unwrap();
    let mut adapter = Adapter::from(test.router.clone());
    let response = adapter.call(LambdaEvent::new(request, Context::default())).await.unwrap();
    serde_json::to_value(response).unwrap()
}

#[tokio::test]
async fn function_url_accepts_plain_and_base64_bodies() {
    let test = HookTest::signed().await;
    for (message, is_base64) in [("m1", false), ("m2", true)] {
        // A name with non-ASCII characters, so that the signature fails if the body is decoded wrongly.
        let body = chat(message, "Zoë 🦊", "!points");
        let signature = test.signature(&body).unwrap();
        let body = if is_base64 { base64(&body) } else { text(&body) };
        let event = call("POST", TOKEN, Some(&signature), &body, is_base64);
        let response = response(&test, &event).await;
        assert_eq!(response["statusCode"], 200, "{response}");
        assert_eq!(test.effects(message).await.len(), 1);
    }
}

#[tokio::test]
async fn refusals_are_responses_and_not_failures_on_lambda() {
    let test = HookTest::signed().await;
    let body = chat("m", "ann", "!points");
    let signature = test.signature(&body).unwrap();
    let large = vec![b' '; 300 * 1024];
    let wrong = test.signature(b"{").unwrap();
    let cases = [
        (call("POST", "another-token-01234", Some(&signature), &text(&body), false), 404),
        (call("POST", TOKEN, None, &text(&body), false), 401),
        (call("POST", TOKEN, Some(&wrong), &text(&body), false), 401),
        (call("POST", TOKEN, Some(&wrong), &text(b"{"), false), 400),
        (call("GET", TOKEN, None, &Value::Null, false), 405),
        (call("POST", TOKEN, None, &Value::Null, false), 401),
        (call("POST", TOKEN, None, &text(&large), false), 413),
        (call("POST", TOKEN, None, &base64(&large), true), 413),
    ];
    for (event, status) in cases {
        let response = response(&test, &event).await;
        assert_eq!(response["statusCode"], status, "{response}");
    }
    assert_eq!(test.effects("m").await.len(), 0);
}

const PROGRAM: &str = env!("CARGO_BIN_EXE_owncast-hook");

#[tokio::test]
async fn program_handles_events_of_the_runtime_api() {
    let test = HookTest::signed().await;
    let mut runtime = Runtime::start("owncast-hook").await;
    let running = runtime.run(
        PROGRAM,
        &[
            ("AWS_ENDPOINT_URL", &test.table.endpoint()),
            ("TABLE_NAME", &test.table.name),
            ("SIGNING_KEY", SIGNING_KEY),
            ("HOOK_TOKEN", TOKEN),
            ("OWNCAST_WEBHOOK_SECRET", SECRET),
        ],
    );
    let body = chat("m", "ann", "!points");
    let signature = sign(&WebhookSecret::parse(SECRET).unwrap(), SystemClock.now(), &body);
    for (signature, status) in [(None, 401), (Some(&*signature), 200), (Some(&*signature), 200)] {
        let response = runtime.answer(call("POST", TOKEN, signature, &base64(&body), true)).await;
        assert_eq!(response["statusCode"], status, "{response}");
    }
    assert_eq!(test.effects("m").await.len(), 1);

    let (log, errors) = running.end();
    let handled = log.lines().filter(|line| line.contains("handled an event of Owncast")).count();
    assert_eq!(handled, 2, "{log}{errors}");
    for line in log.lines() {
        let line: Value = serde_json::from_str(line).unwrap();
        assert!(line["level"].is_string() && line.get("timestamp").is_none(), "{line}");
    }
    for hidden in [TOKEN, SECRET, SIGNING_KEY, "ann's name"] {
        assert!(!log.contains(hidden) && !errors.contains(hidden), "{log}{errors}");
    }
}

#[test]
fn program_does_not_start_with_a_short_token_key_or_secret() {
    for (token, key, secret, problem) in [
        ("short", SIGNING_KEY, SECRET, "HOOK_TOKEN: "),
        ("", SIGNING_KEY, SECRET, "HOOK_TOKEN is not set"),
        (TOKEN, "abc123", SECRET, "SIGNING_KEY: "),
        (TOKEN, "", SECRET, "SIGNING_KEY is not set"),
        (TOKEN, SIGNING_KEY, "abc123", "OWNCAST_WEBHOOK_SECRET: "),
    ] {
        let variables = [
            ("TABLE_NAME", "t"),
            ("HOOK_TOKEN", token),
            ("SIGNING_KEY", key),
            ("OWNCAST_WEBHOOK_SECRET", secret),
        ];
        let mut ended = program(PROGRAM, &variables);
        let ended = ended.output().unwrap();
        assert!(!ended.status.success());
        let output = String::from_utf8(ended.stderr).unwrap();
        assert!(output.contains(problem), "{output}");
        for hidden in [SECRET, SIGNING_KEY, "abc123"] {
            assert!(!output.contains(hidden), "{output}");
        }
    }
    // All problems are reported at once.
    let output = String::from_utf8(program(PROGRAM, &[]).output().unwrap().stderr).unwrap();
    for name in ["TABLE_NAME", "HOOK_TOKEN", "SIGNING_KEY"] {
        assert!(output.contains(name), "{output}");
    }
}
