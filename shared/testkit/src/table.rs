//! The table without AWS: an embedded DynamoDB, in memory or in a file, spoken to with the ordinary SDK.

use std::collections::HashMap;
use std::path::Path;

use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::config::Credentials;
use aws_sdk_dynamodb::types::AttributeValue;
use dynoxide::Database;
use ownchatbot_store::keys::{PK, SK};
use ownchatbot_store::{Store, table};

use crate::capacity::Capacity;
use crate::faults::Faults;
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

/// The table's name outside AWS.
pub const TABLE: &str = "ownchatbot";

/// Why an embedded database does not start.
#[derive(Debug, thiserror::Error)]
pub enum NoDatabase {
    /// The file is no database, or cannot be written.
    #[error("the database cannot be opened: {0}")]
    File(String),
    /// No port of this machine is free.
    #[error("the database finds no free port")]
    Port(#[from] std::io::Error),
}

fn unusable(error: impl std::fmt::Display) -> NoDatabase {
    NoDatabase::File(error.to_string())
}

/// An embedded DynamoDB that runs as long as this lives.
#[derive(Debug)]
pub struct Embedded {
    endpoint: String,
    stop: Option<oneshot::Sender<()>>,
    server: JoinHandle<Result<(), String>>,
}

impl Embedded {
    /// One that is forgotten when it ends.
    ///
    /// # Errors
    /// [`NoDatabase`] when it cannot start.
    pub async fn in_memory() -> Result<Self, NoDatabase> {
        Self::serve(Database::memory().map_err(unusable)?).await
    }

    /// One that is kept in a file, made when it is not there.
    ///
    /// # Errors
    /// [`NoDatabase`] when the file is no database.
    pub async fn in_file(path: &Path) -> Result<Self, NoDatabase> {
        let database = Database::new(&path.to_string_lossy()).map_err(unusable)?;
        tend_stream(path).map_err(unusable)?;
        Self::serve(database).await
    }

    async fn serve(database: Database) -> Result<Self, NoDatabase> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let endpoint = format!("http://{}", listener.local_addr()?);
        let (stop, stopped) = oneshot::channel();
        let shutdown = async {
            let _ = stopped.await;
        };
        let server = tokio::spawn(dynoxide::server::serve_with_shutdown(listener, database, shutdown));
        Ok(Self { endpoint, stop: Some(stop), server })
    }

    /// Where it listens.
    #[must_use]
    pub fn endpoint(&self) -> &str {
        &self.endpoint
    }

    /// Lets requests that are under way end, and closes the file.
    pub async fn shutdown(mut self) {
        self.stop.take();
        let _ = (&mut self.server).await;
    }
}

/// The embedded database keeps every record of the table's stream for ever, and looks through all of them at each write:
/// after some evenings nothing else would happen. So what is older than the day that DynamoDB keeps is dropped when
/// the file is opened, and an index finds the newest.
fn tend_stream(path: &Path) -> rusqlite::Result<()> {
    rusqlite::Connection::open(path)?.execute_batch(
        "DELETE FROM _stream_records
             WHERE CAST(sequence_number AS INTEGER) < (CAST(strftime('%s', 'now') AS INTEGER) - 86400) * 1000000;
         CREATE INDEX IF NOT EXISTS ownchatbot_stream_order
             ON _stream_records (table_name, CAST(sequence_number AS INTEGER));",
    )
}

impl Drop for Embedded {
    fn drop(&mut self) {
        self.server.abort();
    }
}

/// How the SDK reaches a DynamoDB that is not AWS's. Such servers take any credentials.
#[must_use]
pub fn aws(endpoint: &str) -> SdkConfig {
    SdkConfig::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::from_static("eu-central-1"))
        .credentials_provider(aws_sdk_dynamodb::config::SharedCredentialsProvider::new(Credentials::new(
            "local",
            "local",
            None,
            None,
            "ownchatbot",
        )))
        .endpoint_url(endpoint)
        .build()
}

/// A table for one test: embedded, or where `DYNAMODB_ENDPOINT` says, under a name of its own.
#[derive(Debug)]
pub struct TestTable {
    /// The table.
    pub store: Store,
    /// The client it is reached with.
    pub client: Client,
    /// Its name.
    pub name: String,
    /// What it charges for.
    pub capacity: Capacity,
    embedded: Option<Embedded>,
    /// Outlives the database that lies in it.
    _folder: Option<TempDir>,
}

impl TestTable {
    /// An empty table, reached through `faults`.
    ///
    /// # Panics
    /// When there is no database to be had: nothing can be tested then.
    pub async fn with_faults(faults: &Faults) -> Self {
        Self::embedded(Embedded::in_memory(), faults).await
    }

    /// An empty table in a new file, reached through `faults`: for tests that write so much that a database in memory,
    /// which looks through its whole stream at each write, would take most of their time.
    ///
    /// # Panics
    /// When there is no database to be had: nothing can be tested then.
    #[expect(clippy::expect_used, reason = "for tests")]
    pub async fn in_file(faults: &Faults) -> Self {
        // Where files are memory, a write need not wait for a disk.
        let memory = Path::new("/dev/shm");
        let folder = if memory.is_dir() { TempDir::new_in(memory) } else { TempDir::new() };
        let folder = folder.expect("there is room for a file");
        let table = Self::embedded(Embedded::in_file(&folder.path().join("db.sqlite")), faults).await;
        Self { _folder: Some(folder), ..table }
    }

