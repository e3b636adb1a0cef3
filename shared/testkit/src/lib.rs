#![doc = include_str!("../README.md")]

pub mod bot;
pub mod builders;
pub mod capacity;
pub mod clock;
pub mod configure;
pub mod faults;
pub mod http;
pub mod lambda;
pub mod log;
pub mod scripted;
pub mod table;
