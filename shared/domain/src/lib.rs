#![doc = include_str!("../README.md")]

pub mod command;
pub mod config;
pub mod decide;
pub mod decision;
pub mod id;
pub mod ledger;
pub mod points;
pub mod queue;
pub mod reward;
pub mod settings;
pub mod stream;
pub mod text;
pub mod tick;
pub mod time;
pub mod viewer;

pub use command::{Command, Parsed, parse};
pub use config::{Category, Config};
pub use decision::{Change, Decision, Effect, Mend};
pub use id::{BadId, CategoryId, ClientId, EventId, RewardId, Source, StreamId, ViewerId};
pub use ledger::{Cause, LedgerRow};
pub use points::{Delta, Points};
pub use queue::{Redemption, RedemptionKey, Status};
pub use reward::{Action, Reward, Usage};
pub use settings::Settings;
pub use stream::StreamState;
pub use time::{BadSpan, Span, Timestamp};
pub use viewer::{Account, OpenRow, Person, Profile};
