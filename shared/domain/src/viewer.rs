//! Viewers: who somebody is, as Owncast says it and as we remember it.

use crate::{Points, Timestamp, ViewerId};

/// Somebody in chat, as Owncast describes them in an event or in its list of clients.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// Owncast's id, the key of everything.
    pub id: ViewerId,
    /// The name shown now; neither unique nor lasting.
    pub name: String,
    /// Names used before, the oldest first.
    pub former_names: Vec<String>,
    /// Whether an identity (IndieAuth, Fediverse) is linked.
    pub authenticated: bool,
    /// Whether Owncast lets them moderate chat.
    pub moderator: bool,
    /// Whether it is a bot or a plugin.
    pub bot: bool,
    /// Whether Owncast has banned them.
    pub banned: bool,
}

/// A viewer as we remember them: everything but what changes at every tick.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Profile {
    /// Who it is.
    pub person: Person,
    /// When we first met them.
    pub first_seen: Timestamp,
    /// When they last joined, left or wrote; ticks are in [`Account::last_tick`].
    pub last_seen: Timestamp,
    /// Their Fediverse handle, where the streamer has confirmed that it is theirs and follows.
    pub follower: Option<String>,
    /// Goes up whenever they end all of their sessions. Whoever was forgotten and comes back begins higher than ever
    /// before, so that nothing of the time before fits.
    pub epoch: u64,
}

/// What changes with every tick and every purchase.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Account {
    /// What they have: the sum of their ledger and of the open row of watching.
    pub balance: Points,
    /// Whole time watched, in seconds.
    pub watched_seconds: i64,
    /// Income from watching in the stream that was ticked last: a part of the ledger, not yet closed.
    pub open: Option<OpenRow>,
    /// The planned time of the last tick that paid.
    pub last_tick: Option<Timestamp>,
    /// Until when they are a member, if they ever were.
    pub member_until: Option<Timestamp>,
    /// Streams watched in a row.
    pub streak: crate::Streak,
    /// What they have given to others on the last day they did.
    pub given: Option<GivenToday>,
    /// Whether they do not want to be on boards.
    pub hidden: bool,
}

/// What somebody has given to others in one day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GivenToday {
    /// The day, counted from 1970 in UTC.
    pub day: i64,
    /// How much.
    pub points: Points,
}

impl Account {
    /// Whether they are a member at `now`.
    #[must_use]
    pub fn is_member(&self, now: Timestamp) -> bool {
        self.member_until.is_some_and(|until| until > now)
    }
}

/// The ledger's open row of one viewer: what watching one stream has brought so far.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenRow {
    /// The stream watched.
    pub stream: crate::StreamId,
    /// Points earned in it so far.
    pub points: Points,
    /// Seconds watched in it so far.
    pub seconds: i64,
}

/// The name as it is looked up: without case, surrounding blanks and a leading `@`.
#[must_use]
pub fn fold_name(name: &str) -> String {
    let name = name.trim();
    name.strip_prefix('@').unwrap_or(name).trim().to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_fold() {
        assert_eq!(fold_name(" @Happy-Fox "), "happy-fox");
        assert_eq!(fold_name("ÄNN"), "änn");
    }
}
