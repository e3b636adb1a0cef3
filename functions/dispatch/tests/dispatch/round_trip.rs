//! From a message in chat to its answer there: hook, table, the table's own stream, dispatch.

use std::sync::Arc;

use aws_sdk_dynamodbstreams::Client;
use aws_sdk_dynamodbstreams::types::{AttributeValue, Record, ShardIteratorType};
use owncast_hook::{Deps, HookAuth, router};
use ownchatbot_app::Context;
use ownchatbot_owncast::WebhookSecret;
use ownchatbot_simulator::Webhook;
use ownchatbot_testkit::bot::signing_key;
use ownchatbot_testkit::builders::redeem;
use ownchatbot_testkit::configure::save_reward;
use ownchatbot_web::Token;
use serde_json::{Map, Value, json};
use tokio::net::TcpListener;

use crate::harness::DispatchTest;

const TOKEN: &str = "path-token-0123456789";
const SECRET: &str = "horse-battery-staple";

/// Starts a hook over the table of `test`, and lets Owncast send to it.
pub(crate) async fn with_hook(test: &DispatchTest) {
    hook_with(test, Some(SECRET)).await;
}

/// The same, where Owncast signs with `secret` or not at all.
pub(crate) async fn hook_with(test: &DispatchTest, secret: Option<&str>) {
    let context = Context::new(test.table.store.clone(), test.clock.clone()).signing(signing_key());
    let auth = HookAuth {
        token: Token::parse(TOKEN).unwrap(),
        secret: secret.map(|secret| WebhookSecret::parse(secret).unwrap()),
    };
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let url = format!("http://{}/chatHook/{TOKEN}", listener.local_addr().unwrap());
    let hook = router(Arc::new(Deps { context, auth, origin: None }));
    tokio::spawn(async move { axum::serve(listener, hook).await });
    test.owncast.set_webhook(Some(Webhook { secret: secret.map(str::to_owned), ..Webhook::new(url) }));
}

/// Everything that the table's stream holds, as Lambda sends it.
pub(crate) async fn stream_of(test: &DispatchTest) -> Vec<Value> {
    let streams = Client::new(&test.table.sdk_config());
    let found = streams.list_streams().table_name(&test.table.name).send().await.unwrap();
    let mut records = Vec::new();
    for stream in found.streams() {
        let arn = stream.stream_arn().unwrap();
        let described = streams.describe_stream().stream_arn(arn).send().await.unwrap();
        for shard in described.stream_description().unwrap().shards() {
            let from = streams.get_shard_iterator().stream_arn(arn).shard_id(shard.shard_id().unwrap());
            let start = from.shard_iterator_type(ShardIteratorType::TrimHorizon).send().await.unwrap();
            let mut iterator = start.shard_iterator;
            while let Some(at) = iterator {
                let page = streams.get_records().shard_iterator(at).send().await.unwrap();
                if page.records().is_empty() {
                    break;
                }
                records.extend(page.records().iter().map(as_lambda_sends));
                iterator = page.next_shard_iterator;
            }
        }
    }
    records
}

fn as_lambda_sends(record: &Record) -> Value {
    let change = record.dynamodb().unwrap();
    let item = |item: &std::collections::HashMap<String, AttributeValue>| -> Map<String, Value> {
        item.iter().map(|(name, value)| (name.clone(), as_json(value))).collect()
    };
    json!({
        "eventID": record.event_id(),
        "eventName": record.event_name().unwrap().as_str(),
        "eventVersion": record.event_version(),
        "eventSource": "aws:dynamodb",
        "awsRegion": record.aws_region().unwrap_or("eu-central-1"),
        "dynamodb": {
            "Keys": item(change.keys().unwrap()),
            "NewImage": change.new_image().map(item),
            "SequenceNumber": change.sequence_number(),
            "SizeBytes": change.size_bytes().unwrap_or_default(),
            "StreamViewType": "NEW_IMAGE",
        },
    })
}

fn as_json(value: &AttributeValue) -> Value {
    match value {
        AttributeValue::S(text) => json!({ "S": text }),
        AttributeValue::N(number) => json!({ "N": number }),
        AttributeValue::Bool(flag) => json!({ "BOOL": flag }),
        AttributeValue::L(list) => json!({ "L": list.iter().map(as_json).collect::<Vec<_>>() }),
        AttributeValue::M(map) => {
            json!({ "M": map.iter().map(|(name, value)| (name.clone(), as_json(value))).collect::<Map<_, _>>() })
        }
        other => panic!("the table holds no {other:?}"),
    }
}

#[tokio::test]
async fn command_is_answered_on_its_connection_once_dispatch_runs() {
    let test = DispatchTest::new().await;
    save_reward(&test.table.store, &redeem("hydrate", 50), None).await.unwrap();
    with_hook(&test).await;
    test.owncast.go_live("A title").await;
    let ann = test.owncast.viewer_with_id("ann", "<b>*Ann*</b> & [x](y)");
    let (first, second) = (ann.connect().await, ann.connect().await);
    let bob = test.owncast.viewer("Bob");
    bob.connect().await;
    for (tab, text) in [(second, "!points"), (first, "!hydrate"), (first, "hello everybody")] {
        ann.says_from(tab, text).await;
        // One after the other, so that the order of the answers is certain.
        test.owncast.wait_until_delivered().await.unwrap();
    }
    bob.says("!points").await;
    let seen = test.owncast.wait_until_delivered().await.unwrap();
    assert_eq!(seen.calls, [], "the hook has called Owncast");

    let records = stream_of(&test).await;
    assert!(records.len() > 10, "viewers, ledgers and the stream are in there too: {}", records.len());
    for _ in 0..2 {
        test.deliver(&records).await;
    }
    let name = r"&lt;b\>\*Ann\*&lt;/b\> &amp; \[x\]\(y\)";
    assert_eq!(test.owncast.whispers(second), [format!("{name}, you have 100 points")]);
    assert_eq!(test.owncast.whispers(first), Vec::<String>::new());
    assert_eq!(bob.whispers(), ["Bob, you have 100 points"]);
    assert_eq!(test.owncast.said(), [format!("{name} redeemed hydrate.")]);
    assert_eq!(test.owncast.seen().calls.len(), 3);
    // What dispatch wrote is in the stream as well, and leads to nothing.
    test.deliver(&stream_of(&test).await).await;
    assert_eq!(test.owncast.seen().calls.len(), 3);
}
