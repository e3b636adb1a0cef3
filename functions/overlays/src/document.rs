//! The public state as JSON. Field names are a contract with the scripts of the pages and with other people's
//! programs. Times are milliseconds since 1970 (UTC), points are whole numbers. All texts are plain: pages
//! must escape them.

use ownchatbot_web::RewardState;
use serde::Serialize;

/// The public state at one moment.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Document {
    /// The version of this format. It does not change when fields are added.
    pub version: u32,
    /// When the snapshot was read.
    pub at: i64,
    /// The milliseconds until a client should poll again.
    pub next_poll_ms: u32,
    /// Whether the stream is live.
    pub live: bool,
    /// Whether Owncast does not respond to the bot.
    pub away: bool,
    /// The stream's title.
    pub title: String,
    /// When the newest stream began.
    pub began: Option<i64>,
    /// The prefix of chat commands, such as `!`.
    pub prefix: String,
    /// The streamer's word for points.
    pub points: String,
    /// The rewards that the streamer offers now, sorted by name, votes and goals among them.
    pub rewards: Vec<Reward>,
    /// The votes among them.
    pub votes: Vec<Vote>,
    /// The goals among them.
    pub goals: Vec<Goal>,
    /// The queue, the oldest first; at most 50.
    pub queue: Vec<Waiting>,
    /// The number of entries in `queue`.
    pub waiting: usize,
    /// That number in words: `3 waiting`.
    pub waiting_text: String,
    /// The leaderboard, as of the last tick.
    pub board: Board,
    /// The running timers, the first to end first.
    pub timers: Vec<Timer>,
    /// What happened in the last minute, the oldest first.
    pub alerts: Vec<Alert>,
    /// The state to show for a reward that is not, or no longer, among `rewards`.
    pub unlisted: RewardState,
}

/// A reward.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Reward {
    /// The reward's id, which does not change when it is renamed.
    pub id: String,
    /// Its command in chat, without the prefix.
    pub name: String,
    /// `redeem`, `vote`, `goal` or `special`.
    pub kind: &'static str,
    /// What one use costs; 0 for a goal, which takes any amount.
    pub price: i64,
    /// One line about it.
    pub description: String,
    /// Whether it can be used: it has not ended, is not used up, and the stream is live where it has to be. A
    /// cooldown is reported by `ready_at` instead.
    pub on: bool,
    /// When its cooldown ends, where one applies to everybody now.
    pub ready_at: Option<i64>,
    /// How often it can still be used, in this stream or at all, whichever is less; `null` where nothing
    /// limits it.
    pub left: Option<u64>,
    /// Who may use it: `everybody`, `authenticated`, `members`, `followers` or `moderators`.
    pub access: &'static str,
    /// Whether a note comes with it: `none`, `optional` or `required`.
    pub note: &'static str,
    /// Whether it can be used only while the stream is live.
    pub only_live: bool,
    /// The names of the reward's categories.
    pub categories: Vec<String>,
    /// When it ends; only for votes and goals.
    pub ends: Option<i64>,
    /// The price as people read it: `1,240`.
    pub price_text: String,
    /// The state to show to everybody, with the one that follows. What is different for one viewer is not in
    /// here.
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
    /// The number of votes for it.
    pub count: u64,
    /// The points spent on those votes.
    pub points: i64,
    /// Whether votes are accepted.
    pub open: bool,
    /// When voting ends.
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
    /// The points given, at most `target`.
    pub progress: i64,
    /// The points that fill it, at least 1.
    pub target: i64,
    /// Milestones in ascending order.
    pub milestones: Vec<Milestone>,
    /// Whether it accepts points: it is not full and has not ended.
    pub open: bool,
    /// When it ends.
    pub ends: Option<i64>,
    /// The progress in words: `300 of 1,000`.
    pub progress_text: String,
    /// What is left in words: `700 to go`, or `reached`.
    pub rest_text: String,
}

/// A milestone of a goal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Milestone {
    /// The points at which it is reached.
    pub at: i64,
    /// What happens when it is reached.
    pub text: String,
    /// Whether it is reached.
    pub reached: bool,
}

/// A redemption in the queue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Waiting {
    /// The id of the event that made it.
    pub id: String,
    /// The keyed hash of the id of the viewer who redeemed it.
    pub viewer: String,
    /// Their name at the time.
    pub name: String,
    /// The reward's name at the time.
    pub reward: String,
    /// What they wrote; `null` when nothing, or when a moderator has hidden it.
    pub note: Option<String>,
    /// When it was redeemed.
    pub at: i64,
}

/// The leaderboard: the first ten in each order, without viewers who do not want to be shown.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Board {
    /// The viewers with the most points.
    pub points: Vec<BoardEntry>,
    /// The viewers who have watched longest; values are in seconds.
    pub watched: Vec<BoardEntry>,
}

/// A viewer on the board.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct BoardEntry {
    /// The keyed hash of their id.
    pub viewer: String,
    /// Their name.
    pub name: String,
    /// Points, or seconds watched.
    pub value: i64,
    /// The value as people read it: `12,545`, or `1 hour 30 minutes`.
    pub value_text: String,
}

/// A running timer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Timer {
    /// The timer's id.
    pub id: String,
    /// What it is for; may be empty.
    pub name: String,
    /// When it was set.
    pub set_at: i64,
    /// When it ends.
    pub ends: i64,
}

/// Something that is shown once, for some seconds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Alert {
    /// The alert's id, by which a page shows it once.
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
    /// The name of the viewer, the follower or the timer.
    pub(crate) name: Option<String>,
    /// The reward's name.
    pub(crate) reward: Option<String>,
    /// The note of a redeem or a special; what a milestone brings.
    pub(crate) text: Option<String>,
    /// The points of a milestone, or the target of a goal.
    pub(crate) points: Option<i64>,
    /// The points in words: `1,000 given` for a goal, `250` for a milestone.
    pub(crate) amount_text: Option<String>,
    /// The name that the streamer gave to the alert of a special, by which the overlay chooses its picture
    /// and sound.
    pub(crate) effect: Option<String>,
}
