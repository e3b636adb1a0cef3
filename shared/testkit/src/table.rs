//! A table for one test: the embedded DynamoDB, the store on it, injected faults, and the consumed capacity.

use std::collections::HashMap;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::types::AttributeValue;
use aws_types::SdkConfig;
use ownchatbot_embedded::{EmbeddedDynamoDb, OpenError, sdk_config};
use ownchatbot_store::keys::{PK, SK};
use ownchatbot_store::{Store, table};
use tempfile::TempDir;

use crate::capacity::Capacity;
use crate::faults::Faults;

/// A table for one test, under a name of its own: in an embedded DynamoDB, or in the one at
/// `DYNAMODB_ENDPOINT`.
///
/// When it is dropped, it checks the invariants on everything that the test has written, see
/// [`Store::verify_totals`], and panics if they are violated. Tests that damage rows on purpose call
/// [`TestTable::allow_violations`]. In a DynamoDB that goes on, it then deletes the table: DynamoDB Local takes
/// longer for each request the more tables and streams it holds.
#[derive(Debug)]
pub struct TestTable {
    /// The store on the table.
    pub store: Store,
    /// The client that the store uses, with the injected faults.
    pub client: Client,
    /// The table's name.
    pub name: String,
    /// The capacity that requests have consumed.
    pub capacity: Capacity,
    embedded: Option<EmbeddedDynamoDb>,
    allows_violations: AtomicBool,
    /// The folder of the database file, which is deleted after the database has ended.
    folder: Option<TempDir>,
}

impl TestTable {
    /// An empty table without a stream, reached through `faults`.
    ///
    /// # Panics
    /// If the database does not open.
    pub async fn with_faults(faults: &Faults) -> Self {
        Self::embedded(EmbeddedDynamoDb::in_memory(), faults, false).await
    }

    /// An empty table with a stream, reached through `faults`. It is in a new file, because the database in
    /// memory searches its whole stream at each write.
    ///
    /// # Panics
    /// If the database does not open.
    #[expect(clippy::expect_used, reason = "for tests")]
    pub async fn with_stream(faults: &Faults) -> Self {
        // In shared memory a write does not wait for a disk.
        let memory = Path::new("/dev/shm");
        let folder = if memory.is_dir() { TempDir::new_in(memory) } else { TempDir::new() };
        let folder = folder.expect("a folder can be created");
        let path = folder.path().join("db.sqlite");
        let mut table = Self::embedded(EmbeddedDynamoDb::in_file(&path), faults, true).await;
        table.folder = Some(folder);
        table
    }

    #[expect(clippy::expect_used, reason = "for tests")]
    async fn embedded(
        database: impl Future<Output = Result<EmbeddedDynamoDb, OpenError>>,
        faults: &Faults,
        stream: bool,
    ) -> Self {
        let (endpoint, embedded) = match std::env::var("DYNAMODB_ENDPOINT") {
            Ok(endpoint) => (endpoint, None),
            Err(_) => {
                let embedded = database.await.expect("the embedded database opens");
                (embedded.endpoint().to_owned(), Some(embedded))
            }
        };
        let name = format!("test-{}", unique());
        let config = sdk_config(&endpoint);
        let created = table::create_for_tests(&Client::new(&config), &name, stream).await;
        created.expect("the table is created");
        let capacity = Capacity::default();
        let config = aws_sdk_dynamodb::config::Builder::from(&config).interceptor(capacity.clone());
        let client = Client::from_conf(faults.install(config));
        let store = Store::new(client.clone(), &name);
        let allows_violations = AtomicBool::new(false);
        Self { store, client, name, capacity, embedded, allows_violations, folder: None }
    }

    /// Switches off the check of the invariants when the table is dropped, for tests that damage rows on
    /// purpose.
    pub fn allow_violations(&self) {
        self.allows_violations.store(true, Ordering::Relaxed);
    }

    /// An empty table without a stream.
    ///
    /// # Panics
    /// If the database does not open.
    pub async fn new() -> Self {
        Self::with_faults(&Faults::default()).await
    }

    /// All items, sorted by key.
    ///
    /// # Panics
    /// If the table cannot be read.
    #[expect(clippy::disallowed_methods, reason = "a test may scan its table")]
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
    /// If the table cannot be read.
    #[expect(clippy::expect_used, reason = "for tests")]
    pub async fn item(&self, pk: &str, sk: &str) -> Option<HashMap<String, AttributeValue>> {
        let key = |text: &str| AttributeValue::S(text.to_owned());
        let read = self.client.get_item().table_name(&self.name).consistent_read(true);
        let read = read.key(PK, key(pk)).key(SK, key(sk)).send().await;
        read.expect("the table can be read").item
    }

