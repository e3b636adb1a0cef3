//! Floors: the requests that a handler was seen to make, sent again with nothing around. Only what must be new each
//! time, the message's id or the tick's slot, is exchanged.

use std::collections::HashMap;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::operation::batch_execute_statement::BatchExecuteStatementInput;
use aws_sdk_dynamodb::operation::batch_get_item::BatchGetItemInput;
use aws_sdk_dynamodb::operation::get_item::GetItemInput;
use aws_sdk_dynamodb::operation::put_item::PutItemInput;
use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsInput;
use aws_sdk_dynamodb::operation::update_item::{UpdateItemError, UpdateItemInput};
use aws_sdk_dynamodb::types::AttributeValue;
use futures_util::{StreamExt, stream};
use ownchatbot_embedded::TABLE;
use ownchatbot_store::keys::{PK, SK};

use crate::Measured;
use crate::harness::{BenchSetup, Hook, Tick, fresh_id, fresh_slot};
use crate::record::{Asked, Recorder};

/// As many groups of viewers are paid at the same time, in the tick as here.
const CONCURRENT: usize = 8;

/// A read that is not measured. A thread that has slept answers its first request later than the next one.
pub(crate) async fn knock(client: &Client) {
    let key = |text: &str| AttributeValue::S(text.to_owned());
    let read = client.get_item().table_name(TABLE).key(PK, key("NOBODY")).key(SK, key("NOTHING"));
    read.send().await.unwrap();
}

type Values = HashMap<String, AttributeValue>;

async fn get(client: &Client, asked: GetItemInput) {
    let request = client.get_item().set_table_name(asked.table_name).set_key(asked.key);
    request.set_consistent_read(asked.consistent_read).send().await.unwrap();
}

async fn batch_get(client: &Client, asked: BatchGetItemInput) {
    client.batch_get_item().set_request_items(asked.request_items).send().await.unwrap();
}

async fn put(client: &Client, asked: PutItemInput) {
    let request = client
        .put_item()
        .set_table_name(asked.table_name)
        .set_item(asked.item)
        .set_condition_expression(asked.condition_expression)
        .set_expression_attribute_names(asked.expression_attribute_names)
        .set_expression_attribute_values(asked.expression_attribute_values);
    request.send().await.unwrap();
}

/// One that holds or not, as the handler's own.
async fn update(client: &Client, asked: UpdateItemInput) {
    let request = client
        .update_item()
        .set_table_name(asked.table_name)
        .set_key(asked.key)
        .set_update_expression(asked.update_expression)
        .set_condition_expression(asked.condition_expression)
        .set_expression_attribute_names(asked.expression_attribute_names)
        .set_expression_attribute_values(asked.expression_attribute_values);
    if let Err(error) = request.send().await {
        assert!(
            error.as_service_error().is_some_and(UpdateItemError::is_conditional_check_failed_exception),
            "{error:?}"
        );
    }
}

async fn transact(client: &Client, asked: TransactWriteItemsInput) {
    client.transact_write_items().set_transact_items(asked.transact_items).send().await.unwrap();
}

async fn statements(client: &Client, asked: BatchExecuteStatementInput) {
    let answer = client.batch_execute_statement().set_statements(asked.statements).send().await.unwrap();
    assert!(answer.responses().iter().all(|response| response.error().is_none()), "{answer:?}");
}

/// What a command asks of the table.
pub(crate) struct ChatFloor {
    client: Client,
    asked: Vec<Asked>,
    id: String,
}

impl ChatFloor {
    /// What the hook is seen to ask when somebody types `text`.
    pub(crate) async fn of(test: &BenchSetup, text: &'static str) -> Self {
        let recorder = Recorder::default();
        let hook = Hook::recorded(test, text, &recorder);
        // The first time the process meets the viewer; the second is what is measured.
        hook.send(&fresh_id()).await;
        recorder.take();
        let id = fresh_id();
        hook.send(&id).await;
        let asked = recorder.take();
        assert_eq!(asked.len(), 2, "one read and one write: {asked:?}");
        Self { client: test.client.clone(), asked, id }
    }

    fn renew(&self, values: &mut Option<Values>, id: &str) {
        for value in values.iter_mut().flat_map(HashMap::values_mut) {
            if let AttributeValue::S(text) = value
                && text.contains(&self.id)
            {
                *text = text.replace(&self.id, id);
            }
        }
    }
}

impl ChatFloor {
    fn renew_all(&self, asked: &mut TransactWriteItemsInput, id: &str) {
        for item in asked.transact_items.iter_mut().flatten() {
            if let Some(put) = &mut item.put {
                let mut values = Some(std::mem::take(&mut put.item));
                self.renew(&mut values, id);
                put.item = values.unwrap_or_default();
            }
            if let Some(update) = &mut item.update {
                self.renew(&mut update.expression_attribute_values, id);
            }
        }
    }
}

