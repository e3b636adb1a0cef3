#![doc = include_str!("../README.md")]

pub mod origin;
pub mod token;

pub use token::{BadToken, Token};
