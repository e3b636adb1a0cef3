#![doc = include_str!("../README.md")]

pub mod assets;
pub mod etag;
pub mod origin;
pub mod packed;
pub mod progress;
pub mod reward_state;
pub mod same_origin;
pub mod security;
pub mod session;
pub mod token;
pub mod words;

pub use etag::ETag;
pub use packed::Packed;
pub use reward_state::RewardState;
pub use session::{RandomnessUnavailable, SessionId};
pub use token::{BadToken, Token};
