#![doc = include_str!("../README.md")]

pub mod assets;
pub mod browser;
pub mod cookie;
pub mod error;
pub mod etag;
pub mod filters;
pub mod form;
pub mod notice;
pub mod origin;
pub mod packed;
pub mod path;
pub mod progress;
pub mod reward_state;
pub mod same_origin;
pub mod security;
pub mod session;
pub mod state;
pub mod token;
pub mod visit;
pub mod words;

pub use browser::Browser;
pub use error::PanelError;
pub use etag::ETag;
pub use notice::{Notice, Notices};
pub use packed::Packed;
pub use path::PathParam;
pub use reward_state::RewardState;
pub use session::{RandomnessUnavailable, SessionId};
pub use state::WebState;
pub use token::{BadToken, Token};
pub use visit::{Role, Session, Visit};
