//! A local Lambda runtime API, and a function's program that runs against it.

#![expect(clippy::expect_used, reason = "for tests")]
#![expect(
    clippy::missing_panics_doc,
    reason = "for tests: without a port or a program nothing can be tested"
)]

use std::io::Read;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use axum::routing::{get, post};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::sync::{Mutex, mpsc};

/// The event that Lambda passes to a function whose URL was called through CloudFront. It contains `headers`,
/// except that cookies are listed separately, and the body as text.
#[must_use]
pub fn call(method: &str, path: &str, headers: &Value, body: &str) -> Value {
    let mut all = json!({
        "host": "abc.lambda-url.eu-central-1.on.aws",
        "user-agent": "Amazon CloudFront",
        "x-forwarded-for": "203.0.113.7",
    });
    let mut cookies = Vec::new();
    for (name, value) in headers.as_object().into_iter().flatten() {
        match name.as_str() {
            "cookie" => cookies.extend(value.as_str().into_iter().flat_map(|all| all.split("; "))),
            _ => all[name] = value.clone(),
        }
    }
    let (path, query) = path.split_once('?').unwrap_or((path, ""));
    json!({
        "version": "2.0",
        "routeKey": "$default",
        "rawPath": path,
        "rawQueryString": query,
        "cookies": cookies,
        "headers": all,
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
        "body": body,
        "isBase64Encoded": false,
    })
}

/// The state of the runtime API, from which a function takes its events.
struct Api {
    function: String,
    events: Mutex<mpsc::Receiver<Value>>,
    responses: mpsc::Sender<Value>,
}

async fn next(State(api): State<Arc<Api>>) -> impl IntoResponse {
    // On Lambda, a function without work is frozen while it waits here.
    let Some(event) = api.events.lock().await.recv().await else { std::future::pending().await };
    let arn = format!("arn:aws:lambda:eu-central-1:123456789012:function:{}", api.function);
    let headers = [
        ("lambda-runtime-aws-request-id", "6c2e2c5f-1a3d-4f6a-9a37-2f0b6f2f7f10".to_owned()),
        ("lambda-runtime-deadline-ms", "4102444800000".to_owned()),
        ("lambda-runtime-invoked-function-arn", arn),
    ];
    (headers, event.to_string())
}

async fn take(State(api): State<Arc<Api>>, body: Bytes) -> StatusCode {
    let _ = api.responses.send(serde_json::from_slice(&body).unwrap_or(Value::Null)).await;
    StatusCode::ACCEPTED
}

/// Passes events to a function's program and takes its responses, as Lambda does.
#[derive(Debug)]
pub struct Runtime {
    function: String,
    address: String,
    events: mpsc::Sender<Value>,
    responses: mpsc::Receiver<Value>,
}

impl Runtime {
    /// Starts the runtime API for the function called `function`, on a free port.
    pub async fn start(function: &str) -> Self {
        let (events, sent) = mpsc::channel(1);
        let (sender, responses) = mpsc::channel(1);
        let api = Api { function: function.to_owned(), events: Mutex::new(sent), responses: sender };
        let api = Router::new()
            .route("/2018-06-01/runtime/invocation/next", get(next))
            .route("/2018-06-01/runtime/invocation/{id}/response", post(take))
            .route("/2018-06-01/runtime/invocation/{id}/error", post(take))
            .with_state(Arc::new(api));
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a port is free");
        let address = listener.local_addr().expect("the port is known").to_string();
        tokio::spawn(async move { axum::serve(listener, api).await });
        Self { function: function.to_owned(), address, events, responses }
    }

    /// Starts the program at `path`, with the variables that Lambda sets for every function, and
    /// `environment`.
    #[must_use]
    pub fn run(&self, path: &str, environment: &[(&str, &str)]) -> Program {
        let mut command = program(path, environment);
        command.envs([
            ("AWS_LAMBDA_RUNTIME_API", self.address.as_str()),
            ("AWS_LAMBDA_FUNCTION_NAME", &self.function),
            ("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST"),
            ("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "256"),
            ("AWS_REGION", "eu-central-1"),
            ("AWS_ACCESS_KEY_ID", "local"),
            ("AWS_SECRET_ACCESS_KEY", "local"),
        ]);
        Program(command.spawn().expect("the program starts"))
    }

    /// Passes an event to the program and returns its response, or its error report if it failed.
    pub async fn answer(&mut self, event: Value) -> Value {
        self.events.send(event).await.expect("the runtime API is running");
        self.responses.recv().await.expect("the runtime API is running")
    }
}

/// A command that runs the program at `path` with only the variables in `environment`, and captures its
/// output.
#[must_use]
pub fn program(path: &str, environment: &[(&str, &str)]) -> Command {
    let mut command = Command::new(path);
    command.env_clear().envs(environment.iter().copied()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// A running function's program. It is killed when dropped.
#[derive(Debug)]
pub struct Program(Child);

impl Program {
    /// Kills the program. Returns what it has written to its standard output and standard error.
    #[must_use]
    pub fn end(mut self) -> (String, String) {
        self.0.kill().expect("the program still runs");
        let (mut log, mut errors) = (String::new(), String::new());
        let (stdout, stderr) = (self.0.stdout.take(), self.0.stderr.take());
        stdout.expect("stdout is captured").read_to_string(&mut log).expect("stdout is UTF-8");
        stderr.expect("stderr is captured").read_to_string(&mut errors).expect("stderr is UTF-8");
        (log, errors)
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
