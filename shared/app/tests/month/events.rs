//! The events of a simulated month, and their agenda.

use std::collections::BTreeMap;

use ownchatbot_schedules::Run;
use ownchatbot_store::LaneId;

use crate::bookkeeper::{Line, Ms, Typed};

/// Something that is planned to happen.
#[derive(Debug, Clone)]
pub(crate) enum PlannedEvent {
    /// The broadcast starts.
    On,
    /// The broadcast ends.
    Off,
    /// A viewer joins with this number of tabs.
    Comes(usize, u8),
    /// A viewer closes every tab.
    Leaves(usize),
    /// A viewer changes their name.
    Renames(usize),
    /// A viewer types a message.
    Types(usize, Typed),
    /// A minute of an evening starts, with a run of the watchdog and what viewers do in it.
    Minute,
    /// The connection between Owncast and the bot is lost (`true`) or restored.
    Away(bool),
    /// The bot's clock is moved by this many milliseconds, forward or back.
    Jumps(Ms),
    /// The process of the hook is replaced by one with empty caches.
    ColdStart,
    /// The streamer refunds this many of the oldest waiting redemptions.
    Refunds(usize),
    /// Failures are switched off (`true`) or on again.
    Quiet(bool),
    /// The evening is over and is checked.
    Night,
    /// A webhook reaches the bot.
    Arrives(Webhook),
    /// A run of the watchdog, with its planned time.
    Watch(Ms),
    /// A run of a schedule, and whether it is a repeat, whose end is not reported to the scheduler.
    Runs(Run, bool),
    /// The table's stream delivers these outbox rows.
    Rows(Vec<(LaneId, u32)>),
}

/// A webhook of Owncast.
#[derive(Debug, Clone)]
pub(crate) enum Webhook {
    Chat(Line),
    Joined(usize, String),
    Parted(usize, String),
    Renamed(String, usize, String),
    Started(String, Ms),
    Stopped(String, Ms),
}

/// The events that are still to happen, by true time; those at the same time in the order of planning.
#[derive(Debug, Default)]
pub(crate) struct Agenda {
    entries: BTreeMap<(Ms, u64), PlannedEvent>,
    planned: u64,
}

impl Agenda {
    pub(crate) fn plan(&mut self, at: Ms, event: PlannedEvent) {
        self.planned += 1;
        self.entries.insert((at, self.planned), event);
    }

    pub(crate) fn next(&self) -> Option<Ms> {
        self.entries.first_key_value().map(|((at, _), _)| *at)
    }

    pub(crate) fn take(&mut self) -> Option<(Ms, PlannedEvent)> {
        self.entries.pop_first().map(|((at, _), event)| (at, event))
    }
}
