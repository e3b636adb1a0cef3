//! What everybody may see, as JSON. Field names are a contract with the scripts of the pages, and with programs that others
//! wrote. Times are milliseconds since 1970 (UTC), points are whole numbers. All texts are plain: whoever shows them escapes
//! them.

use ownchatbot_web::RewardState;
use serde::Serialize;

/// Everything at one moment.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Document {
    /// Of this form; fields that are added leave it as it is.
    pub version: u32,
    /// When it was built.
    pub at: i64,
    /// After how many milliseconds to ask again.
    pub next_poll_ms: u32,
    /// Whether the stream is live.
    pub live: bool,
    /// Whether Owncast does not answer the bot.
    pub away: bool,
    /// The stream's title.
    pub title: String,
    /// When the newest stream began.
    pub began: Option<i64>,
    /// What commands begin with.
    pub prefix: String,
    /// What points are called.
    pub points: String,
    /// The rewards that the streamer offers now, by name, those that are votes and goals too.
    pub rewards: Vec<Reward>,
    /// The votes among them.
    pub votes: Vec<Vote>,
    /// The goals among them.
    pub goals: Vec<Goal>,
    /// The queue, the oldest first; at most 50.
    pub queue: Vec<Waiting>,
    /// How many of the queue are told.
    pub waiting: usize,
    /// The leaderboard, as of the last tick.
    pub board: Board,
    /// The timers that run, the first to end first.
    pub timers: Vec<Timer>,
    /// What happened in the last minute, the oldest first.
    pub alerts: Vec<Alert>,
    /// How to describe a reward that is not, or not any more, among `rewards`.
    pub unlisted: RewardState,
}

/// A reward.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Reward {
    /// Its identity, which outlives every renaming.
    pub id: String,
    /// Its command, without the prefix.
    pub name: String,
    /// `redeem`, `vote`, `goal` or `special`.
    pub kind: &'static str,
    /// What one use costs; 0 for a goal, which takes any amount.
    pub price: i64,
    /// One line about it.
    pub description: String,
    /// Whether it can be used: not over, not used up, and the stream is live where it has to be. Whether it rests is
    /// told by `ready_at`.
    pub on: bool,
    /// When it has rested, where that lies ahead and holds everybody back.
    pub ready_at: Option<i64>,
    /// How often it can be used still, in this stream or at all, whichever is less; `null` where nothing limits it.
    pub left: Option<u64>,
    /// Who may use it: `everybody`, `authenticated`, `members`, `followers` or `moderators`.
    pub access: &'static str,
    /// Whether a note comes with it: `none`, `optional` or `required`.
    pub note: &'static str,
    /// Whether it can be used only while the stream is live.
    pub only_live: bool,
    /// The names of its categories.
    pub categories: Vec<String>,
    /// When it ends; votes and goals only.
    pub ends: Option<i64>,
    /// The price as people read it: `1,240`.
    pub price_text: String,
    /// How it is described to everybody, with what holds later. What is different for one viewer is not in here.
    pub state: RewardState,
}

/// A vote.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Vote {
    /// As in `rewards`.
    pub id: String,
    /// As in `rewards`.
    pub name: String,
    /// As in `rewards`.
    pub description: String,
    /// How many voted for it.
    pub count: u64,
    /// The points they spent.
    pub points: i64,
    /// Whether votes are taken.
    pub open: bool,
    /// When that ends.
    pub ends: Option<i64>,
    /// The count in words: `1 vote`.
    pub count_text: String,
}

/// A goal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Goal {
    /// As in `rewards`.
    pub id: String,
    /// As in `rewards`.
    pub name: String,
    /// As in `rewards`.
    pub description: String,
    /// Points given, never more than `target`.
    pub progress: i64,
    /// Points that fill it, at least 1.
    pub target: i64,
    /// Steps on the way, rising.
    pub milestones: Vec<Milestone>,
    /// Whether it takes points: not full, and not over.
    pub open: bool,
    /// When it ends.
    pub ends: Option<i64>,
    /// The progress in words: `300 of 1,000`.
    pub progress_text: String,
    /// What is left in words: `700 to go`, or `reached`.
    pub rest_text: String,
}

/// A step of a goal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Milestone {
    /// Reached with this many points.
    pub at: i64,
    /// What it brings.
    pub text: String,
    /// Whether it is reached.
    pub reached: bool,
}

/// A redemption in the queue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Waiting {
    /// Its identity.
    pub id: String,
    /// The keyed hash of whoever paid for it.
    pub viewer: String,
    /// Their name at the time.
    pub name: String,
    /// The reward's name at the time.
    pub reward: String,
    /// What they wrote; `null` when nothing, or when a moderator has hidden it.
    pub note: Option<String>,
    /// Since when it waits.
    pub at: i64,
}

/// The leaderboard: ten each, without those who do not want to be shown.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Board {
    /// Who has most points.
    pub points: Vec<BoardEntry>,
    /// Who has watched longest, in seconds.
    pub watched: Vec<BoardEntry>,
}

/// A viewer on the board.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct BoardEntry {
    /// Their keyed hash.
    pub viewer: String,
    /// Their name.
    pub name: String,
    /// Points, or seconds.
    pub value: i64,
    /// The value as people read it: `12,545`, or `1 hour 30 minutes`.
    pub value_text: String,
}

/// A timer that runs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Timer {
    /// Its identity.
    pub id: String,
    /// What it is for; empty when nobody said.
    pub name: String,
    /// When it was set.
    pub set_at: i64,
    /// When it ends.
    pub ends: i64,
}

/// Something that is shown once, for some seconds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Alert {
    /// Its identity.
    pub id: String,
    /// When it happened.
    pub at: i64,
    #[serde(flatten)]
    what: What,
}

impl Alert {
    pub(crate) const fn new(id: String, at: i64, what: What) -> Self {
        Self { id, at, what }
    }
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub(crate) struct What {
    /// `redeem`, `special`, `milestone`, `goal`, `follow` or `timer`.
    pub(crate) kind: &'static str,
    /// Of the viewer, of who follows, or of the timer.
    pub(crate) name: Option<String>,
    /// The reward's name.
    pub(crate) reward: Option<String>,
    /// The note of a redeem or a special; what a milestone brings.
    pub(crate) text: Option<String>,
    /// At which a milestone lies; which a goal has reached.
    pub(crate) points: Option<i64>,
    /// What the streamer called the alert of a special, to choose its picture and sound by.
    pub(crate) effect: Option<String>,
}
