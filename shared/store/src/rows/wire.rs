//! Serde helpers that store values of the domain as numbers.

use ownchatbot_domain::{Points, Span, Timestamp};
use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A row has a value that its kind cannot have; names the attribute.
#[derive(Debug, thiserror::Error)]
#[error("the attribute {0} has an invalid value")]
pub(crate) struct BadRow(pub(crate) &'static str);

/// A value that is stored as a number.
pub(crate) trait Number: Sized {
    fn to_number(&self) -> i64;
    fn of_number(number: i64) -> Option<Self>;
}

impl Number for Points {
    fn to_number(&self) -> i64 {
        self.get()
    }

    fn of_number(number: i64) -> Option<Self> {
        Self::new(number)
    }
}

/// In milliseconds.
impl Number for Span {
    fn to_number(&self) -> i64 {
        self.ms()
    }

    fn of_number(number: i64) -> Option<Self> {
        Some(Self::from_ms(number))
    }
}

/// In milliseconds since 1970.
impl Number for Timestamp {
    fn to_number(&self) -> i64 {
        self.ms()
    }

    fn of_number(number: i64) -> Option<Self> {
        Some(Self::from_ms(number))
    }
}

/// For `#[serde(with = "number")]`.
pub(crate) mod number {
    use super::*;

    pub(crate) fn serialize<T: Number, S: Serializer>(value: &T, to: S) -> Result<S::Ok, S::Error> {
        value.to_number().serialize(to)
    }

    pub(crate) fn deserialize<'de, T: Number, D: Deserializer<'de>>(from: D) -> Result<T, D::Error> {
        read(i64::deserialize(from)?)
    }

    pub(super) fn read<T: Number, E: Error>(number: i64) -> Result<T, E> {
        T::of_number(number).ok_or_else(|| E::custom(format_args!("{number} is out of range")))
    }
}

/// For `#[serde(with = "optional_number")]`.
pub(crate) mod optional_number {
    use super::*;

    pub(crate) fn serialize<T: Number, S: Serializer>(value: &Option<T>, to: S) -> Result<S::Ok, S::Error> {
        value.as_ref().map(Number::to_number).serialize(to)
    }

    pub(crate) fn deserialize<'de, T: Number, D: Deserializer<'de>>(from: D) -> Result<Option<T>, D::Error> {
        Option::<i64>::deserialize(from)?.map(number::read).transpose()
    }
}
