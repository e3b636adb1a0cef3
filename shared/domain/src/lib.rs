#![doc = include_str!("../README.md")]

pub mod alert;
pub mod announce;
pub mod board;
pub mod change;
pub mod command;
pub mod config;
pub mod decide;
pub mod decision;
pub mod id;
pub mod ledger;
pub mod line;
pub mod message;
pub mod phrase;
pub mod placeholders;
pub mod points;
pub mod queue;
pub mod reward;
pub mod schedule;
pub mod settings;
pub mod streak;
pub mod stream;
pub mod text;
pub mod tick;
pub mod time;
pub mod timer;
pub mod viewer;

pub use alert::Alert;
pub use change::{
    AccessChange, Change, ConfigEdit, Configure, Contribution, EditTarget, Editor, LedgerChange, QueueChange,
    RewardChange, StreamChange, UsageRollback, ViewerChange,
};
pub use command::{Command, Parsed, parse};
pub use config::{Category, Config};
pub use decision::{Decision, Effect, Reply};
pub use id::{
    BadId, CategoryId, ClientId, EventId, KeyedHash, PhraseId, RewardId, Source, StreamId, ViewerId,
};
pub use ledger::{Cause, LedgerRow};
pub use message::Message;
pub use points::{Delta, Points};
pub use queue::{Redemption, RedemptionKey, Status};
pub use reward::{Action, Reward, Usage};
pub use schedule::{Schedule, Task, Timing};
pub use settings::Settings;
pub use streak::Streak;
pub use stream::{StreamRecord, StreamState};
pub use time::{BadSpan, Span, Timestamp};
pub use viewer::{Account, GivenToday, OpenRow, Person, Profile};
