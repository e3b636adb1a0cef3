//! The way a request takes on Lambda: from the JSON of a function URL to the JSON of the answer; in this process, and
//! through the program itself with the runtime's API played by the test.

use std::io::Read;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use axum::routing::{get, post};
use lambda_http::aws_lambda_events::encodings::Base64Data;
use lambda_http::request::LambdaRequest;
use lambda_http::{Adapter, Context, LambdaEvent, Service};
use ownchatbot_testkit::builders::person;
use ownchatbot_web::assets;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::sync::{Mutex, mpsc};

use crate::world::{KEY, LIVE, World, unpacked};

/// What Lambda hands a function whose URL was called.
fn call(method: &str, path: &str, more: &Value) -> Value {
    let mut headers = json!({
        "host": "abc.lambda-url.eu-central-1.on.aws",
        "user-agent": "Amazon CloudFront",
        "x-forwarded-for": "203.0.113.7",
    });
    for (name, value) in more.as_object().into_iter().flatten() {
        headers[name] = value.clone();
    }
    json!({
        "version": "2.0",
        "routeKey": "$default",
        "rawPath": path,
        "rawQueryString": "",
        "headers": headers,
        "requestContext": {
            "accountId": "anonymous",
            "apiId": "abc",
            "domainName": "abc.lambda-url.eu-central-1.on.aws",
            "domainPrefix": "abc",
            "http": {
                "method": method,
                "path": path,
                "protocol": "HTTP/1.1",
                "sourceIp": "203.0.113.7",
                "userAgent": "Amazon CloudFront",
            },
            "requestId": "6c2e2c5f-1a3d-4f6a-9a37-2f0b6f2f7f10",
            "routeKey": "$default",
            "stage": "$default",
            "time": "10/Sep/2026:18:05:00 +0000",
            "timeEpoch": 1_789_063_500_000_i64,
        },
        "isBase64Encoded": false,
    })
}

fn bytes(answer: &Value) -> Vec<u8> {
    let body = answer["body"].clone();
    if answer["isBase64Encoded"] == true {
        serde_json::from_value::<Base64Data>(body).unwrap().0
    } else {
        body.as_str().unwrap_or_default().to_owned().into_bytes()
    }
}

/// Answers an event of Lambda as `lambda_http::run` does.
async fn answer(world: &World, event: &Value) -> Value {
    let request: LambdaRequest = serde_json::from_str(&event.to_string()).unwrap();
    let mut adapter = Adapter::from(world.router.clone());
    let answer = adapter.call(LambdaEvent::new(request, Context::default())).await.unwrap();
    serde_json::to_value(answer).unwrap()
}

#[tokio::test]
async fn a_function_url_is_answered_plain_and_compressed() {
    let world = World::new().await;
    let plain = answer(&world, &call("GET", LIVE, &Value::Null)).await;
    assert_eq!((&plain["statusCode"], &plain["isBase64Encoded"]), (&json!(200), &json!(false)), "{plain}");
    let document: Value = serde_json::from_slice(&bytes(&plain)).unwrap();
    assert_eq!(document["version"], 1);

    let packed = answer(&world, &call("GET", LIVE, &json!({ "accept-encoding": "gzip" }))).await;
    assert_eq!(packed["headers"]["content-encoding"], "gzip", "{packed}");
    assert_eq!(unpacked(&bytes(&packed)), bytes(&plain));

    let known = call("GET", LIVE, &json!({ "if-none-match": plain["headers"]["etag"] }));
    let known = answer(&world, &known).await;
    assert_eq!((&known["statusCode"], bytes(&known).len()), (&json!(304), 0), "{known}");
    assert_eq!(known["headers"]["etag"], plain["headers"]["etag"]);
}

#[tokio::test]
async fn pages_files_and_refusals_reach_lambda_as_answers() {
    let world = World::new().await;
    for (method, path, status) in [
        ("GET", "/goals", 200),
        ("HEAD", "/goals", 200),
        ("GET", "/overlay/alerts", 200),
        ("GET", &assets::path("overlay.css"), 200),
        ("GET", "/overlay/nothing", 404),
        ("GET", "/assets/0000000000000000/overlay.css", 404),
        ("POST", LIVE, 405),
    ] {
        let answer = answer(&world, &call(method, path, &Value::Null)).await;
        assert_eq!(answer["statusCode"], status, "{method} {path}: {answer}");
        assert_eq!(answer["headers"]["x-content-type-options"], "nosniff", "{method} {path}");
    }
}

