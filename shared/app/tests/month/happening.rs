//! What happens, and when.

use std::collections::BTreeMap;

use ownchatbot_schedules::Run;
use ownchatbot_store::LaneId;

use crate::bookkeeper::{Line, Ms, Typed};

#[derive(Debug, Clone)]
pub(crate) enum Happening {
    /// The broadcast begins.
    On,
    /// The broadcast ends.
    Off,
    /// A viewer comes, in so many tabs.
    Comes(usize, u8),
    /// A viewer closes every tab.
    Leaves(usize),
    /// A viewer has another name.
    Renames(usize),
    /// A viewer types.
    Types(usize, Typed),
    /// A minute of an evening begins, with the watchdog's run and whatever viewers do in it.
    Minute,
    /// Owncast and the bot cannot reach each other, or can again.
    Away(bool),
    /// The bot's clock is set so much forward, or back.
    Jumps(Ms),
    /// The process that takes webhooks is replaced by one that remembers nothing.
    ColdStart,
    /// The streamer gives the oldest redeems that wait back, so many of them.
    Refunds(usize),
    /// From now on everything arrives as it should, or no longer.
    Quiet(bool),
    /// Everything is compared.
    Night,
    /// A webhook reaches the bot.
    Arrives(Webhook),
    /// The watchdog's run planned at this slot.
    Watch(Ms),
    /// A run of a schedule; one that is a copy is not reported.
    Runs(Run, bool),
    /// Rows of the outbox, as the table's stream brings them.
    Rows(Vec<(LaneId, u32)>),
}

/// What Owncast tells the bot.
#[derive(Debug, Clone)]
pub(crate) enum Webhook {
    Chat(Line),
    Joined(usize, String),
    Parted(usize, String),
    Renamed(String, usize, String),
    Started(String, Ms),
    Stopped(String, Ms),
}

/// Everything that is still to happen, by true time; at the same moment in the order in which it was planned.
#[derive(Debug, Default)]
pub(crate) struct Agenda {
    entries: BTreeMap<(Ms, u64), Happening>,
    planned: u64,
}

impl Agenda {
    pub(crate) fn plan(&mut self, at: Ms, happening: Happening) {
        self.planned += 1;
        self.entries.insert((at, self.planned), happening);
    }

    pub(crate) fn next(&self) -> Option<Ms> {
        self.entries.first_key_value().map(|((at, _), _)| *at)
    }

    pub(crate) fn take(&mut self) -> Option<(Ms, Happening)> {
        self.entries.pop_first().map(|((at, _), happening)| (at, happening))
    }
}
