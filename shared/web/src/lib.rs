#![doc = include_str!("../README.md")]

pub mod assets;
pub mod etag;
pub mod origin;
pub mod packed;
pub mod security;
pub mod token;

pub use etag::ETag;
pub use packed::Packed;
pub use token::{BadToken, Token};
