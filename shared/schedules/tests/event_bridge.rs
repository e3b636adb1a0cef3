//! The requests to EventBridge, and what its responses mean.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test")]

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use aws_sdk_scheduler::config::retry::RetryConfig;
use aws_sdk_scheduler::config::timeout::TimeoutConfig;
use aws_sdk_scheduler::config::{BehaviorVersion, Credentials, Region};
use aws_sdk_scheduler::{Client, Config};
use axum::Router;
use axum::body::Bytes;
use axum::http::{Method, StatusCode, Uri};
use axum::response::IntoResponse;
use ownchatbot_app::ports::{Clock, ScheduleError, Schedules};
use ownchatbot_domain::{Schedule, Span, Task, Timing};
use ownchatbot_schedules::{EventBridge, Stack, Targets};
use ownchatbot_testkit::clock::ManualClock;
use serde_json::{Value, json};
use tokio::net::TcpListener;

/// Status and error code of a response; without a code it is a success.
type Reply = (u16, &'static str);
const OK: Reply = (200, "");
const MISSING: Reply = (404, "ResourceNotFoundException");
const CONFLICT: Reply = (409, "ConflictException");

#[derive(Clone, Default)]
struct FakeServer {
    requests: Arc<Mutex<Vec<(Method, Uri, Value)>>>,
    replies: Arc<Mutex<VecDeque<Reply>>>,
}

impl FakeServer {
    fn methods(&self) -> Vec<String> {
        self.requests.lock().unwrap().iter().map(|(method, ..)| method.to_string()).collect()
    }

    fn reply(&self, method: Method, uri: Uri, body: &Bytes) -> impl IntoResponse + use<> {
        let body = serde_json::from_slice(body).unwrap_or_default();
        self.requests.lock().unwrap().push((method, uri, body));
        let (status, code) = self.replies.lock().unwrap().pop_front().expect("this request was not expected");
        let text = match code {
            "" => json!({ "ScheduleArn": "arn:aws:scheduler:::schedule/bot/x" }),
            code => json!({ "__type": code, "Message": "as the test wants it" }),
        };
        (StatusCode::from_u16(status).unwrap(), [("x-amzn-errortype", code)], text.to_string())
    }
}

/// Schedules whose requests get `replies`, in this order.
async fn with_replies(replies: &[Reply]) -> (EventBridge<ManualClock>, FakeServer) {
    let server = FakeServer::default();
    server.replies.lock().unwrap().extend(replies);
    let replying = server.clone();
    let app =
        Router::new().fallback(async move |method, uri, body: Bytes| replying.reply(method, uri, &body));
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let endpoint = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, app).await });
    (event_bridge(&endpoint), server)
}

fn event_bridge(endpoint: &str) -> EventBridge<ManualClock> {
    let config = Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new("eu-central-1"))
        .http_client(aws_smithy_http_client::Builder::new().build_http())
        .credentials_provider(Credentials::new("key", "secret", None, None, "test"))
        .endpoint_url(endpoint)
        .retry_config(RetryConfig::disabled())
        .timeout_config(TimeoutConfig::builder().operation_timeout(Duration::from_secs(5)).build())
        .build();
    let arn = |name: &str| format!("arn:aws:lambda:eu-central-1:1:function:{name}");
    let targets = Targets {
        points_tick: arn("points-tick"),
        announcements: arn("announcements"),
        deadlines: arn("deadlines"),
    };
    let stack = Stack {
        group: "bot".to_owned(),
        role_arn: "arn:aws:iam::1:role/bot".to_owned(),
        dead_letters_arn: "arn:aws:sqs:eu-central-1:1:dead".to_owned(),
        targets,
    };
    EventBridge::new(Client::from_conf(config), stack, ManualClock::default())
}

fn ticks(on: bool) -> Schedule {
    let from = ManualClock::default().now().saturating_add(Span::minutes(10));
    Schedule { task: Task::PointsTick, timing: Timing::Every { interval: Span::minutes(10), from, on } }
}

