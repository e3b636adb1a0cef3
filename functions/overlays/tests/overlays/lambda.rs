//! Requests on Lambda, from the JSON of a function URL to the JSON of the response: in this process, and
//! through the program itself on a Lambda runtime API that the test simulates.

use lambda_http::aws_lambda_events::encodings::Base64Data;
use lambda_http::request::LambdaRequest;
use lambda_http::{Adapter, Context, LambdaEvent, Service};
use ownchatbot_testkit::builders::person;
use ownchatbot_testkit::lambda::{self, Runtime, program};
use ownchatbot_web::assets;
use serde_json::{Value, json};

use crate::harness::{KEY, LIVE, OverlayTest, unpacked};

fn call(method: &str, path: &str, more: &Value) -> Value {
    lambda::call(method, path, more, "")
}

fn bytes(response: &Value) -> Vec<u8> {
    let body = response["body"].clone();
    if response["isBase64Encoded"] == true {
        serde_json::from_value::<Base64Data>(body).unwrap().0
    } else {
        body.as_str().unwrap_or_default().to_owned().into_bytes()
    }
}

/// The response to an event of Lambda, made as `lambda_http::run` makes it.
async fn response(test: &OverlayTest, event: &Value) -> Value {
    let request: LambdaRequest = serde_json::from_str(&event.to_string()).unwrap();
    let mut adapter = Adapter::from(test.router.clone());
    let response = adapter.call(LambdaEvent::new(request, Context::default())).await.unwrap();
    serde_json::to_value(response).unwrap()
}

#[tokio::test]
async fn function_url_gets_plain_and_compressed_responses() {
    let test = OverlayTest::new().await;
    let plain = response(&test, &call("GET", LIVE, &Value::Null)).await;
    assert_eq!((&plain["statusCode"], &plain["isBase64Encoded"]), (&json!(200), &json!(false)), "{plain}");
    let document: Value = serde_json::from_slice(&bytes(&plain)).unwrap();
    assert_eq!(document["version"], 1);

    let packed = response(&test, &call("GET", LIVE, &json!({ "accept-encoding": "gzip" }))).await;
    assert_eq!(packed["headers"]["content-encoding"], "gzip", "{packed}");
    assert_eq!(unpacked(&bytes(&packed)), bytes(&plain));

    let known = call("GET", LIVE, &json!({ "if-none-match": plain["headers"]["etag"] }));
    let known = response(&test, &known).await;
    assert_eq!((&known["statusCode"], bytes(&known).len()), (&json!(304), 0), "{known}");
    assert_eq!(known["headers"]["etag"], plain["headers"]["etag"]);
}

#[tokio::test]
async fn pages_files_and_errors_are_responses_on_lambda() {
    let test = OverlayTest::new().await;
    for (method, path, status) in [
        ("GET", "/goals", 200),
        ("HEAD", "/goals", 200),
        ("GET", "/overlay/alerts", 200),
        ("GET", &assets::path("overlays/overlay.css"), 200),
        ("GET", "/overlay/nothing", 404),
        ("GET", "/assets/0000000000000000/overlay.css", 404),
        ("POST", LIVE, 405),
    ] {
        let response = response(&test, &call(method, path, &Value::Null)).await;
        assert_eq!(response["statusCode"], status, "{method} {path}: {response}");
        assert_eq!(response["headers"]["x-content-type-options"], "nosniff", "{method} {path}");
    }
}

const PROGRAM: &str = env!("CARGO_BIN_EXE_overlays");

#[tokio::test]
async fn program_handles_events_of_the_runtime_api() {
    let test = OverlayTest::new().await;
    test.bot.endow(&person("Ann"), 1000).await;
    test.bot.answer(&person("Ann"), "!hydrate").await;
    let mut runtime = Runtime::start("overlays").await;
    let running = runtime.run(
        PROGRAM,
        &[
            ("AWS_ENDPOINT_URL", &test.bot.table.endpoint()),
            ("TABLE_NAME", &test.bot.table.name),
            ("SIGNING_KEY", KEY),
        ],
    );
    for path in ["/goals", LIVE] {
        let event = call("GET", path, &json!({ "accept-encoding": "gzip" }));
        let response = runtime.answer(event).await;
        assert_eq!(response["statusCode"], 200, "{response}");
        if path == LIVE {
            let document: Value = serde_json::from_slice(&unpacked(&bytes(&response))).unwrap();
            assert_eq!(document["queue"][0]["name"], "Ann", "{document}");
        }
    }

    let (log, errors) = running.end();
    assert!(!log.contains(LIVE), "what is asked for every second leaves no line: {log}");
    for hidden in [KEY, "Ann"] {
        assert!(!log.contains(hidden) && !errors.contains(hidden), "{log}{errors}");
    }
}

#[test]
fn program_does_not_start_with_a_short_key() {
    let ended =
        program(PROGRAM, &[("TABLE_NAME", "t"), ("SIGNING_KEY", "too-short-a-key")]).output().unwrap();
    assert!(!ended.status.success());
    let output = String::from_utf8(ended.stderr).unwrap();
    assert!(output.contains("SIGNING_KEY: ") && !output.contains("too-short-a-key"), "{output}");
    let output = String::from_utf8(program(PROGRAM, &[]).output().unwrap().stderr).unwrap();
    assert!(output.contains("TABLE_NAME") && output.contains("SIGNING_KEY"), "{output}");
}