/// The API that Lambda's runtime offers a function: hands out events and takes answers.
struct Runtime {
    events: Mutex<mpsc::Receiver<Value>>,
    answers: mpsc::Sender<Value>,
}

async fn next(State(runtime): State<Arc<Runtime>>) -> impl IntoResponse {
    // A function without work waits here until it is frozen.
    let Some(event) = runtime.events.lock().await.recv().await else { std::future::pending().await };
    let headers = [
        ("lambda-runtime-aws-request-id", "6c2e2c5f-1a3d-4f6a-9a37-2f0b6f2f7f10"),
        ("lambda-runtime-deadline-ms", "4102444800000"),
        ("lambda-runtime-invoked-function-arn", "arn:aws:lambda:eu-central-1:123456789012:function:overlays"),
    ];
    (headers, event.to_string())
}

async fn take(State(runtime): State<Arc<Runtime>>, body: Bytes) -> StatusCode {
    let _ = runtime.answers.send(serde_json::from_slice(&body).unwrap_or(Value::Null)).await;
    StatusCode::ACCEPTED
}

/// The function's program, ended when dropped.
struct Program(Child);

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn program(environment: &[(&str, &str)]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_overlays"));
    command.env_clear().envs(environment.iter().copied()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

#[tokio::test]
async fn the_program_takes_an_event_from_lambdas_runtime_and_answers_it() {
    let world = World::new().await;
    world.bot.endow(&person("Ann"), 1000).await;
    world.bot.answer(&person("Ann"), "!hydrate").await;
    let (send_event, events) = mpsc::channel(1);
    let (answers, mut taken) = mpsc::channel(1);
    let runtime = Arc::new(Runtime { events: Mutex::new(events), answers });
    let api = Router::new()
        .route("/2018-06-01/runtime/invocation/next", get(next))
        .route("/2018-06-01/runtime/invocation/{id}/response", post(take))
        .route("/2018-06-01/runtime/invocation/{id}/error", post(take))
        .with_state(runtime);
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    tokio::spawn(async move { axum::serve(listener, api).await });

    let mut command = program(&[
        ("AWS_LAMBDA_RUNTIME_API", &address),
        ("AWS_LAMBDA_FUNCTION_NAME", "overlays"),
        ("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST"),
        ("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "256"),
        ("AWS_REGION", "eu-central-1"),
        ("AWS_ACCESS_KEY_ID", "local"),
        ("AWS_SECRET_ACCESS_KEY", "local"),
        ("AWS_ENDPOINT_URL_DYNAMODB", &world.bot.table.endpoint()),
        ("TABLE_NAME", &world.bot.table.name),
        ("SIGNING_KEY", KEY),
    ]);
    let mut running = command.spawn().map(Program).unwrap();
    for path in ["/goals", LIVE] {
        let event = call("GET", path, &json!({ "accept-encoding": "gzip" }));
        send_event.send(event).await.unwrap();
        let answer = taken.recv().await.unwrap();
        assert_eq!(answer["statusCode"], 200, "{answer}");
        if path == LIVE {
            let document: Value = serde_json::from_slice(&unpacked(&bytes(&answer))).unwrap();
            assert_eq!(document["queue"][0]["name"], "Ann", "{document}");
        }
    }

    running.0.kill().unwrap();
    let (mut log, mut errors) = (String::new(), String::new());
    running.0.stdout.take().unwrap().read_to_string(&mut log).unwrap();
    running.0.stderr.take().unwrap().read_to_string(&mut errors).unwrap();
    assert!(!log.contains(LIVE), "what is asked for every second leaves no line: {log}");
    for hidden in [KEY, "Ann"] {
        assert!(!log.contains(hidden) && !errors.contains(hidden), "{log}{errors}");
    }
}

#[test]
fn the_program_does_not_start_with_a_key_that_anybody_could_guess() {
    let ended = program(&[("TABLE_NAME", "t"), ("SIGNING_KEY", "too-short-a-key")]).output().unwrap();
    assert!(!ended.status.success());
    let told = String::from_utf8(ended.stderr).unwrap();
    assert!(told.contains("SIGNING_KEY: ") && !told.contains("too-short-a-key"), "{told}");
    let told = String::from_utf8(program(&[]).output().unwrap().stderr).unwrap();
    assert!(told.contains("TABLE_NAME") && told.contains("SIGNING_KEY"), "{told}");
}
