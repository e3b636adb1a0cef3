//! Commands, and how a line of chat is parsed into one.
//!
//! ```text
//! line    = prefix name [ " " argument ]
//! name    = built-in | reward          (one word, any case)
//! amount  = number | "all" | number "%"
//! ```

mod amount;
mod parse;
mod suggest;
mod viewer;

pub use amount::{Amount, BadAmount};
pub use parse::{Adjustment, Command, Gift, Parsed, SimpleCommand, TimerCommand, UsageOf, parse};
pub use viewer::ViewerRef;

/// The bot's own commands. A reward cannot have one of these names.
pub const BUILT_IN: [&str; 15] = [
    "help",
    "points",
    "rewards",
    "queue",
    "addpoints",
    "removepoints",
    "give",
    "link",
    "panel",
    "streak",
    "timer",
    "top",
    "unlink",
    "uptime",
    "watchtime",
];
