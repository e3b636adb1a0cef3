//! Update and condition expressions, put together piece by piece. Attribute names always go through placeholders,
//! since many of ours are reserved words.

use std::collections::HashMap;

use crate::StoreError;
use aws_sdk_dynamodb::types::{AttributeValue, Delete, Put, TransactWriteItem, Update};

use crate::error::broken;
use crate::item::Item;
use crate::keys::Key;

/// One update of one item, with the condition under which it holds.
#[derive(Debug, Clone, Default)]
pub(crate) struct Expression {
    set: Vec<String>,
    remove: Vec<String>,
    insert: Vec<String>,
    take: Vec<String>,
    conditions: Vec<String>,
    names: HashMap<String, String>,
    values: HashMap<String, AttributeValue>,
}

impl Expression {
    pub(crate) fn new() -> Self {
        Self::default()
    }

    fn name(&mut self, attribute: &str) -> String {
        let placeholder = format!("#{attribute}");
        self.names.insert(placeholder.clone(), attribute.to_owned());
        placeholder
    }

    fn value(&mut self, value: AttributeValue) -> String {
        let placeholder = format!(":v{}", self.values.len());
        self.values.insert(placeholder.clone(), value);
        placeholder
    }

    /// Sets an attribute.
    pub(crate) fn set(mut self, attribute: &str, value: AttributeValue) -> Self {
        let (name, value) = (self.name(attribute), self.value(value));
        self.set.push(format!("{name} = {value}"));
        self
    }

    /// Sets an attribute unless it is there.
    pub(crate) fn set_once(mut self, attribute: &str, value: AttributeValue) -> Self {
        let (name, value) = (self.name(attribute), self.value(value));
        self.set.push(format!("{name} = if_not_exists({name}, {value})"));
        self
    }

    /// Adds to a number that is there.
    pub(crate) fn add(mut self, attribute: &str, value: AttributeValue) -> Self {
        let (name, value) = (self.name(attribute), self.value(value));
        self.set.push(format!("{name} = {name} + {value}"));
        self
    }

    /// Adds to a number, which counts as 0 where it is missing.
    pub(crate) fn count(mut self, attribute: &str, value: AttributeValue) -> Self {
        let zero = self.value(AttributeValue::N("0".to_owned()));
        let (name, value) = (self.name(attribute), self.value(value));
        self.set.push(format!("{name} = if_not_exists({name}, {zero}) + {value}"));
        self
    }

    pub(crate) fn remove(mut self, attribute: &str) -> Self {
        let name = self.name(attribute);
        self.remove.push(name);
        self
    }

    /// Removes one entry of a list, whose `field` must have this value.
    pub(crate) fn remove_entry(
        mut self,
        list: &str,
        place: usize,
        field: &str,
        value: AttributeValue,
    ) -> Self {
        let (entry, field) = (format!("{}[{place}]", self.name(list)), self.name(field));
        let value = self.value(value);
        self.conditions.push(format!("{entry}.{field} = {value}"));
        self.remove.push(entry);
        self
    }

    /// Puts a text into a set, which is made when it is missing.
    pub(crate) fn insert(mut self, attribute: &str, text: &str) -> Self {
        let value = AttributeValue::Ss(vec![text.to_owned()]);
        let (name, value) = (self.name(attribute), self.value(value));
        self.insert.push(format!("{name} {value}"));
        self
    }

    /// Takes a text out of a set, if it is in there.
    pub(crate) fn take(mut self, attribute: &str, text: &str) -> Self {
        let value = AttributeValue::Ss(vec![text.to_owned()]);
        let (name, value) = (self.name(attribute), self.value(value));
        self.take.push(format!("{name} {value}"));
        self
    }

    /// Requires `<attribute> <operator> <value>`.
    pub(crate) fn when(mut self, attribute: &str, operator: &str, value: AttributeValue) -> Self {
        let (name, value) = (self.name(attribute), self.value(value));
        self.conditions.push(format!("{name} {operator} {value}"));
        self
    }

    /// Requires the same, or that there is no such attribute.
    pub(crate) fn when_missing_or(mut self, attribute: &str, operator: &str, value: AttributeValue) -> Self {
        let (name, value) = (self.name(attribute), self.value(value));
        self.conditions.push(format!("(attribute_not_exists({name}) OR {name} {operator} {value})"));
        self
    }

