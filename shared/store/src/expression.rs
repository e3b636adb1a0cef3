//! Builders for update and condition expressions (conditional writes). Attribute names always go through
//! placeholders, since many of ours are reserved words of DynamoDB.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::{AttributeValue, Delete, Put, TransactWriteItem, Update};

use crate::StoreError;
use crate::error::broken;
use crate::item::Item;
use crate::keys::Key;

/// An update of one item with its condition. A condition that fails stops the write, or the whole
/// transaction.
#[derive(Debug, Clone, Default)]
pub(crate) struct Expression {
    set: Vec<String>,
    remove: Vec<String>,
    add: Vec<String>,
    delete: Vec<String>,
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

    /// Sets an attribute unless it exists.
    pub(crate) fn set_once(mut self, attribute: &str, value: AttributeValue) -> Self {
        let (name, value) = (self.name(attribute), self.value(value));
        self.set.push(format!("{name} = if_not_exists({name}, {value})"));
        self
    }

    /// Adds to a number, which must exist.
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

    /// Removes the entry at `place` of a list, on condition that its `field` has this value.
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

    /// Adds a text to a set, which is created when it is missing.
    pub(crate) fn add_to_set(mut self, attribute: &str, text: &str) -> Self {
        let value = AttributeValue::Ss(vec![text.to_owned()]);
        let (name, value) = (self.name(attribute), self.value(value));
        self.add.push(format!("{name} {value}"));
        self
    }

    /// Removes a text from a set, if it is in it.
    pub(crate) fn remove_from_set(mut self, attribute: &str, text: &str) -> Self {
        let value = AttributeValue::Ss(vec![text.to_owned()]);
        let (name, value) = (self.name(attribute), self.value(value));
        self.delete.push(format!("{name} {value}"));
        self
    }

    /// Requires `<attribute> <operator> <value>`.
    pub(crate) fn when(mut self, attribute: &str, operator: &str, value: AttributeValue) -> Self {
        let (name, value) = (self.name(attribute), self.value(value));
        self.conditions.push(format!("{name} {operator} {value}"));
        self
    }

    /// Requires `<attribute> <operator> <value>`, or that the attribute does not exist.
    pub(crate) fn when_missing_or(mut self, attribute: &str, operator: &str, value: AttributeValue) -> Self {
        let (name, value) = (self.name(attribute), self.value(value));
        self.conditions.push(format!("(attribute_not_exists({name}) OR {name} {operator} {value})"));
        self
    }

    /// Requires that the attribute does not exist. With the partition key: that the item does not.
    pub(crate) fn when_missing(mut self, attribute: &str) -> Self {
        let name = self.name(attribute);
        self.conditions.push(format!("attribute_not_exists({name})"));
        self
    }

    /// Requires that the attribute exists. With the partition key: that the item does.
    pub(crate) fn when_exists(mut self, attribute: &str) -> Self {
        let name = self.name(attribute);
        self.conditions.push(format!("attribute_exists({name})"));
        self
    }

    /// Goes on with `add` when there is a value.
    pub(crate) fn maybe<T>(self, value: Option<T>, add: impl FnOnce(Self, T) -> Self) -> Self {
        match value {
            Some(value) => add(self, value),
            None => self,
        }
    }

    /// The update expression.
    pub(crate) fn update(&self) -> String {
        let clauses =
            [("SET", &self.set), ("REMOVE", &self.remove), ("ADD", &self.add), ("DELETE", &self.delete)];
        let clauses = clauses.into_iter().filter(|(_, parts)| !parts.is_empty());
        clauses.map(|(word, parts)| format!("{word} {}", parts.join(", "))).collect::<Vec<_>>().join(" ")
    }

    /// The condition expression; `None` when nothing is required.
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
    /// Writes an item, replacing one with the same key, under the conditions of an expression that sets
    /// nothing.
    Put(Item, Expression),
    /// Updates an item, or creates it.
    Update(Key, Expression),
    /// Deletes an item, under the conditions of an expression that sets nothing.
    Delete(Key, Expression),
}

impl Write {
    /// Writes an item whose key must be free.
    pub(crate) fn create(item: Item) -> Self {
        Self::Put(item, Expression::new().when_missing(crate::keys::PK))
    }

    /// Writes an item, replacing one with the same key.
    pub(crate) fn put(item: Item) -> Self {
        Self::Put(item, Expression::new())
    }

    /// Deletes an item, which must exist.
    pub(crate) fn delete(key: Key) -> Self {
        Self::Delete(key, Expression::new().when_exists(crate::keys::PK))
    }

    /// Deletes an item, if it exists.
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
