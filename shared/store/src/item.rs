//! Items as DynamoDB stores them: conversion between attribute values and typed values.

use std::collections::HashMap;
use std::fmt::Display;
use std::str::FromStr;

use aws_sdk_dynamodb::types::AttributeValue;
use ownchatbot_domain::{Points, Timestamp};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::keys::{Key, PK, SK};

/// An item, or some of its attributes.
#[derive(Debug, Clone, Default)]
pub(crate) struct Item(pub(crate) HashMap<String, AttributeValue>);

/// Why an item cannot be read as its kind.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Damaged {
    /// One attribute is missing or has a wrong value.
    #[error("the attribute {attribute} of {key} is missing or damaged")]
    Attribute {
        /// The item's key.
        key: String,
        /// The attribute's name.
        attribute: &'static str,
    },
    /// The item as a whole cannot be read.
    #[error("the item {key} cannot be read")]
    Row {
        /// The item's key.
        key: String,
        /// What is missing or wrong.
        source: serde_dynamo::Error,
    },
}

/// A string attribute.
pub(crate) fn s(text: impl Display) -> AttributeValue {
    AttributeValue::S(text.to_string())
}

/// A number attribute.
pub(crate) fn n(number: impl Display) -> AttributeValue {
    AttributeValue::N(number.to_string())
}

impl Key {
    pub(crate) fn attributes(&self) -> HashMap<String, AttributeValue> {
        HashMap::from([(PK.to_owned(), s(&self.pk)), (SK.to_owned(), s(&self.sk))])
    }
}

impl Item {
    /// A new item of `kind` at `key`.
    pub(crate) fn new(key: &Key, kind: &str) -> Self {
        Self(key.attributes()).text("kind", kind)
    }

    pub(crate) fn with(mut self, name: &str, value: AttributeValue) -> Self {
        self.0.insert(name.to_owned(), value);
        self
    }

    pub(crate) fn text(self, name: &str, value: impl Display) -> Self {
        self.with(name, s(value))
    }

    pub(crate) fn number(self, name: &str, value: impl Display) -> Self {
        self.with(name, n(value))
    }

    pub(crate) fn time(self, name: &str, value: Timestamp) -> Self {
        self.number(name, value.ms())
    }

    pub(crate) fn flag(self, name: &str, value: bool) -> Self {
        self.with(name, AttributeValue::Bool(value))
    }

    pub(crate) fn maybe<T>(self, value: Option<T>, add: impl FnOnce(Self, T) -> Self) -> Self {
        match value {
            Some(value) => add(self, value),
            None => self,
        }
    }

    pub(crate) fn list(self, name: &str, values: impl IntoIterator<Item = AttributeValue>) -> Self {
        self.with(name, AttributeValue::L(values.into_iter().collect()))
    }

    pub(crate) fn get_list(&self, name: &str) -> &[AttributeValue] {
        self.0.get(name).and_then(|value| value.as_l().ok()).map_or(&[], Vec::as_slice)
    }

    pub(crate) fn damaged(&self, attribute: &'static str) -> Damaged {
        Damaged::Attribute { key: self.name(), attribute }
    }

    /// The item's key, for errors.
    fn name(&self) -> String {
        let part = |name| self.get(name).unwrap_or("?");
        format!("{} / {}", part(PK), part(SK))
    }

    /// The attributes of a serde row (see [`crate::rows`]).
    pub(crate) fn of(row: &impl Serialize) -> Self {
        // This cannot fail: a row is a struct of numbers, texts, lists and maps, for each of which DynamoDB
        // has a type.
        Self(serde_dynamo::to_item(row).unwrap_or_default())
    }

    /// This item as a serde row.
    pub(crate) fn read<T: DeserializeOwned>(&self) -> Result<T, Damaged> {
        serde_dynamo::from_item(self.0.clone()).map_err(|source| Damaged::Row { key: self.name(), source })
    }

    /// This item with the attributes of `other` added.
    pub(crate) fn and(mut self, other: Self) -> Self {
        self.0.extend(other.0);
        self
    }

    /// A string or number attribute as text; `None` where it is missing or of another type.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        match self.0.get(name)? {
            AttributeValue::S(text) | AttributeValue::N(text) => Some(text),
            _ => None,
        }
    }

    /// The attribute parsed as a `T`; `None` where it is missing.
    pub(crate) fn parse<T: FromStr>(&self, name: &'static str) -> Result<Option<T>, Damaged> {
        self.get(name).map(|text| text.parse().map_err(|_| self.damaged(name))).transpose()
    }

    /// The attribute parsed as a `T`; an error where it is missing.
    pub(crate) fn need<T: FromStr>(&self, name: &'static str) -> Result<T, Damaged> {
        self.parse(name)?.ok_or_else(|| self.damaged(name))
    }

    pub(crate) fn get_flag(&self, name: &str) -> bool {
        self.0.get(name).is_some_and(|value| value.as_bool().is_ok_and(|flag| *flag))
    }

    pub(crate) fn get_time(&self, name: &'static str) -> Result<Option<Timestamp>, Damaged> {
        Ok(self.parse(name)?.map(Timestamp::from_ms))
    }

    pub(crate) fn need_time(&self, name: &'static str) -> Result<Timestamp, Damaged> {
        self.get_time(name)?.ok_or_else(|| self.damaged(name))
    }

    pub(crate) fn get_points(&self, name: &'static str) -> Result<Points, Damaged> {
        let number: i64 = self.parse(name)?.unwrap_or_default();
        Points::new(number).ok_or_else(|| self.damaged(name))
    }

    pub(crate) fn sk(&self) -> &str {
        self.get(SK).unwrap_or_default()
    }

    pub(crate) fn pk(&self) -> &str {
        self.get(PK).unwrap_or_default()
    }
}
