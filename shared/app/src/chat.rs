//! A message in chat.

mod phrases;
mod request;

use ownchatbot_domain::decide::{CommandContext, Via, decide, meet};
use ownchatbot_domain::{Config, Decision, Parsed, Timestamp, parse};

use crate::context::Context;
use crate::event::ChatLine;
use crate::ports::Clock;
use crate::retry::{AppError, retry_until_deadline};
use ownchatbot_store::{Commit, Loaded};
use request::{Facts, Request};

/// What became of an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// It changed nothing and needs no answer.
    Ignored,
    /// It is written, with its answer in the outbox.
    Done,
    /// It had been handled before.
    Duplicate,
}

impl Outcome {
    /// What a commit means for its event; `None` when the world has moved on, and it has to be decided again.
    pub(crate) const fn of(commit: Commit) -> Option<Self> {
        match commit {
            Commit::Applied => Some(Self::Done),
            Commit::Duplicate => Some(Self::Duplicate),
            Commit::Stale => None,
        }
    }
}

/// Handles a message: a command is decided and committed. Anything else makes sure that we know its writer, and may hold
/// a phrase that the bot answers to.
///
/// # Errors
/// [`AppError`] when the table is in the way. Nothing is half done then.
pub async fn on_chat<C>(ctx: &Context<C>, line: &ChatLine) -> Result<Outcome, AppError>
where
    C: Clock,
{
    if line.person.bot || line.person.banned {
        return Ok(Outcome::Ignored);
    }
    let config = ctx.settled_config().await?;
    let request = match parse(&line.text, &config) {
        Parsed::Command(command) => Request::Command(command),
        Parsed::Unknown { suggestion: Some(suggestion) } if config.settings.chat.suggestions => {
            Request::Mistyped(suggestion)
        }
        other => {
            crate::presence::make_known(ctx, &line.person).await?;
            return match other {
                Parsed::Chat => phrases::answer(ctx, &config, line).await,
                _ => Ok(Outcome::Ignored),
            };
        }
    };
    let (config, request) = (&config, &request);
    retry_until_deadline(ctx.deadline, |tries| async move {
        let loaded = ctx.store.load(&line.person.id, request.reward()).await?;
        if let Some(change) = meet(loaded.profile.as_ref(), &line.person, config.settings.points.welcome) {
            let decision = Decision { changes: vec![change], effects: Vec::new() };
            ctx.store.commit(None, ctx.clock.now(), &decision).await?;
            // A newcomer's welcome is part of what they can spend, so everything is read again.
            return Ok(None);
        }
        ctx.remember(&line.person);
        let facts = request.facts(ctx, line).await?;
        // One moment for all of it: what is decided on is what is written, and a redemption is found by its receipt.
        let now = ctx.clock.now();
        let decision = answer(now, config, line, request, &loaded, &facts, tries > 1);
        if decision.is_empty() {
            return Ok(Some(Outcome::Ignored));
        }
        Ok(Outcome::of(ctx.store.commit(Some(&line.event), now, &decision).await?))
    })
    .await
}

fn answer(
    now: Timestamp,
    config: &Config,
    line: &ChatLine,
    request: &Request,
    loaded: &Loaded,
    facts: &Facts,
    contended: bool,
) -> Decision {
    let profile = loaded.profile.as_ref();
    let context = CommandContext {
        config,
        stream: &loaded.stream,
        now,
        event: &line.event,
        asker: &line.person,
        via: Via::Chat(line.client),
        account: &loaded.account,
        follower: profile.is_some_and(|profile| profile.follower.is_some()),
        epoch: profile.map_or(0, |profile| profile.epoch),
        contended,
    };
    request.ask(line, config, loaded, facts).map(|ask| decide(&context, &ask)).unwrap_or_default()
}
