//! The database: embedded, or elsewhere.

use aws_config::SdkConfig;
use aws_sdk_dynamodb::Client;
use ownchatbot_boot::clients;
use ownchatbot_store::{Store, table};
use ownchatbot_testkit::table::{Embedded, TABLE, aws};

use crate::data_dir::DataDir;
use crate::start_error::StartError;

/// The database, running as long as this lives.
pub(crate) struct Database {
    pub(crate) aws: SdkConfig,
    pub(crate) store: Store,
    embedded: Option<Embedded>,
}

impl Database {
    /// Opens the database in `folder`, or in memory without one, and makes the table.
    pub(crate) async fn open(folder: Option<&DataDir>) -> Result<Self, StartError> {
        let path = folder.map(DataDir::database);
        let opened = match &path {
            Some(path) => Embedded::in_file(path).await,
            None => Embedded::in_memory().await,
        };
        let unusable = |source| StartError::Database { path: path.clone().unwrap_or_default(), source };
        let embedded = opened.map_err(unusable)?;
        let aws = aws(embedded.endpoint());
        let client = Client::new(&aws);
        table::create(&client, TABLE).await?;
        Ok(Self { aws, store: Store::new(client, TABLE), embedded: Some(embedded) })
    }

    /// Uses the database at `endpoint`, and makes the table there if it is not there.
    pub(crate) async fn at(endpoint: &str) -> Result<Self, StartError> {
        let has = |name| std::env::var(name).is_ok_and(|value| !value.is_empty());
        let aws = if has("AWS_ACCESS_KEY_ID") || has("AWS_PROFILE") {
            clients::aws().await.into_builder().endpoint_url(endpoint).build()
        } else {
            aws(endpoint)
        };
        let client = Client::new(&aws);
        let failed = |source| StartError::Endpoint { endpoint: endpoint.to_owned(), source };
        table::create(&client, TABLE).await.map_err(failed)?;
        Ok(Self { aws, store: Store::new(client, TABLE), embedded: None })
    }

    /// Lets what is under way end, and closes the file.
    pub(crate) async fn close(self) {
        if let Some(embedded) = self.embedded {
            embedded.shutdown().await;
        }
    }
}
