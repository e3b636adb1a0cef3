//! What a line of chat asks for, and the facts that deciding it needs.

use ownchatbot_domain::board::Standing;
use ownchatbot_domain::decide::{Ask, Candidate};
use ownchatbot_domain::timer::Timers;
use ownchatbot_domain::{Command, Config, Person, Redemption, RewardId};

use crate::ports::{Ledger, Loaded, StoreError, Times};

/// As much of the queue is read for `!queue`.
const QUEUE_READ: usize = 200;

/// A line that is answered.
#[derive(Debug)]
pub(super) enum Request {
    /// A command.
    Command(Command),
    /// No command, but close to this one.
    Mistyped(String),
}

/// What some commands read beside the viewer and the reward.
#[derive(Debug, Default)]
pub(super) struct Facts {
    waiting: Vec<Redemption>,
    candidates: Vec<Candidate>,
    standings: Vec<Standing>,
    timers: Timers,
}

impl Request {
    /// The reward that it is about.
    pub(super) fn reward(&self) -> Option<&RewardId> {
        match self {
            Self::Command(Command::Use { reward, .. }) => Some(reward),
            _ => None,
        }
    }

    /// Reads what deciding it for `asker` needs.
    ///
    /// # Errors
    /// [`StoreError`] when it cannot be read.
    pub(super) async fn facts<S>(&self, store: &S, asker: &Person) -> Result<Facts, StoreError>
    where
        S: Ledger + Times,
    {
        let Self::Command(command) = self else { return Ok(Facts::default()) };
        let mut facts = Facts::default();
        match command {
            Command::Queue => facts.waiting = store.waiting(QUEUE_READ).await?,
            Command::Adjust(adjustment) => facts.candidates = store.candidates(&adjustment.viewer).await?,
            Command::Give(present) => facts.candidates = store.candidates(&present.viewer).await?,
            Command::Top { .. } => facts.standings = store.board().await?,
            // Others are told that it is not for them, which takes no timers.
            Command::Timer(_) if asker.moderator => facts.timers = store.timers().await?,
            _ => {}
        }
        Ok(facts)
    }

    /// `None` for a reward that was deleted since the line was parsed.
    pub(super) fn ask<'a>(
        &'a self,
        config: &'a Config,
        loaded: &'a Loaded,
        facts: &'a Facts,
    ) -> Option<Ask<'a>> {
        let command = match self {
            Self::Mistyped(suggestion) => return Some(Ask::Mistyped { suggestion }),
            Self::Command(command) => command,
        };
        Some(match command {
            Command::Help => Ask::Help,
            Command::Points => Ask::Points,
            Command::Rewards { category } => Ask::Rewards { category: category.as_deref() },
            Command::Queue => Ask::Queue { waiting: &facts.waiting },
            Command::Adjust(adjustment) => Ask::Adjust { adjustment, candidates: &facts.candidates },
            Command::AdjustHowTo { command } => Ask::AdjustHowTo { command },
            Command::Uptime => Ask::Uptime,
            Command::Watchtime => Ask::Watchtime,
            Command::Streak => Ask::Streak,
            Command::Top { order } => Ask::Top { order: *order, standings: &facts.standings },
            Command::OnBoards { shown } => Ask::OnBoards { shown: *shown },
            Command::TopHowTo => Ask::TopHowTo,
            Command::Give(present) => Ask::Give { present, candidates: &facts.candidates },
            Command::GiveHowTo => Ask::GiveHowTo,
            Command::Timer(command) => Ask::Timer { command, timers: &facts.timers },
            Command::Use { reward, argument } => Ask::Use {
                reward: config.reward(reward)?,
                argument,
                everybody: &loaded.everybody,
                own: &loaded.own,
            },
        })
    }
}
