//! Records the requests of a handler to the table.

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

/// A recorded request.
#[derive(Debug, Clone)]
pub(crate) enum Recorded {
    Get(GetItemInput),
    BatchGet(BatchGetItemInput),
    Put(PutItemInput),
    Update(UpdateItemInput),
    Transact(TransactWriteItemsInput),
    Statements(BatchExecuteStatementInput),
    /// The configuration, which a process reads at most every five seconds.
    Configuration,
}

/// Records the requests of a client to the table.
#[derive(Debug, Clone, Default)]
pub(crate) struct Recorder(Arc<Mutex<Vec<Recorded>>>);

impl Recorder {
    /// The requests since the last call, without reads of the configuration.
    pub(crate) fn take(&self) -> Vec<Recorded> {
        let mut recorded = std::mem::take(&mut *self.0.lock().unwrap());
        recorded.retain(|recorded| !matches!(recorded, Recorded::Configuration));
        recorded
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
        let recorded = if let Some(get) = input.downcast_ref::<GetItemInput>() {
            Recorded::Get(get.clone())
        } else if let Some(get) = input.downcast_ref::<BatchGetItemInput>() {
            Recorded::BatchGet(get.clone())
        } else if let Some(put) = input.downcast_ref::<PutItemInput>() {
            Recorded::Put(put.clone())
        } else if let Some(update) = input.downcast_ref::<UpdateItemInput>() {
            Recorded::Update(update.clone())
        } else if let Some(transact) = input.downcast_ref::<TransactWriteItemsInput>() {
            Recorded::Transact(transact.clone())
        } else if let Some(statements) = input.downcast_ref::<BatchExecuteStatementInput>() {
            Recorded::Statements(statements.clone())
        } else if input.downcast_ref::<QueryInput>().is_some() {
            Recorded::Configuration
        } else {
            return Err(format!("this kind of request cannot be recorded yet: {input:?}").into());
        };
        self.0.lock().unwrap().push(recorded);
        Ok(())
    }
}
