//! Creates the table where no SAM template does: locally and in tests.

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::operation::create_table::CreateTableError;
use aws_sdk_dynamodb::types::{
    AttributeDefinition, BillingMode, KeySchemaElement, KeyType, ScalarAttributeType, StreamSpecification,
    StreamViewType, TimeToLiveSpecification,
};

use crate::StoreError;
use crate::error::{broken, sdk};
use crate::keys::{PK, SK, TTL};

const DOING: &str = "creating the table";

/// Creates the table unless it exists: keys, stream and time to live as in `infra/template.yaml`.
///
/// # Errors
/// [`StoreError`] when the table neither exists nor could be created.
pub async fn create(client: &Client, table: &str) -> Result<(), StoreError> {
    if !create_for_tests(client, table, true).await? {
        return Ok(());
    }
    let ttl = TimeToLiveSpecification::builder().attribute_name(TTL).enabled(true).build();
    let ttl = ttl.map_err(|error| broken(DOING, error))?;
    let sent = client.update_time_to_live().table_name(table).time_to_live_specification(ttl).send().await;
    sent.map(|_| ()).map_err(|error| sdk(DOING, error))
}

/// Creates the table for a test, whose clock is not the real one: without time to live, because DynamoDB Local
/// soon deletes what has expired by its own clock. Without `stream` it also has no stream: each request to a
/// local DynamoDB takes the longer the more its streams hold. Returns whether the table is new.
///
/// # Errors
/// [`StoreError`] when the table neither exists nor could be created.
pub async fn create_for_tests(client: &Client, table: &str, stream: bool) -> Result<bool, StoreError> {
    let specification = StreamSpecification::builder().stream_enabled(true);
    let specification = specification.stream_view_type(StreamViewType::NewImage).build();
    let specification = specification.map_err(|error| broken(DOING, error))?;
    let attribute = |name| {
        AttributeDefinition::builder().attribute_name(name).attribute_type(ScalarAttributeType::S).build()
    };
    let part = |name, kind| KeySchemaElement::builder().attribute_name(name).key_type(kind).build();
    let mut request = client
        .create_table()
        .table_name(table)
        .billing_mode(BillingMode::PayPerRequest)
        .set_stream_specification(stream.then_some(specification));
    for (name, kind) in [(PK, KeyType::Hash), (SK, KeyType::Range)] {
        request = request
            .attribute_definitions(attribute(name).map_err(|error| broken(DOING, error))?)
            .key_schema(part(name, kind).map_err(|error| broken(DOING, error))?);
    }
    match request.send().await {
        Ok(_) => Ok(true),
        Err(error)
            if matches!(error.as_service_error(), Some(CreateTableError::ResourceInUseException(_))) =>
        {
            Ok(false)
        }
        Err(error) => Err(sdk(DOING, error)),
    }
}
