//! The SDK's configuration for a DynamoDB outside AWS.

use aws_sdk_dynamodb::config::{BehaviorVersion, Credentials, Region, SharedCredentialsProvider};
use aws_smithy_http_client::Builder;
use aws_types::SdkConfig;

/// The name of the bot's table outside AWS. On AWS the stack names it.
pub const TABLE: &str = "ownchatbot";

/// The SDK's configuration for the DynamoDB at the URL `endpoint`: this embedded one, or a DynamoDB Local.
/// Neither checks credentials, but the SDK sends no request without any. Its HTTP client has no TLS.
#[must_use]
pub fn sdk_config(endpoint: &str) -> SdkConfig {
    let credentials = Credentials::new("local", "local", None, None, "ownchatbot");
    SdkConfig::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::from_static("eu-central-1"))
        .credentials_provider(SharedCredentialsProvider::new(credentials))
        .http_client(Builder::new().build_http())
        .endpoint_url(endpoint)
        .build()
}
