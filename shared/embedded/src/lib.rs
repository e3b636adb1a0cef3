#![doc = include_str!("../README.md")]

mod database;
mod error;
mod sdk;

pub use database::EmbeddedDynamoDb;
pub use error::OpenError;
pub use sdk::{TABLE, sdk_config};
