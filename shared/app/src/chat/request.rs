//! What a line of chat asks for, and the facts that deciding it needs.

use ownchatbot_domain::board::Standing;
use ownchatbot_domain::decide::{Ask, Candidate, LinkRequest, Ticket};
use ownchatbot_domain::timer::Timers;
use ownchatbot_domain::{Command, Config, Redemption, RewardId};

use crate::context::Context;
use crate::event::ChatLine;
use crate::ports::{Clock, Ledger, Loaded, Sessions, StoreError, Times};
use crate::{SigningKey, sign_in};

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
    ticket: Option<Ticket>,
    request: Option<LinkRequest>,
}

impl Request {
    /// The reward that it is about.
    pub(super) fn reward(&self) -> Option<&RewardId> {
        match self {
            Self::Command(Command::Use { reward, .. }) => Some(reward),
            _ => None,
        }
    }

    /// Reads what deciding it, as `line` asks for it, needs.
    ///
    /// # Errors
    /// [`StoreError`] when it cannot be read.
    pub(super) async fn facts<S, C>(&self, ctx: &Context<S, C>, line: &ChatLine) -> Result<Facts, StoreError>
    where
        S: Ledger + Times + Sessions,
        C: Clock,
    {
        let Self::Command(command) = self else { return Ok(Facts::default()) };
        let (store, mut facts) = (&ctx.store, Facts::default());
        match command {
            Command::Queue => facts.waiting = store.waiting(QUEUE_READ).await?,
            Command::Adjust(adjustment) => facts.candidates = store.candidates(&adjustment.viewer).await?,
            Command::Give(present) => facts.candidates = store.candidates(&present.viewer).await?,
            Command::Top { .. } => facts.standings = store.board().await?,
            // Others are told that it is not for them, which takes no timers.
            Command::Timer(_) if line.person.moderator => facts.timers = store.timers().await?,
            Command::Panel => {
                let ticket = |key: &SigningKey| sign_in::ticket(key, &line.event, ctx.clock.now());
                facts.ticket = ctx.signing.as_ref().map(ticket);
            }
            Command::Link { code } => {
                let door = ctx.signing.as_ref().and_then(|key| sign_in::door(key, code));
                if let Some(door) = door {
                    facts.request = store.link_request(&door).await?;
                }
            }
            _ => {}
        }
        Ok(facts)
    }

    /// `None` for a reward that was deleted since the line was parsed.
    pub(super) fn ask<'a>(
        &'a self,
        line: &'a ChatLine,
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
            Command::Panel => Ask::Panel { ticket: facts.ticket.as_ref(), asked_at: line.at },
            Command::Link { .. } => Ask::Link { request: facts.request.as_ref() },
            Command::LinkHowTo => Ask::LinkHowTo,
            Command::Unlink => Ask::Unlink,
            Command::Use { reward, argument } => Ask::Use {
                reward: config.reward(reward)?,
                argument,
                everybody: &loaded.everybody,
                own: &loaded.own,
            },
        })
    }
}
