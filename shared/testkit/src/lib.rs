#![doc = include_str!("../README.md")]

pub mod faults;
pub mod owncast;
pub mod table;
