//! The way an event takes on Lambda: from the JSON of a function URL to the JSON of the answer; in this process, and
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
use ownchatbot_app::ports::Clock;
use ownchatbot_boot::SystemClock;
use ownchatbot_owncast::{WebhookSecret, sign};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::sync::{Mutex, mpsc};

use crate::world::{SECRET, TOKEN, World, chat};

/// What Lambda hands a function whose URL was called.
fn call(method: &str, token: &str, signature: Option<&str>, body: &Value, is_base64: bool) -> Value {
    let path = format!("/chatHook/{token}");
    let mut headers = json!({
        "host": "abc.lambda-url.eu-central-1.on.aws",
        "content-type": "application/json",
        "user-agent": "Go-http-client/2.0",
        "x-forwarded-for": "203.0.113.7",
    });
    if let Some(signature) = signature {
        headers["owncast-signature"] = signature.into();
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
                "userAgent": "Go-http-client/2.0",
            },
            "requestId": "6c2e2c5f-1a3d-4f6a-9a37-2f0b6f2f7f10",
            "routeKey": "$default",
            "stage": "$default",
            "time": "10/Sep/2026:18:05:00 +0000",
            "timeEpoch": 1_789_063_500_000_i64,
        },
        "body": body,
        "isBase64Encoded": is_base64,
    })
}

fn base64(body: &[u8]) -> Value {
    let mut data = Base64Data::default();
    data.0 = body.to_vec();
    serde_json::to_value(data).unwrap()
}

fn text(body: &[u8]) -> Value {
    String::from_utf8(body.to_vec()).unwrap().into()
}

/// Answers an event of Lambda as `lambda_http::run` does.
async fn answer(world: &World, event: &Value) -> Value {
    let request: LambdaRequest = serde_json::from_str(&event.to_string()).unwrap();
    let mut adapter = Adapter::from(world.router.clone());
    let answer = adapter.call(LambdaEvent::new(request, Context::default())).await.unwrap();
    serde_json::to_value(answer).unwrap()
}

#[tokio::test]
async fn a_function_url_is_answered_with_plain_and_with_base64_bodies() {
    let world = World::signed().await;
    for (message, is_base64) in [("m1", false), ("m2", true)] {
        // A name beyond ASCII, so that the signature covers bytes that only the right decoding gives back.
        let body = chat(message, "Zoë 🦊", "!points");
        let signature = world.signature(&body).unwrap();
        let body = if is_base64 { base64(&body) } else { text(&body) };
        let event = call("POST", TOKEN, Some(&signature), &body, is_base64);
        let answer = answer(&world, &event).await;
        assert_eq!(answer["statusCode"], 200, "{answer}");
        assert_eq!(world.effects(message).await.len(), 1);
    }
}

#[tokio::test]
async fn refusals_reach_lambda_as_answers_and_never_as_failures() {
    let world = World::signed().await;
    let body = chat("m", "ann", "!points");
    let signature = world.signature(&body).unwrap();
    let large = vec![b' '; 300 * 1024];
    let wrong = world.signature(b"{").unwrap();
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
        let answer = answer(&world, &event).await;
        assert_eq!(answer["statusCode"], status, "{answer}");
    }
    assert_eq!(world.effects("m").await.len(), 0);
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
        ("lambda-runtime-invoked-function-arn", "arn:aws:lambda:eu-central-1:123456789012:function:hook"),
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
    let mut command = Command::new(env!("CARGO_BIN_EXE_owncast-hook"));
    command.env_clear().envs(environment.iter().copied()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

#[tokio::test]
async fn the_program_takes_an_event_from_lambdas_runtime_and_answers_it() {
    let world = World::signed().await;
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
        ("AWS_LAMBDA_FUNCTION_NAME", "owncast-hook"),
        ("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST"),
        ("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "256"),
        ("AWS_REGION", "eu-central-1"),
        ("AWS_ACCESS_KEY_ID", "local"),
        ("AWS_SECRET_ACCESS_KEY", "local"),
        ("AWS_ENDPOINT_URL_DYNAMODB", &world.table.endpoint()),
        ("TABLE_NAME", &world.table.name),
        ("HOOK_TOKEN", TOKEN),
        ("OWNCAST_WEBHOOK_SECRET", SECRET),
    ]);
    let mut running = command.spawn().map(Program).unwrap();
    let body = chat("m", "ann", "!points");
    let signature = sign(&WebhookSecret::parse(SECRET).unwrap(), SystemClock.now(), &body);
    for (signature, status) in [(None, 401), (Some(&*signature), 200), (Some(&*signature), 200)] {
        send_event.send(call("POST", TOKEN, signature, &base64(&body), true)).await.unwrap();
        let answer = taken.recv().await.unwrap();
        assert_eq!(answer["statusCode"], status, "{answer}");
    }
    assert_eq!(world.effects("m").await.len(), 1);

    running.0.kill().unwrap();
    let (mut log, mut errors) = (String::new(), String::new());
    running.0.stdout.take().unwrap().read_to_string(&mut log).unwrap();
    running.0.stderr.take().unwrap().read_to_string(&mut errors).unwrap();
    let handled = log.lines().filter(|line| line.contains("handled an event of Owncast")).count();
    assert_eq!(handled, 2, "{log}{errors}");
    for line in log.lines() {
        let line: Value = serde_json::from_str(line).unwrap();
        assert!(line["level"].is_string() && line.get("timestamp").is_none(), "{line}");
    }
    for hidden in [TOKEN, SECRET, "ann's name"] {
        assert!(!log.contains(hidden) && !errors.contains(hidden), "{log}{errors}");
    }
}

#[test]
fn the_program_does_not_start_with_an_address_or_a_secret_that_anybody_could_guess() {
    for (token, secret, problem) in [
        ("short", SECRET, "HOOK_TOKEN: "),
        ("", SECRET, "HOOK_TOKEN is not set"),
        (TOKEN, "abc123", "OWNCAST_WEBHOOK_SECRET: "),
    ] {
        let mut ended =
            program(&[("TABLE_NAME", "t"), ("HOOK_TOKEN", token), ("OWNCAST_WEBHOOK_SECRET", secret)]);
        let ended = ended.output().unwrap();
        assert!(!ended.status.success());
        let told = String::from_utf8(ended.stderr).unwrap();
        assert!(told.contains(problem), "{told}");
        assert!(!told.contains(SECRET) && !told.contains("abc123"), "{told}");
    }
    // One program tells everything that is wrong at once.
    let told = String::from_utf8(program(&[]).output().unwrap().stderr).unwrap();
    assert!(told.contains("TABLE_NAME") && told.contains("HOOK_TOKEN"), "{told}");
}
