//! The capacity units that requests consume, as DynamoDB reports them with `ReturnConsumedCapacity`.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use aws_sdk_dynamodb::config::interceptors::{
    AfterDeserializationInterceptorContextRef, BeforeSerializationInterceptorContextMut,
};
use aws_sdk_dynamodb::config::{ConfigBag, Intercept, RuntimeComponents};
use aws_sdk_dynamodb::error::BoxError;
use aws_sdk_dynamodb::operation::{
    batch_execute_statement, batch_get_item, delete_item, get_item, put_item, query, transact_write_items,
    update_item,
};
use aws_sdk_dynamodb::types::{ConsumedCapacity, ReturnConsumedCapacity};

/// Adds up the units that each operation has consumed since [`Capacity::measure`]. Clones share the sums.
#[derive(Debug, Clone, Default)]
pub struct Capacity(Arc<Mutex<State>>);

#[derive(Debug, Default)]
struct State {
    on: bool,
    used: BTreeMap<&'static str, HalfUnits>,
}

/// Eventually consistent reads cost half units, so half units are counted.
type HalfUnits = u32;

impl Capacity {
    /// Starts counting from zero.
    pub fn measure(&self) {
        self.state(|state| *state = State { on: true, used: BTreeMap::new() });
    }

    /// The units that each operation, such as `BatchGetItem`, has consumed. A remaining half unit is rounded
    /// up.
    #[must_use]
    pub fn used(&self) -> BTreeMap<&'static str, u32> {
        self.state(|state| state.used.iter().map(|(name, half)| (*name, half.div_ceil(2))).collect())
    }

    fn state<T>(&self, change: impl FnOnce(&mut State) -> T) -> T {
        change(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn count<'a>(&self, name: &'static str, used: impl IntoIterator<Item = &'a ConsumedCapacity>) {
        let used: HalfUnits = used.into_iter().filter_map(|used| used.capacity_units).map(half_units).sum();
        self.state(|state| *state.used.entry(name).or_default() += used);
    }
}

#[expect(clippy::float_arithmetic, reason = "the SDK reports units as a float")]
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "units are few and not negative")]
fn half_units(units: f64) -> HalfUnits {
    (units * 2.0).round() as HalfUnits
}

macro_rules! operations {
    ($($name:literal $module:ident :: $input:ident $output:ident;)*) => {
        fn request_report(context: &mut BeforeSerializationInterceptorContextMut<'_>) {
            let total = Some(ReturnConsumedCapacity::Total);
            let input = context.input_mut();
            $(if let Some(input) = input.downcast_mut::<$module::$input>() {
                input.return_consumed_capacity = total;
                return;
            })*
        }

        fn count_reported(capacity: &Capacity, context: &AfterDeserializationInterceptorContextRef<'_>) {
            let Ok(output) = context.output_or_error() else { return };
            $(if let Some(output) = output.downcast_ref::<$module::$output>() {
                capacity.count($name, output.consumed_capacity.iter().flatten_lists());
                return;
            })*
        }
    };
}

/// A capacity report: one, or a list with one for each table.
trait Reports<'a> {
    fn flatten_lists(self) -> Box<dyn Iterator<Item = &'a ConsumedCapacity> + 'a>;
}

impl<'a> Reports<'a> for std::option::Iter<'a, ConsumedCapacity> {
    fn flatten_lists(self) -> Box<dyn Iterator<Item = &'a ConsumedCapacity> + 'a> {
        Box::new(self)
    }
}

impl<'a> Reports<'a> for std::option::Iter<'a, Vec<ConsumedCapacity>> {
    fn flatten_lists(self) -> Box<dyn Iterator<Item = &'a ConsumedCapacity> + 'a> {
        Box::new(self.flatten())
    }
}

operations! {
    "BatchExecuteStatement" batch_execute_statement::BatchExecuteStatementInput BatchExecuteStatementOutput;
    "BatchGetItem" batch_get_item::BatchGetItemInput BatchGetItemOutput;
    "DeleteItem" delete_item::DeleteItemInput DeleteItemOutput;
    "GetItem" get_item::GetItemInput GetItemOutput;
    "PutItem" put_item::PutItemInput PutItemOutput;
    "Query" query::QueryInput QueryOutput;
    "TransactWriteItems" transact_write_items::TransactWriteItemsInput TransactWriteItemsOutput;
    "UpdateItem" update_item::UpdateItemInput UpdateItemOutput;
}

impl Intercept for Capacity {
    fn name(&self) -> &'static str {
        "Capacity"
    }

    fn modify_before_serialization(
        &self,
        context: &mut BeforeSerializationInterceptorContextMut<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        if self.state(|state| state.on) {
            request_report(context);
        }
        Ok(())
    }

    fn read_after_deserialization(
        &self,
        context: &AfterDeserializationInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        if self.state(|state| state.on) {
            count_reported(self, context);
        }
        Ok(())
    }
}