#[tokio::test]
async fn put_sends_the_whole_schedule() {
    let (schedules, server) = with_replies(&[MISSING, OK]).await;
    schedules.put(&ticks(false)).await.unwrap();
    assert_eq!(server.methods(), ["PUT", "POST"]);
    for (_, uri, body) in server.requests.lock().unwrap().iter_mut() {
        assert_eq!(uri.path(), "/schedules/points-tick");
        let body = body.as_object_mut().unwrap();
        assert!(body.remove("ClientToken").is_some_and(|token| token.is_string()));
        let expected = json!({
            "GroupName": "bot",
            "State": "DISABLED",
            "ScheduleExpression": "rate(10 minutes)",
            "ScheduleExpressionTimezone": "UTC",
            "StartDate": 1_789_063_800,
            "FlexibleTimeWindow": { "Mode": "OFF" },
            "ActionAfterCompletion": "NONE",
            "Target": {
                "Arn": "arn:aws:lambda:eu-central-1:1:function:points-tick",
                "RoleArn": "arn:aws:iam::1:role/bot",
                "Input": "{\"slot\":\"<aws.scheduler.scheduled-time>\",\"task\":\"points-tick\"}",
                "RetryPolicy": { "MaximumEventAgeInSeconds": 300, "MaximumRetryAttempts": 2 },
                "DeadLetterConfig": { "Arn": "arn:aws:sqs:eu-central-1:1:dead" },
            },
        });
        assert_eq!(Value::Object(body.clone()), expected);
    }
}

#[tokio::test]
async fn concurrent_puts_both_succeed() {
    for (replies, methods) in [
        (vec![OK], vec!["PUT"]),
        (vec![MISSING, OK], vec!["PUT", "POST"]),
        (vec![MISSING, CONFLICT, OK], vec!["PUT", "POST", "PUT"]),
    ] {
        let (schedules, server) = with_replies(&replies).await;
        schedules.put(&ticks(true)).await.unwrap();
        assert_eq!(server.methods(), methods);
    }
    let (schedules, _) = with_replies(&[MISSING, CONFLICT, MISSING]).await;
    assert!(matches!(schedules.put(&ticks(true)).await, Err(ScheduleError::Unreachable(_))));
}

#[tokio::test]
async fn deleting_a_missing_schedule_succeeds() {
    let (schedules, server) = with_replies(&[OK, MISSING]).await;
    for _ in 0..2 {
        schedules.delete(&Task::PointsTick).await.unwrap();
    }
    assert_eq!(server.methods(), ["DELETE", "DELETE"]);
    assert!(
        server
            .requests
            .lock()
            .unwrap()
            .iter()
            .all(|(_, uri, _)| uri.query().unwrap().contains("groupName=bot"))
    );
}

#[tokio::test]
async fn transient_errors_are_unreachable_and_others_refused() {
    for (reply, transient) in [
        ((429, "ThrottlingException"), true),
        ((500, "InternalServerException"), true),
        ((503, "ServiceUnavailable"), true),
        (CONFLICT, true),
        ((400, "ValidationException"), false),
        ((403, "AccessDeniedException"), false),
        ((402, "ServiceQuotaExceededException"), false),
    ] {
        let (schedules, _) = with_replies(&[reply; 3]).await;
        let errors = [
            schedules.put(&ticks(true)).await.unwrap_err(),
            schedules.delete(&Task::PointsTick).await.unwrap_err(),
            schedules.holds(&ticks(true)).await.unwrap_err(),
        ];
        for error in errors {
            assert_eq!(matches!(error, ScheduleError::Unreachable(_)), transient, "{reply:?}: {error:?}");
            assert!(error.to_string().contains(reply.1), "{error}");
        }
    }
}

#[tokio::test]
async fn missing_server_is_unreachable() {
    // A port that was free a moment ago.
    let free = TcpListener::bind(("127.0.0.1", 0)).await.unwrap().local_addr().unwrap();
    let schedules = event_bridge(&format!("http://{free}"));
    for error in [
        schedules.put(&ticks(true)).await.unwrap_err(),
        schedules.delete(&Task::PointsTick).await.unwrap_err(),
        schedules.holds(&ticks(true)).await.unwrap_err(),
    ] {
        assert!(matches!(error, ScheduleError::Unreachable(_)), "{error:?}");
    }
}
