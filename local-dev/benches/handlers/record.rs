//! What a handler asks of the table, written down.

use std::sync::{Arc, Mutex};

use aws_sdk_dynamodb::config::interceptors::BeforeSerializationInterceptorContextRef;
use aws_sdk_dynamodb::config::{ConfigBag, Intercept, RuntimeComponents};
use aws_sdk_dynamodb::error::BoxError;
use aws_sdk_dynamodb::operation::batch_execute_statement::BatchExecuteStatementInput;
use aws_sdk_dynamodb::operation::batch_get_item::BatchGetItemInput;
use aws_sdk_dynamodb::operation::get_item::GetItemInput;
use aws_sdk_dynamodb::operation::put_item::PutItemInput;
use aws_sdk_dynamodb::operation::query::QueryInput;
use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsInput;
use aws_sdk_dynamodb::operation::update_item::UpdateItemInput;

/// One request.
#[derive(Debug, Clone)]
pub(crate) enum Asked {
    Get(GetItemInput),
    BatchGet(BatchGetItemInput),
    Put(PutItemInput),
    Update(UpdateItemInput),
    Transact(TransactWriteItemsInput),
    Statements(BatchExecuteStatementInput),
    /// The configuration, which a process reads at most every five seconds.
    Configuration,
}

/// Writes down what is asked of the table.
#[derive(Debug, Clone, Default)]
pub(crate) struct Recorder(Arc<Mutex<Vec<Asked>>>);

impl Recorder {
    /// What was asked since the last time, without the reading of the configuration.
    pub(crate) fn take(&self) -> Vec<Asked> {
        let mut asked = std::mem::take(&mut *self.0.lock().unwrap());
        asked.retain(|asked| !matches!(asked, Asked::Configuration));
        asked
    }
}

impl Intercept for Recorder {
    fn name(&self) -> &'static str {
        "Recorder"
    }

    fn read_before_serialization(
        &self,
        context: &BeforeSerializationInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let input = context.input();
        let asked = if let Some(get) = input.downcast_ref::<GetItemInput>() {
            Asked::Get(get.clone())
        } else if let Some(get) = input.downcast_ref::<BatchGetItemInput>() {
            Asked::BatchGet(get.clone())
        } else if let Some(put) = input.downcast_ref::<PutItemInput>() {
            Asked::Put(put.clone())
        } else if let Some(update) = input.downcast_ref::<UpdateItemInput>() {
            Asked::Update(update.clone())
        } else if let Some(transact) = input.downcast_ref::<TransactWriteItemsInput>() {
            Asked::Transact(transact.clone())
        } else if let Some(statements) = input.downcast_ref::<BatchExecuteStatementInput>() {
            Asked::Statements(statements.clone())
        } else if input.downcast_ref::<QueryInput>().is_some() {
            Asked::Configuration
        } else {
            return Err(format!("a kind of request that has no floor yet: {input:?}").into());
        };
        self.0.lock().unwrap().push(asked);
        Ok(())
    }
}