    pub(crate) fn when_missing(mut self, attribute: &str) -> Self {
        let name = self.name(attribute);
        self.conditions.push(format!("attribute_not_exists({name})"));
        self
    }

    pub(crate) fn when_there(mut self, attribute: &str) -> Self {
        let name = self.name(attribute);
        self.conditions.push(format!("attribute_exists({name})"));
        self
    }

    pub(crate) fn maybe<T>(self, value: Option<T>, add: impl FnOnce(Self, T) -> Self) -> Self {
        match value {
            Some(value) => add(self, value),
            None => self,
        }
    }

    pub(crate) fn update(&self) -> String {
        let clauses =
            [("SET", &self.set), ("REMOVE", &self.remove), ("ADD", &self.insert), ("DELETE", &self.take)];
        let clauses = clauses.into_iter().filter(|(_, parts)| !parts.is_empty());
        clauses.map(|(word, parts)| format!("{word} {}", parts.join(", "))).collect::<Vec<_>>().join(" ")
    }

    pub(crate) fn condition(&self) -> Option<String> {
        if self.conditions.is_empty() { None } else { Some(self.conditions.join(" AND ")) }
    }

    pub(crate) fn names(&self) -> Option<HashMap<String, String>> {
        if self.names.is_empty() { None } else { Some(self.names.clone()) }
    }

    pub(crate) fn values(&self) -> Option<HashMap<String, AttributeValue>> {
        if self.values.is_empty() { None } else { Some(self.values.clone()) }
    }
}

/// One write of one item.
#[derive(Debug, Clone)]
pub(crate) enum Write {
    /// Puts an item in the place of whatever is there, under the conditions of an expression that sets nothing.
    Put(Item, Expression),
    /// Changes an item.
    Update(Key, Expression),
    /// Deletes an item, under the conditions of an expression that sets nothing.
    Delete(Key, Expression),
}

impl Write {
    /// Puts an item where there is none.
    pub(crate) fn create(item: Item) -> Self {
        Self::Put(item, Expression::new().when_missing(crate::keys::PK))
    }

    /// Puts an item, whatever is there.
    pub(crate) fn put(item: Item) -> Self {
        Self::Put(item, Expression::new())
    }

    /// Deletes an item, which must be there.
    pub(crate) fn delete(key: Key) -> Self {
        Self::Delete(key, Expression::new().when_there(crate::keys::PK))
    }

    /// Deletes an item, if it is there.
    pub(crate) fn discard(key: Key) -> Self {
        Self::Delete(key, Expression::new())
    }

    pub(crate) fn key(&self) -> Key {
        match self {
            Self::Put(item, _) => Key { pk: item.pk().to_owned(), sk: item.sk().to_owned() },
            Self::Update(key, _) | Self::Delete(key, _) => key.clone(),
        }
    }

    pub(crate) fn in_transaction(
        &self,
        table: &str,
        doing: &'static str,
    ) -> Result<TransactWriteItem, StoreError> {
        let item = TransactWriteItem::builder();
        let incomplete = |error| broken(doing, error);
        Ok(match self {
            Self::Put(values, condition) => item
                .put(
                    Put::builder()
                        .table_name(table)
                        .set_item(Some(values.0.clone()))
                        .set_condition_expression(condition.condition())
                        .set_expression_attribute_names(condition.names())
                        .set_expression_attribute_values(condition.values())
                        .build()
                        .map_err(incomplete)?,
                )
                .build(),
            Self::Update(key, expression) => item
                .update(
                    Update::builder()
                        .table_name(table)
                        .set_key(Some(key.attributes()))
                        .update_expression(expression.update())
                        .set_condition_expression(expression.condition())
                        .set_expression_attribute_names(expression.names())
                        .set_expression_attribute_values(expression.values())
                        .build()
                        .map_err(incomplete)?,
                )
                .build(),
            Self::Delete(key, condition) => item
                .delete(
                    Delete::builder()
                        .table_name(table)
                        .set_key(Some(key.attributes()))
                        .set_condition_expression(condition.condition())
                        .set_expression_attribute_names(condition.names())
                        .set_expression_attribute_values(condition.values())
                        .build()
                        .map_err(incomplete)?,
                )
                .build(),
        })
    }
}
