#![doc = include_str!("../README.md")]

pub mod client;
pub mod events;
pub mod signature;
mod text;
mod tolerant;
mod user;

pub use client::{AccessToken, BadToken, BadUrl, BaseUrl, NoHttpClient, OwncastClient};
pub use events::{Unreadable, read_event};
pub use signature::{BadSecret, BadSignature, WebhookSecret, sign, verify};
