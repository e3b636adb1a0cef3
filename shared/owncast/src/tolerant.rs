//! Parses JSON fields that may be missing, null or of another type, without failing the whole document.
//!
//! Values are parsed directly from the text, not from a tree: unneeded parts are skipped, however deeply
//! nested they are.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use serde::de::{
    Deserialize, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor, value::MapAccessDeserializer,
};

/// A value that is present. The inner option is `None` when it is not of the expected type.
///
/// A struct's field is an `Option<Tolerant<T>>`: the outer `None` means missing or null.
#[derive(Debug)]
pub(crate) struct Tolerant<T>(pub(crate) Option<T>);

/// Creates a value from the one kind of JSON that it expects; every other kind gives `None`.
pub(crate) trait FromJson<'de>: Sized {
    fn text(_: Cow<'de, str>) -> Option<Self> {
        None
    }
    fn flag(_: bool) -> Option<Self> {
        None
    }
    fn number(_: u64) -> Option<Self> {
        None
    }
    fn list<A: SeqAccess<'de>>(mut seq: A) -> Result<Option<Self>, A::Error> {
        while seq.next_element::<IgnoredAny>()?.is_some() {}
        Ok(None)
    }
    fn object<A: MapAccess<'de>>(mut map: A) -> Result<Option<Self>, A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(None)
    }
}

impl<'de: 'a, 'a> FromJson<'de> for Cow<'a, str> {
    fn text(text: Cow<'de, str>) -> Option<Self> {
        Some(text)
    }
}

impl FromJson<'_> for bool {
    fn flag(flag: bool) -> Option<Self> {
        Some(flag)
    }
}

impl FromJson<'_> for u64 {
    fn number(number: u64) -> Option<Self> {
        Some(number)
    }
}

/// A list of texts; entries of another type are left out. Some databases make Owncast send it as one text,
/// joined by commas.
#[derive(Debug, Default)]
pub(crate) struct Texts<'a>(pub(crate) Vec<Cow<'a, str>>);

impl<'de: 'a, 'a> FromJson<'de> for Texts<'a> {
    fn text(text: Cow<'de, str>) -> Option<Self> {
        Some(Self(text.split(',').map(|part| Cow::Owned(part.to_owned())).collect()))
    }

    fn list<A: SeqAccess<'de>>(mut seq: A) -> Result<Option<Self>, A::Error> {
        let mut texts = Vec::new();
        while let Some(Tolerant(text)) = seq.next_element::<Tolerant<Cow<'de, str>>>()? {
            texts.extend(text);
        }
        Ok(Some(Self(texts)))
    }
}

/// Implements [`FromJson`] for a struct with `Deserialize`: from an object only (serde alone would also
/// accept a list of the fields in order).
macro_rules! object {
    ($name:ident) => {
        impl<'de: 'a, 'a> $crate::tolerant::FromJson<'de> for $name<'a> {
            fn object<A: serde::de::MapAccess<'de>>(map: A) -> Result<Option<Self>, A::Error> {
                $crate::tolerant::from_map(map).map(Some)
            }
        }
    };
}
pub(crate) use object;

/// Deserializes a struct from the fields of an object.
pub(crate) fn from_map<'de, T: Deserialize<'de>, A: MapAccess<'de>>(map: A) -> Result<T, A::Error> {
    T::deserialize(MapAccessDeserializer::new(map))
}

impl<'de, T: FromJson<'de>> Deserialize<'de> for Tolerant<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(AnyKind(PhantomData)).map(Self)
    }
}

struct AnyKind<T>(PhantomData<T>);

impl<'de, T: FromJson<'de>> Visitor<'de> for AnyKind<T> {
    type Value = Option<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any JSON")
    }
    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(None)
    }
    fn visit_bool<E>(self, flag: bool) -> Result<Self::Value, E> {
        Ok(T::flag(flag))
    }
    fn visit_u64<E>(self, number: u64) -> Result<Self::Value, E> {
        Ok(T::number(number))
    }
    fn visit_i64<E>(self, _: i64) -> Result<Self::Value, E> {
        Ok(None)
    }
    fn visit_f64<E>(self, _: f64) -> Result<Self::Value, E> {
        Ok(None)
    }
    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Self::Value, E> {
        Ok(T::text(Cow::Borrowed(text)))
    }
    fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
        Ok(T::text(Cow::Owned(text.to_owned())))
    }
    fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<Self::Value, A::Error> {
        T::list(seq)
    }
    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
        T::object(map)
    }
}

/// The value of a field; `None` when it is missing, null or of another type.
pub(crate) fn known<T>(field: Option<Tolerant<T>>) -> Option<T> {
    field.and_then(|value| value.0)
}
