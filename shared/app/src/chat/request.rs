//! What a line of chat asks for, and the facts that deciding it needs.

use ownchatbot_domain::board::BoardEntry;
use ownchatbot_domain::decide::{CommandInput, LinkRequest, Ticket, ViewerMatch};
use ownchatbot_domain::timer::Timers;
use ownchatbot_domain::{Command, Config, Redemption, RewardId};

use crate::context::Context;
use crate::event::ChatLine;
use crate::ports::Clock;
use crate::{SigningKey, sign_in};
use ownchatbot_store::{Loaded, StoreError};

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
    matches: Vec<ViewerMatch>,
    entries: Vec<BoardEntry>,
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
    pub(super) async fn facts<C>(&self, ctx: &Context<C>, line: &ChatLine) -> Result<Facts, StoreError>
    where
        C: Clock,
    {
        let Self::Command(command) = self else { return Ok(Facts::default()) };
        let (store, mut facts) = (&ctx.store, Facts::default());
        match command {
            Command::Queue => facts.waiting = store.waiting(QUEUE_READ).await?,
            Command::Adjust(adjustment) => facts.matches = store.matching_viewers(&adjustment.viewer).await?,
            Command::Give(present) => facts.matches = store.matching_viewers(&present.viewer).await?,
            Command::Top { .. } => facts.entries = store.board().await?,
            // Others are told that it is not for them, which takes no timers.
            Command::Timer(_) if line.person.moderator => facts.timers = store.timers().await?,
            Command::Panel => {
                let ticket = |key: &SigningKey| sign_in::ticket(key, &line.event, ctx.clock.now());
                facts.ticket = ctx.signing.as_ref().map(ticket);
            }
            Command::Link { code } => {
                let proof = ctx.signing.as_ref().and_then(|key| sign_in::code_hash(key, code));
                if let Some(proof) = proof {
                    facts.request = store.link_request(&proof).await?;
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
    ) -> Option<CommandInput<'a>> {
        let command = match self {
            Self::Mistyped(suggestion) => return Some(CommandInput::Mistyped { suggestion }),
            Self::Command(command) => command,
        };
        Some(match command {
            Command::Help => CommandInput::Help,
            Command::Points => CommandInput::Points,
            Command::Rewards { category } => CommandInput::Rewards { category: category.as_deref() },
            Command::Queue => CommandInput::Queue { waiting: &facts.waiting },
            Command::Adjust(adjustment) => CommandInput::Adjust { adjustment, matches: &facts.matches },
            Command::AdjustHowTo { command } => CommandInput::AdjustHowTo { command },
            Command::Uptime => CommandInput::Uptime,
            Command::Watchtime => CommandInput::Watchtime,
            Command::Streak => CommandInput::Streak,
            Command::Top { order } => CommandInput::Top { order: *order, entries: &facts.entries },
            Command::OnBoards { shown } => CommandInput::OnBoards { shown: *shown },
            Command::TopHowTo => CommandInput::TopHowTo,
            Command::Give(present) => CommandInput::Give { present, matches: &facts.matches },
            Command::GiveHowTo => CommandInput::GiveHowTo,
            Command::Timer(command) => CommandInput::Timer { command, timers: &facts.timers },
            Command::Panel => CommandInput::Panel { ticket: facts.ticket.as_ref(), asked_at: line.at },
            Command::Link { .. } => CommandInput::Link { request: facts.request.as_ref() },
            Command::LinkHowTo => CommandInput::LinkHowTo,
            Command::Unlink => CommandInput::Unlink,
            Command::Use { reward, argument } => CommandInput::Use {
                reward: config.reward(reward)?,
                argument,
                everybody: &loaded.everybody,
                own: &loaded.own,
            },
        })
    }
}
