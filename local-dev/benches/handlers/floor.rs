//! Floors: the recorded requests of a handler, sent again without the handler. Only the values that must be
//! new each time, the message's id or the tick's slot, are replaced.

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

use crate::Measured;
use crate::harness::{BenchSetup, Hook, Tick, fresh_id, fresh_slot, wake_database};
use crate::record::{Recorded, Recorder};

/// The number of groups of viewers that are paid at the same time, as in the tick.
const CONCURRENT: usize = 8;

type Values = HashMap<String, AttributeValue>;

async fn get(client: &Client, input: GetItemInput) {
    let request = client.get_item().set_table_name(input.table_name).set_key(input.key);
    request.set_consistent_read(input.consistent_read).send().await.unwrap();
}

async fn batch_get(client: &Client, input: BatchGetItemInput) {
    client.batch_get_item().set_request_items(input.request_items).send().await.unwrap();
}

async fn put(client: &Client, input: PutItemInput) {
    let request = client
        .put_item()
        .set_table_name(input.table_name)
        .set_item(input.item)
        .set_condition_expression(input.condition_expression)
        .set_expression_attribute_names(input.expression_attribute_names)
        .set_expression_attribute_values(input.expression_attribute_values);
    request.send().await.unwrap();
}

/// A conditional update, whose condition may fail as in the handler.
async fn update(client: &Client, input: UpdateItemInput) {
    let request = client
        .update_item()
        .set_table_name(input.table_name)
        .set_key(input.key)
        .set_update_expression(input.update_expression)
        .set_condition_expression(input.condition_expression)
        .set_expression_attribute_names(input.expression_attribute_names)
        .set_expression_attribute_values(input.expression_attribute_values);
    if let Err(error) = request.send().await {
        assert!(
            error.as_service_error().is_some_and(UpdateItemError::is_conditional_check_failed_exception),
            "{error:?}"
        );
    }
}

async fn transact(client: &Client, input: TransactWriteItemsInput) {
    client.transact_write_items().set_transact_items(input.transact_items).send().await.unwrap();
}

async fn statements(client: &Client, input: BatchExecuteStatementInput) {
    let output = client.batch_execute_statement().set_statements(input.statements).send().await.unwrap();
    assert!(output.responses().iter().all(|response| response.error().is_none()), "{output:?}");
}

/// The requests of a chat command to the table.
pub(crate) struct ChatFloor {
    client: Client,
    recorded: Vec<Recorded>,
    id: String,
}

impl ChatFloor {
    /// Records the hook's requests when a viewer types `text`.
    pub(crate) async fn of(test: &BenchSetup, text: &'static str) -> Self {
        let recorder = Recorder::default();
        let hook = Hook::recorded(test, text, &recorder);
        // The first message loads the viewer into the cache; the second one is recorded.
        hook.send(&fresh_id()).await;
        recorder.take();
        let id = fresh_id();
        hook.send(&id).await;
        let recorded = recorder.take();
        assert_eq!(recorded.len(), 2, "one read and one write: {recorded:?}");
        Self { client: test.client.clone(), recorded, id }
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
    fn renew_all(&self, input: &mut TransactWriteItemsInput, id: &str) {
        for item in input.transact_items.iter_mut().flatten() {
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
        wake_database(&self.client).await;
    }

    /// The requests are built within the measured time, as in any program that sends them.
    async fn run(&self, id: String) {
        for recorded in &self.recorded {
            match recorded.clone() {
                Recorded::BatchGet(recorded) => batch_get(&self.client, recorded).await,
                Recorded::Put(mut recorded) => {
                    self.renew(&mut recorded.item, &id);
                    put(&self.client, recorded).await;
                }
                Recorded::Transact(mut recorded) => {
                    self.renew_all(&mut recorded, &id);
                    transact(&self.client, recorded).await;
                }
                other => panic!("unexpected request of a command: {other:?}"),
            }
        }
    }
}

/// The requests of a tick to the table.
pub(crate) struct TickFloor {
    client: Client,
    stream: GetItemInput,
    reads: Vec<BatchGetItemInput>,
    writes: Vec<BatchExecuteStatementInput>,
    /// The requests after the payments: for the stream's record and the leaderboard.
    after: Vec<Recorded>,
    slot: i64,
}

impl TickFloor {
    /// Records the tick's requests when all viewers are known.
    pub(crate) async fn of(test: &BenchSetup, warm: &Tick) -> Self {
        // This tick registers all viewers, so that the recorded one does not.
        warm.run(fresh_slot()).await;
        let recorder = Recorder::default();
        let slot = fresh_slot();
        Tick::recorded(test, &recorder).run(slot).await;
        let (mut state, mut reads, mut writes) = (None, Vec::new(), Vec::new());
        let mut recorded = recorder.take();
        let last = recorded.iter().rposition(|recorded| matches!(recorded, Recorded::Statements(_))).unwrap();
        let after = recorded.split_off(last + 1);
        for recorded in recorded {
            match recorded {
                Recorded::Get(get) => state = Some(get),
                Recorded::BatchGet(get) => reads.push(get),
                Recorded::Statements(statements) => writes.push(statements),
                other => panic!("unexpected request of a tick: {other:?}"),
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

    /// Replaces the recorded slot by `slot`, and shifts times of up to ten minutes before it by the same
    /// difference: one of them is the condition on the time of the last payment.
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
        for recorded in self.after.clone() {
            match recorded {
                Recorded::Get(recorded) => get(&self.client, recorded).await,
                Recorded::BatchGet(recorded) => batch_get(&self.client, recorded).await,
                Recorded::Update(mut recorded) => {
                    renew(&mut recorded.expression_attribute_values);
                    update(&self.client, recorded).await;
                }
                Recorded::Put(mut recorded) => {
                    renew(&mut recorded.item);
                    renew(&mut recorded.expression_attribute_values);
                    put(&self.client, recorded).await;
                }
                other => panic!("unexpected request at the end of a tick: {other:?}"),
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
        wake_database(&self.client).await;
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