impl Measured for ChatFloor {
    type Input = String;

    fn prepare(&mut self) -> String {
        fresh_id()
    }

    async fn wake(&self) {
        knock(&self.client).await;
    }

    /// Puts its requests together while the time is taken, as whoever makes them by hand must.
    async fn run(&self, id: String) {
        for asked in &self.asked {
            match asked.clone() {
                Asked::BatchGet(asked) => batch_get(&self.client, asked).await,
                Asked::Put(mut asked) => {
                    self.renew(&mut asked.item, &id);
                    put(&self.client, asked).await;
                }
                Asked::Transact(mut asked) => {
                    self.renew_all(&mut asked, &id);
                    transact(&self.client, asked).await;
                }
                other => panic!("no command asks {other:?}"),
            }
        }
    }
}

/// What a tick asks of the table.
pub(crate) struct TickFloor {
    client: Client,
    stream: GetItemInput,
    reads: Vec<BatchGetItemInput>,
    writes: Vec<BatchExecuteStatementInput>,
    /// Once everybody is paid: the stream's record and the leaderboard.
    after: Vec<Asked>,
    slot: i64,
}

impl TickFloor {
    /// What the tick is seen to ask once everybody is known.
    pub(crate) async fn of(test: &BenchSetup, warm: &Tick) -> Self {
        // Meets everybody, then opens nothing any more.
        warm.run(fresh_slot()).await;
        let recorder = Recorder::default();
        let slot = fresh_slot();
        Tick::recorded(test, &recorder).run(slot).await;
        let (mut state, mut reads, mut writes) = (None, Vec::new(), Vec::new());
        let mut asked = recorder.take();
        let last = asked.iter().rposition(|asked| matches!(asked, Asked::Statements(_))).unwrap();
        let after = asked.split_off(last + 1);
        for asked in asked {
            match asked {
                Asked::Get(get) => state = Some(get),
                Asked::BatchGet(get) => reads.push(get),
                Asked::Statements(statements) => writes.push(statements),
                other => panic!("no tick asks {other:?}"),
            }
        }
        assert_eq!((reads.len(), writes.len()), (10, 40), "of 100 viewers and of 25");
        Self { client: test.client.clone(), stream: state.unwrap(), reads, writes, after, slot }
    }
}

/// The requests of a tick: each group of viewers is read and then written in batches.
type Groups = Vec<(BatchGetItemInput, Vec<BatchExecuteStatementInput>)>;

impl TickFloor {
    fn groups(&self, slot: i64) -> Groups {
        let mut writes = self.writes.clone();
        let statements = writes.iter_mut().flat_map(|batch| batch.statements.iter_mut().flatten());
        for value in statements.flat_map(|statement| statement.parameters.iter_mut().flatten()) {
            self.renew(value, slot);
        }
        self.reads.iter().cloned().zip(writes.chunks(4).map(<[_]>::to_vec)).collect()
    }

    /// Puts `slot` in the place of the recorded one, and what lies shortly before it as far before this one: the latest
    /// tick that lets it pay.
    fn renew(&self, value: &mut AttributeValue, slot: i64) {
        if let AttributeValue::N(number) = value
            && let Ok(time) = number.parse::<i64>()
            && (self.slot - 600_000..=self.slot).contains(&time)
        {
            *value = AttributeValue::N((time - self.slot + slot).to_string());
        }
    }

    async fn finish(&self, slot: i64) {
        let renew = |values: &mut Option<Values>| {
            for value in values.iter_mut().flat_map(HashMap::values_mut) {
                self.renew(value, slot);
            }
        };
        for asked in self.after.clone() {
            match asked {
                Asked::Get(asked) => get(&self.client, asked).await,
                Asked::BatchGet(asked) => batch_get(&self.client, asked).await,
                Asked::Update(mut asked) => {
                    renew(&mut asked.expression_attribute_values);
                    update(&self.client, asked).await;
                }
                Asked::Put(mut asked) => {
                    renew(&mut asked.item);
                    renew(&mut asked.expression_attribute_values);
                    put(&self.client, asked).await;
                }
                other => panic!("no tick asks {other:?} at its end"),
            }
        }
    }
}

impl Measured for TickFloor {
    type Input = i64;

    fn prepare(&mut self) -> i64 {
        fresh_slot()
    }

    async fn wake(&self) {
        knock(&self.client).await;
    }

    async fn run(&self, slot: i64) {
        let client = &self.client;
        get(client, self.stream.clone()).await;
        stream::iter(self.groups(slot))
            .for_each_concurrent(CONCURRENT, |(read, writes)| async move {
                batch_get(client, read).await;
                for batch in writes {
                    statements(client, batch).await;
                }
            })
            .await;
        self.finish(slot).await;
    }
}
