//! Viewers, as Owncast describes them and as they are stored.

use crate::{Points, Timestamp, ViewerId};

/// A chat user, as Owncast describes them in an event or in its list of clients.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// Owncast's id, by which everything about the viewer is stored.
    pub id: ViewerId,
    /// The current display name, which is not unique and may change.
    pub name: String,
    /// Earlier display names, the oldest first.
    pub former_names: Vec<String>,
    /// Whether they have linked an identity (IndieAuth, Fediverse) with Owncast.
    pub authenticated: bool,
    /// Whether Owncast lets them moderate chat.
    pub moderator: bool,
    /// Whether this is a bot or a plugin.
    pub bot: bool,
    /// Whether Owncast has banned them.
    pub banned: bool,
}

/// The profile of a viewer: what is stored of them beside the [`Account`], which changes with every tick.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Profile {
    /// The viewer, as Owncast last described them.
    pub person: Person,
    /// When the bot first saw them.
    pub first_seen: Timestamp,
    /// When they last joined, left or wrote. Ticks do not count; see [`Account::last_tick`].
    pub last_seen: Timestamp,
    /// Their Fediverse handle, if the streamer has confirmed that it is theirs and follows the stream.
    pub follower: Option<String>,
    /// The generation of their sessions. It goes up when they end all of their sessions. A viewer who comes
    /// back after an erasure starts with a higher one than ever before, so that no session or link from
    /// before is valid.
    pub epoch: u64,
}

/// The part of a viewer that changes with every tick and every purchase.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Account {
    /// Their points: the sum of their ledger and of the open row.
    pub balance: Points,
    /// The whole time watched, in seconds.
    pub watched_seconds: i64,
    /// The points earned by watching the stream of the last tick: the row of the ledger that is not closed
    /// yet.
    pub open: Option<OpenRow>,
    /// The planned time of the last tick that paid them.
    pub last_tick: Option<Timestamp>,
    /// When their membership ends or has ended; `None` if they never were a member.
    pub member_until: Option<Timestamp>,
    /// The streams watched in a row.
    pub streak: crate::Streak,
    /// The points given to other viewers on the last day on which they gave any.
    pub given: Option<GivenToday>,
    /// Whether they have chosen not to be shown on leaderboards.
    pub hidden: bool,
}

/// The points that a viewer has given to others in one day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GivenToday {
    /// The day, counted from 1970 in UTC.
    pub day: i64,
    /// The points given on that day.
    pub points: Points,
}

impl Account {
    /// Whether they are a member at `now`.
    #[must_use]
    pub fn is_member(&self, now: Timestamp) -> bool {
        self.member_until.is_some_and(|until| until > now)
    }
}

/// The open row of a viewer's ledger: the points earned by watching one stream so far.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenRow {
    /// The stream watched.
    pub stream: crate::StreamId,
    /// Points earned in it so far.
    pub points: Points,
    /// Seconds watched in it so far.
    pub seconds: i64,
}

/// The form of a name that is compared: in lower case, without surrounding whitespace and a leading `@`.
#[must_use]
pub fn fold_name(name: &str) -> String {
    let name = name.trim();
    name.strip_prefix('@').unwrap_or(name).trim().to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_folded() {
        assert_eq!(fold_name(" @Happy-Fox "), "happy-fox");
        assert_eq!(fold_name("ÄNN"), "änn");
    }
}