    #[expect(clippy::expect_used, reason = "for tests")]
    async fn embedded(database: impl Future<Output = Result<Embedded, NoDatabase>>, faults: &Faults) -> Self {
        let (endpoint, embedded) = match std::env::var("DYNAMODB_ENDPOINT") {
            Ok(endpoint) => (endpoint, None),
            Err(_) => {
                let embedded = database.await.expect("an embedded database starts");
                (embedded.endpoint().to_owned(), Some(embedded))
            }
        };
        let name = format!("test-{}", unique());
        let config = aws(&endpoint);
        table::create(&Client::new(&config), &name).await.expect("the table can be made");
        let capacity = Capacity::default();
        let config = aws_sdk_dynamodb::config::Builder::from(&config).interceptor(capacity.clone());
        let client = Client::from_conf(faults.install(config));
        Self { store: Store::new(client.clone(), &name), client, name, capacity, embedded, _folder: None }
    }

    /// An empty table.
    ///
    /// # Panics
    /// When there is no database to be had.
    pub async fn new() -> Self {
        Self::with_faults(&Faults::default()).await
    }

    /// Every item, by key.
    ///
    /// # Panics
    /// When the table cannot be read.
    #[expect(clippy::disallowed_methods, reason = "a test may look at everything")]
    #[expect(clippy::expect_used, reason = "for tests")]
    pub async fn items(&self) -> Vec<HashMap<String, AttributeValue>> {
        let pages = self.client.scan().table_name(&self.name).consistent_read(true).into_paginator();
        let items: Result<Vec<_>, _> = pages.items().send().collect().await;
        let mut items = items.expect("the table can be read");
        let text = |item: &HashMap<String, AttributeValue>, name| {
            item.get(name).and_then(|value| value.as_s().ok()).cloned().unwrap_or_default()
        };
        items.sort_by_key(|item| (text(item, PK), text(item, SK)));
        items
    }

    /// One item.
    ///
    /// # Panics
    /// When the table cannot be read.
    #[expect(clippy::expect_used, reason = "for tests")]
    pub async fn item(&self, pk: &str, sk: &str) -> Option<HashMap<String, AttributeValue>> {
        let key = |text: &str| AttributeValue::S(text.to_owned());
        let read = self.client.get_item().table_name(&self.name).consistent_read(true);
        let read = read.key(PK, key(pk)).key(SK, key(sk)).send().await;
        read.expect("the table can be read").item
    }

    /// Sets one attribute of one item, as only somebody with the table's console could.
    ///
    /// # Panics
    /// When the table cannot be written.
    #[expect(clippy::expect_used, reason = "for tests")]
    pub async fn tamper(&self, pk: &str, sk: &str, attribute: &str, value: AttributeValue) {
        let key = |text: &str| AttributeValue::S(text.to_owned());
        let write = self.client.update_item().table_name(&self.name).key(PK, key(pk)).key(SK, key(sk));
        let write = write.update_expression("SET #a = :a").expression_attribute_names("#a", attribute);
        write.expression_attribute_values(":a", value).send().await.expect("the table can be written");
    }

    /// Takes an item away, behind the bot's back.
    ///
    /// # Panics
    /// When the table does not do it.
    #[expect(clippy::expect_used, reason = "for tests")]
    pub async fn remove(&self, pk: &str, sk: &str) {
        let text = |text: &str| AttributeValue::S(text.to_owned());
        let delete = self.client.delete_item().table_name(&self.name).key(PK, text(pk)).key(SK, text(sk));
        delete.send().await.expect("the item can be taken away");
    }

    /// Where it is.
    #[must_use]
    pub fn endpoint(&self) -> String {
        let set = || std::env::var("DYNAMODB_ENDPOINT").unwrap_or_default();
        self.embedded.as_ref().map_or_else(set, |embedded| embedded.endpoint().to_owned())
    }
}

/// A name that no other test of this or another process has.
fn unique() -> String {
    use std::sync::atomic::{AtomicU32, Ordering};
    static NEXT: AtomicU32 = AtomicU32::new(0);
    format!("{}-{}-{}", std::process::id(), fastrand::u32(..), NEXT.fetch_add(1, Ordering::Relaxed))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_day_of_the_stream_is_kept_and_found_by_an_index() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("db.sqlite");
        Embedded::in_file(&path).await.unwrap().shutdown().await;
        let sql = rusqlite::Connection::open(&path).unwrap();
        let add = "INSERT INTO _stream_records (table_name, event_name, keys_json, sequence_number, shard_id, created_at)
            VALUES ('t', 'INSERT', '{}', CAST((strftime('%s', 'now') - ?1) * 1000000 AS TEXT), 's', 0)";
        for age in [100, 90_000] {
            sql.execute(add, [age]).unwrap();
        }
        Embedded::in_file(&path).await.unwrap().shutdown().await;
        let left: i64 = sql.query_row("SELECT COUNT(*) FROM _stream_records", [], |row| row.get(0)).unwrap();
        assert_eq!(left, 1);
        let newest = "EXPLAIN QUERY PLAN SELECT COALESCE(MAX(CAST(sequence_number AS INTEGER)), 0) + 1
            FROM _stream_records WHERE table_name = 't'";
        let plan: String = sql.query_row(newest, [], |row| row.get(3)).unwrap();
        assert!(plan.contains("ownchatbot_stream_order"), "{plan}");
    }
}
