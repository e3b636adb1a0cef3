//! The embedded database and its server.

use std::fmt;
use std::path::Path;

use dynoxide::Database;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use crate::error::OpenError;

/// An embedded DynamoDB. It runs until it is shut down or dropped.
pub struct EmbeddedDynamoDb {
    database: Database,
    endpoint: String,
    stop: Option<oneshot::Sender<()>>,
    server: JoinHandle<Result<(), String>>,
}

impl EmbeddedDynamoDb {
    /// Starts an empty database in memory, which is lost when it shuts down.
    ///
    /// # Errors
    /// [`OpenError::Memory`] if SQLite fails, or [`OpenError::Listen`].
    pub async fn in_memory() -> Result<Self, OpenError> {
        let database = Database::memory().map_err(|error| OpenError::Memory(error.into()))?;
        Self::serve(database).await
    }

    /// Starts the database in the file `path`, which is created if necessary.
    ///
    /// # Errors
    /// [`OpenError::File`] if the file is not a database or cannot be written, or [`OpenError::Listen`].
    pub async fn in_file(path: &Path) -> Result<Self, OpenError> {
        let unusable = |source| OpenError::File { path: path.to_owned(), source };
        let database = Database::new(&path.to_string_lossy()).map_err(|error| unusable(error.into()))?;
        sweep_stream(path).map_err(|error| unusable(error.into()))?;
        Self::serve(database).await
    }

    async fn serve(database: Database) -> Result<Self, OpenError> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.map_err(OpenError::Listen)?;
        let endpoint = format!("http://{}", listener.local_addr().map_err(OpenError::Listen)?);
        let (stop, stopped) = oneshot::channel();
        let shutdown = async {
            let _ = stopped.await;
        };
        let server =
            tokio::spawn(dynoxide::server::serve_with_shutdown(listener, database.clone(), shutdown));
        Ok(Self { database, endpoint, stop: Some(stop), server })
    }

    /// Starts a second server for the same data, on the runtime that polls the future. It works even if the
    /// runtime of the first one is blocked or has ended.
    ///
    /// # Errors
    /// [`OpenError::Listen`].
    pub fn second_server(&self) -> impl Future<Output = Result<Self, OpenError>> + Send + use<> {
        Self::serve(self.database.clone())
    }

    /// The URL of the database, for [`crate::sdk_config`].
    #[must_use]
    pub fn endpoint(&self) -> &str {
        &self.endpoint
    }

    /// Waits until the running requests have ended, and closes the file.
    pub async fn shutdown(mut self) {
        self.stop.take();
        let _ = (&mut self.server).await;
    }
}

impl fmt::Debug for EmbeddedDynamoDb {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EmbeddedDynamoDb").field("endpoint", &self.endpoint).finish_non_exhaustive()
    }
}

impl Drop for EmbeddedDynamoDb {
    fn drop(&mut self) {
        self.server.abort();
    }
}

/// Deletes the stream's records that are older than a day, which is how long DynamoDB keeps them, and creates
/// an index to find the newest. The embedded database keeps all records and searches them at each write, so
/// without this every write would take seconds after a few evenings of use.
fn sweep_stream(path: &Path) -> rusqlite::Result<()> {
    rusqlite::Connection::open(path)?.execute_batch(
        "DELETE FROM _stream_records
             WHERE CAST(sequence_number AS INTEGER) < (CAST(strftime('%s', 'now') AS INTEGER) - 86400) * 1000000;
         CREATE INDEX IF NOT EXISTS ownchatbot_stream_order
             ON _stream_records (table_name, CAST(sequence_number AS INTEGER));",
    )
}

#[cfg(test)]
mod tests {
    use aws_sdk_dynamodb::Client;
    use aws_sdk_dynamodb::types::{
        AttributeDefinition, BillingMode, KeySchemaElement, KeyType, ScalarAttributeType,
    };

    use super::*;
    use crate::{TABLE, sdk_config};

    #[tokio::test]
    async fn stream_records_of_one_day_are_kept_and_indexed() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("db.sqlite");
        EmbeddedDynamoDb::in_file(&path).await.unwrap().shutdown().await;
        let sql = rusqlite::Connection::open(&path).unwrap();
        let add = "INSERT INTO _stream_records (table_name, event_name, keys_json, sequence_number, shard_id, created_at)
            VALUES ('t', 'INSERT', '{}', CAST((strftime('%s', 'now') - ?1) * 1000000 AS TEXT), 's', 0)";
        for age in [100, 90_000] {
            sql.execute(add, [age]).unwrap();
        }
        EmbeddedDynamoDb::in_file(&path).await.unwrap().shutdown().await;
        let left: i64 = sql.query_row("SELECT COUNT(*) FROM _stream_records", [], |row| row.get(0)).unwrap();
        assert_eq!(left, 1);
        let newest = "EXPLAIN QUERY PLAN SELECT COALESCE(MAX(CAST(sequence_number AS INTEGER)), 0) + 1
            FROM _stream_records WHERE table_name = 't'";
        let plan: String = sql.query_row(newest, [], |row| row.get(3)).unwrap();
        assert!(plan.contains("ownchatbot_stream_order"), "{plan}");
    }

    #[tokio::test]
    async fn second_server_serves_the_same_data_on_another_runtime() {
        let database = EmbeddedDynamoDb::in_memory().await.unwrap();
        create(&client(&database), TABLE).await;
        let second = database.second_server();
        // This thread, and with it the runtime of the first server, is blocked meanwhile.
        let read = std::thread::spawn(|| {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(async { tables(&client(&second.await.unwrap())).await })
        });
        assert_eq!(read.join().unwrap(), [TABLE]);
    }

    #[tokio::test]
    async fn error_names_a_file_that_is_not_a_database() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("db.sqlite");
        std::fs::write(&path, "this is no database, whatever its name says").unwrap();
        let error = EmbeddedDynamoDb::in_file(&path).await.unwrap_err();
        assert!(matches!(&error, OpenError::File { path: named, .. } if *named == path), "{error:?}");
        assert!(error.to_string().contains("db.sqlite"), "{error}");
    }

    #[tokio::test]
    async fn sdk_reaches_the_database_and_a_file_keeps_tables() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("db.sqlite");
        let database = EmbeddedDynamoDb::in_file(&path).await.unwrap();
        create(&client(&database), TABLE).await;
        database.shutdown().await;
        let database = EmbeddedDynamoDb::in_file(&path).await.unwrap();
        assert_eq!(tables(&client(&database)).await, [TABLE]);
        let in_memory = EmbeddedDynamoDb::in_memory().await.unwrap();
        assert_eq!(tables(&client(&in_memory)).await, [""; 0]);
    }

    fn client(database: &EmbeddedDynamoDb) -> Client {
        Client::new(&sdk_config(database.endpoint()))
    }

    async fn create(client: &Client, name: &str) {
        let key = KeySchemaElement::builder().attribute_name("pk").key_type(KeyType::Hash).build().unwrap();
        let text = ScalarAttributeType::S;
        let attribute = AttributeDefinition::builder().attribute_name("pk").attribute_type(text);
        let table = client.create_table().table_name(name).key_schema(key);
        let table = table.attribute_definitions(attribute.build().unwrap());
        table.billing_mode(BillingMode::PayPerRequest).send().await.unwrap();
    }

    async fn tables(client: &Client) -> Vec<String> {
        client.list_tables().send().await.unwrap().table_names.unwrap_or_default()
    }
}
