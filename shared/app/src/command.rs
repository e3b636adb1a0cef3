//! The single path for commands. A chat message, a message read from Owncast's history and a click in the
//! panel all become a [`Command`]. This module loads what is needed to decide it into an owned
//! [`CommandInput`] and calls [`decide`].

use std::mem::take;

use ownchatbot_domain::decide::{CommandContext, CommandInput, Via, decide};
use ownchatbot_domain::{Command, Config, Decision, EventId, Parsed, Person, RewardId, Timestamp};
use ownchatbot_store::{LoadedViewer, StoreError};

use crate::context::Context;
use crate::ports::Clock;
use crate::{SigningKey, sign_in};

/// The most waiting redemptions that are read for `!queue`.
const QUEUE_READ: usize = 200;

/// A command with the circumstances in which it was sent.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Request<'a> {
    /// The event that carried the command: its idempotency key.
    pub(crate) event: &'a EventId,
    /// The parsed message or click.
    pub(crate) parsed: &'a Parsed,
    /// Whether it came from chat or from the panel, which decides where the bot answers.
    pub(crate) via: Via,
    /// When it was sent, by Owncast's clock if it came from chat.
    pub(crate) at: Timestamp,
    /// Whether its sender is a moderator.
    pub(crate) by_moderator: bool,
}

impl Request<'_> {
    /// Loads `viewer`, who sent the command, and everything else that is needed to decide it.
    ///
    /// # Errors
    /// [`StoreError`] when the table cannot be read.
    pub(crate) async fn load<C: Clock>(
        &self,
        ctx: &Context<C>,
        config: &Config,
        viewer: &ownchatbot_domain::ViewerId,
    ) -> Result<(LoadedViewer, CommandInput), StoreError> {
        let store = &ctx.store;
        let command = match self.parsed {
            Parsed::Command(command) => command,
            other => return Ok((store.load(viewer, None).await?, without_command(other))),
        };
        // These two commands concern one reward, whose usage is read in the same request as the viewer.
        match command {
            Command::Use { reward, argument } => {
                let mut loaded = store.load(viewer, Some(reward)).await?;
                let Some(reward) = config.reward(reward) else { return Ok((loaded, CommandInput::Gone)) };
                let (everybody, own) = (take(&mut loaded.everybody), take(&mut loaded.own));
                let (reward, argument) = (reward.clone(), argument.clone());
                return Ok((loaded, CommandInput::Use { reward, argument, everybody, own }));
            }
            Command::TakeBack(key) => {
                let redemption = store.redemption(key).await?;
                let reward: Option<&RewardId> = redemption.as_ref().map(|redemption| &redemption.reward);
                let mut loaded = store.load(viewer, reward).await?;
                let Some(redemption) = redemption else { return Ok((loaded, CommandInput::Gone)) };
                let (everybody, own) = (take(&mut loaded.everybody), take(&mut loaded.own));
                return Ok((loaded, CommandInput::TakeBack { redemption, everybody, own }));
            }
            _ => {}
        }
        let loaded = store.load(viewer, None).await?;
        let input = match command.clone() {
            Command::Simple(command) => CommandInput::Simple(command),
            Command::Queue => CommandInput::Queue { waiting: store.waiting(QUEUE_READ).await? },
            Command::Adjust(adjustment) => {
                let matches = store.matching_viewers(&adjustment.viewer).await?;
                CommandInput::Adjust { adjustment, matches }
            }
            Command::Top { order } => CommandInput::Top { order, entries: store.board().await? },
            Command::Give(gift) => {
                let matches = store.matching_viewers(&gift.viewer).await?;
                CommandInput::Give { gift, matches }
            }
            Command::Timer(command) => {
                // Other viewers are refused, which needs no timers.
                let timers = if self.by_moderator { store.timers().await? } else { Default::default() };
                CommandInput::Timer { command, timers }
            }
            Command::Panel => {
                let ticket = |key: &SigningKey| sign_in::ticket(key, self.event, ctx.clock.now());
                CommandInput::Panel { ticket: ctx.signing.as_ref().map(ticket), asked_at: self.at }
            }
            Command::Link { code } => {
                let proof = ctx.signing.as_ref().and_then(|key| sign_in::code_hash(key, &code));
                let request = match proof {
                    Some(proof) => store.link_request(&proof).await?,
                    None => None,
                };
                CommandInput::Link { request }
            }
            Command::Use { .. } | Command::TakeBack(_) => CommandInput::Gone,
        };
        Ok((loaded, input))
    }

    /// Decides the command of `asker` with what [`Self::load`] returned. `contended` is whether earlier
    /// attempts have conflicted with concurrent writes.
    pub(crate) fn decide(
        &self,
        now: Timestamp,
        config: &Config,
        asker: &Person,
        (loaded, input): (&LoadedViewer, CommandInput),
        contended: bool,
    ) -> Decision {
        let profile = loaded.profile.as_ref();
        let context = CommandContext {
            config,
            stream: &loaded.stream,
            now,
            event: self.event,
            asker,
            via: self.via,
            account: &loaded.account,
            follower: profile.is_some_and(|profile| profile.follower.is_some()),
            epoch: profile.map_or(0, |profile| profile.epoch),
            contended,
        };
        decide(&context, input)
    }
}

/// The input for a message that is not a complete command but is answered: with its usage, or with a
/// suggestion.
fn without_command(parsed: &Parsed) -> CommandInput {
    match parsed {
        Parsed::Usage(command) => CommandInput::Usage(*command),
        Parsed::Unknown { suggestion: Some(name) } => CommandInput::Suggestion(name.clone()),
        Parsed::Unknown { suggestion: None } | Parsed::Chat | Parsed::Command(_) => CommandInput::Gone,
    }
}
