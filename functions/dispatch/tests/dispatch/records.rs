//! Which records of the stream lead to deliveries, in the JSON that Lambda sends.

use aws_lambda_events::event::dynamodb::Event;
use ownchatbot_domain::{Action, Effect};
use ownchatbot_store::{Lane, RowState};
use ownchatbot_testkit::builders::event;
use serde_json::json;

use crate::harness::{DispatchTest, batch, chat_row, read, record, row, say};

#[tokio::test]
async fn empty_batches_and_empty_runs_succeed() {
    let test = DispatchTest::new().await;
    test.deliver(&[]).await;
    test.redrive().await;
    assert_eq!(test.owncast.seen().calls, []);
}

#[test]
fn events_without_records_are_not_parsed() {
    assert_eq!(read(&batch(&[chat_row("m", 0, 1)])).records.len(), 1);
    for strange in ["{}", "[]", "null", r#"{"Records":null}"#, r#"{"slot":"2026-09-10T18:06:00Z"}"#] {
        assert!(serde_json::from_str::<Event>(strange).is_err(), "{strange}");
    }
}

#[tokio::test]
async fn only_new_rows_of_the_outbox_are_delivered() {
    let test = DispatchTest::new().await;
    test.commit("m", &[say("hello")]).await;
    let table = "OUTBOX#owncast:m";
    let mut expired = record("REMOVE", table, "chat#000", 3);
    expired["userIdentity"] = json!({ "type": "Service", "principalId": "dynamodb.amazonaws.com" });
    let others = [
        record("MODIFY", table, "chat#000", 1),
        record("REMOVE", table, "chat#000", 2),
        expired,
        record("INSERT", "VIEWER#ann", "BALANCE", 4),
        record("INSERT", "CONFIG", "REWARD#chat#000", 5),
        record("INSERT", "DUE", "1789063500000#chat#owncast:m", 6),
        record("INSERT", "OUTBOX#elsewhere:m", "chat#000", 7),
        record("INSERT", "OUTBOX#owncast:", "chat#000", 8),
        record("INSERT", table, "letters#000", 9),
        record("INSERT", table, "chat#first", 10),
        record("INSERT", table, "chat", 11),
        record("INSERT", "", "", 12),
    ];
    test.faults.reset();
    test.deliver(&others).await;
    assert_eq!(test.faults.total(), 0, "the table was read or written: {:?}", test.faults);
    assert_eq!(test.owncast.seen().calls, []);
    test.deliver(&[chat_row("m", 0, 13)]).await;
    assert_eq!(test.owncast.said(), ["hello"]);
}

#[tokio::test]
async fn items_of_every_shape_are_parsed() {
    let test = DispatchTest::new().await;
    test.commit("m", &[say("hello")]).await;
    let mut strange = record("INSERT", "SOMETHING", "ELSE", 1);
    strange["dynamodb"]["NewImage"] = json!({
        "pk": { "S": "SOMETHING" },
        "text": { "S": "" },
        "number": { "N": "-1.5E+10" },
        "bytes": { "B": "AAEC/w==" },
        "flag": { "BOOL": true },
        "nothing": { "NULL": true },
        "map": { "M": { "list": { "L": [{ "N": "1" }, { "M": {} }, { "L": [] }] } } },
        "texts": { "SS": ["a", "b"] },
        "numbers": { "NS": ["1", "2.5"] },
        "blobs": { "BS": ["AA==", "/w=="] },
    });
    // Whole seconds, no time at all, and fields that later versions may add.
    let mut whole = record("INSERT", "VIEWER#ann", "PROFILE", 2);
    whole["dynamodb"]["ApproximateCreationDateTime"] = json!(1_789_063_500);
    whole["later"] = json!({ "field": 1 });
    let mut timeless = chat_row("m", 0, 3);
    timeless["dynamodb"].as_object_mut().unwrap().remove("ApproximateCreationDateTime");
    test.deliver(&[strange, whole, timeless]).await;
    assert_eq!(test.owncast.said(), ["hello"]);
}

#[tokio::test]
async fn rows_of_other_lanes_are_left_alone() {
    let test = DispatchTest::new().await;
    let act = |action| Effect::Act {
        action,
        event: event("m"),
        reward: "confetti".to_owned(),
        viewer: "Ann".to_owned(),
        note: None,
    };
    let actions =
        [act(Action::Webhook("https://hook.example/".to_owned())), act(Action::Job("lights".to_owned()))];
    test.commit("m", &actions).await;
    let records = [(Lane::Chat, 1), (Lane::Hook, 2), (Lane::Job, 3), (Lane::Schedule, 4)];
    test.deliver(&records.map(|(lane, sequence)| row("m", lane, 0, sequence))).await;
    assert_eq!(test.owncast.seen().calls, []);
    let states = test.states("m").await;
    assert_eq!(states, [RowState::Done, RowState::Pending, RowState::Pending]);
}