    /// Sets one attribute of one item directly, without the bot.
    ///
    /// # Panics
    /// If the table cannot be written.
    #[expect(clippy::expect_used, reason = "for tests")]
    pub async fn tamper(&self, pk: &str, sk: &str, attribute: &str, value: AttributeValue) {
        let key = |text: &str| AttributeValue::S(text.to_owned());
        let write = self.client.update_item().table_name(&self.name).key(PK, key(pk)).key(SK, key(sk));
        let write = write.update_expression("SET #a = :a").expression_attribute_names("#a", attribute);
        write.expression_attribute_values(":a", value).send().await.expect("the table can be written");
    }

    /// Deletes an item directly, without the bot.
    ///
    /// # Panics
    /// If the table cannot be written.
    #[expect(clippy::expect_used, reason = "for tests")]
    pub async fn remove(&self, pk: &str, sk: &str) {
        let text = |text: &str| AttributeValue::S(text.to_owned());
        let delete = self.client.delete_item().table_name(&self.name).key(PK, text(pk)).key(SK, text(sk));
        delete.send().await.expect("the table can be written");
    }

    /// The URL of the DynamoDB that the table is in.
    #[must_use]
    pub fn endpoint(&self) -> String {
        let set = || std::env::var("DYNAMODB_ENDPOINT").unwrap_or_default();
        self.embedded.as_ref().map_or_else(set, |embedded| embedded.endpoint().to_owned())
    }

    /// The SDK's configuration for the same DynamoDB, without faults, for clients of other services such as
    /// its streams.
    #[must_use]
    pub fn sdk_config(&self) -> SdkConfig {
        sdk_config(&self.endpoint())
    }

    /// Checks the invariants and deletes the table, on a runtime and a thread of their own: the caller's runtime
    /// is blocked meanwhile, and may be ending. Returns the violated invariants.
    #[expect(clippy::expect_used, reason = "for tests")]
    fn close(&self, check: bool) -> Vec<String> {
        let (endpoint, name) = (self.endpoint(), self.name.clone());
        let second = self.embedded.as_ref().map(EmbeddedDynamoDb::second_server);
        let close = async move {
            let second = match second {
                Some(second) => Some(second.await.expect("a second server starts")),
                None => None,
            };
            let endpoint = second.as_ref().map_or(&*endpoint, EmbeddedDynamoDb::endpoint);
            let client = Client::new(&sdk_config(endpoint));
            let violations = if check {
                let store = Store::new(client.clone(), &name);
                store.verify_totals().await.expect("the totals can be read").violations
            } else {
                Vec::new()
            };
            if second.is_none() {
                client.delete_table().table_name(name).send().await.expect("the table can be deleted");
            }
            violations
        };
        let closing = thread::spawn(|| {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            runtime.expect("a runtime starts").block_on(close)
        });
        closing.join().expect("the table can be checked")
    }
}

impl Drop for TestTable {
    fn drop(&mut self) {
        if thread::panicking() {
            return;
        }
        let check = !self.allows_violations.load(Ordering::Relaxed);
        if !check && self.embedded.is_some() {
            return;
        }
        let violations = self.close(check);
        assert!(violations.is_empty(), "the test has left violated invariants: {violations:#?}");
    }
}

/// A suffix for the table's name that is unique among all tests of all processes.
fn unique() -> String {
    use std::sync::atomic::{AtomicU32, Ordering};
    static NEXT: AtomicU32 = AtomicU32::new(0);
    format!("{}-{}-{}", std::process::id(), fastrand::u32(..), NEXT.fetch_add(1, Ordering::Relaxed))
}

#[cfg(test)]
mod tests {
    use aws_sdk_dynamodb::types::AttributeValue;

    use crate::bot::Bot;
    use crate::builders::person;

    async fn damaged_bot() -> Bot {
        let bot = Bot::new().await;
        bot.endow(&person("Ann"), 100).await;
        bot.table.tamper("VIEWER#id-Ann", "BALANCE", "balance", AttributeValue::N("101".to_owned())).await;
        bot
    }

    #[tokio::test]
    #[should_panic(expected = "id-Ann has a balance of 101 but a ledger sum of 100")]
    async fn dropping_a_table_with_a_wrong_balance_fails_the_test() {
        drop(damaged_bot().await);
    }

    #[tokio::test]
    async fn wrong_balance_can_be_allowed() {
        damaged_bot().await.table.allow_violations();
    }
}
