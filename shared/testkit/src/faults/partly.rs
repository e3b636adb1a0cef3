//! Batches of which DynamoDB leaves a part unprocessed, as it does when it is short of capacity.

use aws_smithy_runtime_api::client::http::{HttpConnector, HttpConnectorFuture, SharedHttpConnector};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::byte_stream::ByteStream;
use serde_json::{Value, json};

/// Sends every other read or statement of a batch, and reports the rest as unprocessed.
pub(super) fn call(wire: SharedHttpConnector, request: HttpRequest) -> HttpConnectorFuture {
    HttpConnectorFuture::new(async move {
        send_half(wire, request).await.map_err(|error| ConnectorError::other(error, None))
    })
}

type Failed = Box<dyn std::error::Error + Send + Sync>;

async fn send_half(wire: SharedHttpConnector, mut request: HttpRequest) -> Result<HttpResponse, Failed> {
    let mut batch: Value = serde_json::from_slice(request.body().bytes().unwrap_or_default())?;
    let left_keys = take_keys(&mut batch);
    let left_statements = batch.get_mut("Statements").and_then(Value::as_array_mut).map(take_every_other);
    let body = batch.to_string();
    request.headers_mut().insert("content-length", body.len().to_string());
    *request.body_mut() = SdkBody::from(body);
    let mut response = wire.call(request).await?;
    let body = std::mem::replace(response.body_mut(), SdkBody::taken());
    let mut result: Value = serde_json::from_slice(&ByteStream::new(body).collect().await?.into_bytes())?;
    if !left_keys.is_null() {
        result["UnprocessedKeys"] = left_keys;
    }
    if let (Some(left), Some(done)) =
        (left_statements, result.get_mut("Responses").and_then(Value::as_array_mut))
    {
        let undone = json!({ "Error": { "Code": "ThrottlingError", "Message": "Throughput exceeded" } });
        for place in 0..left.len() {
            done.insert((place * 2 + 1).min(done.len()), undone.clone());
        }
    }
    *response.body_mut() = SdkBody::from(result.to_string());
    Ok(response)
}

/// Takes every other key out of a `BatchGetItem`. Returns the taken keys in the form of `UnprocessedKeys`.
fn take_keys(batch: &mut Value) -> Value {
    let Some(tables) = batch.get_mut("RequestItems").and_then(Value::as_object_mut) else {
        return Value::Null;
    };
    let mut left = serde_json::Map::new();
    for (table, reads) in tables {
        let keys =
            reads.get_mut("Keys").and_then(Value::as_array_mut).map(take_every_other).unwrap_or_default();
        if !keys.is_empty() {
            let mut rest = reads.clone();
            rest["Keys"] = Value::Array(keys);
            left.insert(table.clone(), rest);
        }
    }
    Value::Object(left)
}

/// Takes the second, fourth, … element out of a list and returns them.
fn take_every_other(list: &mut Vec<Value>) -> Vec<Value> {
    let (mut done, mut left) = (Vec::new(), Vec::new());
    for (place, value) in list.drain(..).enumerate() {
        if place % 2 == 0 { done.push(value) } else { left.push(value) }
    }
    *list = done;
    left
}
