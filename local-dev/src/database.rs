//! The database: embedded, or a DynamoDB at an endpoint.

use aws_sdk_dynamodb::Client;
use aws_types::SdkConfig;
use ownchatbot_boot::clients;
use ownchatbot_embedded::{EmbeddedDynamoDb, TABLE, sdk_config};
use ownchatbot_store::{Store, table};

use crate::data_dir::DataDir;
use crate::start_error::StartError;

/// The database with the bot's table. An embedded one runs as long as this value exists.
pub(crate) struct Database {
    pub(crate) aws: SdkConfig,
    pub(crate) store: Store,
    embedded: Option<EmbeddedDynamoDb>,
}

impl Database {
    /// Opens the embedded database in `folder`, or in memory without one, and creates the table if necessary.
    pub(crate) async fn open(folder: Option<&DataDir>) -> Result<Self, StartError> {
        let embedded = match folder {
            Some(folder) => EmbeddedDynamoDb::in_file(&folder.database()).await?,
            None => EmbeddedDynamoDb::in_memory().await?,
        };
        let aws = sdk_config(embedded.endpoint());
        let client = Client::new(&aws);
        table::create(&client, TABLE).await?;
        Ok(Self { aws, store: Store::new(client, TABLE), embedded: Some(embedded) })
    }

    /// Uses the DynamoDB at the URL `endpoint`, and creates the table there if necessary.
    pub(crate) async fn at(endpoint: &str) -> Result<Self, StartError> {
        let aws = clients::aws();
        // DynamoDB Local checks no credentials, so they need not be set for it.
        let aws = if aws.credentials_provider().is_some() {
            aws.into_builder().endpoint_url(endpoint).build()
        } else {
            sdk_config(endpoint).into_builder().http_client(clients::https()).build()
        };
        let client = Client::new(&aws);
        let failed = |source| StartError::Endpoint { endpoint: endpoint.to_owned(), source };
        table::create(&client, TABLE).await.map_err(failed)?;
        Ok(Self { aws, store: Store::new(client, TABLE), embedded: None })
    }

    /// Waits until the running requests have ended, and closes the file.
    pub(crate) async fn close(self) {
        if let Some(embedded) = self.embedded {
            embedded.shutdown().await;
        }
    }
}
