//! A message in chat.

use ownchatbot_domain::decide::{Ask, Candidate, Scene, decide, meet};
use ownchatbot_domain::{Command, Config, Decision, Parsed, Profile, Redemption, RewardId, parse};

use crate::context::Context;
use crate::event::ChatLine;
use crate::ports::{Clock, Commit, Configuration, Ledger, Loaded, StoreError};
use crate::retry::{AppError, until_settled};

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

/// As much of the queue is read for `!queue`.
const QUEUE_READ: usize = 200;

/// Handles a message: a command is decided and committed; anything else only makes sure that we know its writer.
///
/// # Errors
/// [`AppError`] when the table is in the way. Nothing is half done then.
pub async fn on_chat<S, C>(ctx: &Context<S, C>, line: &ChatLine) -> Result<Outcome, AppError>
where
    S: Ledger + Configuration,
    C: Clock,
{
    if line.person.bot || line.person.banned {
        return Ok(Outcome::Ignored);
    }
    let config = ctx.config().await?;
    let request = match parse(&line.text, &config) {
        Parsed::Command(command) => Request::Command(command),
        Parsed::Unknown { suggestion: Some(suggestion) } if config.settings.chat.suggestions => {
            Request::Mistyped(suggestion)
        }
        _ => {
            crate::presence::make_known(ctx, &line.person).await?;
            return Ok(Outcome::Ignored);
        }
    };
    let (config, request) = (&config, &request);
    until_settled(ctx.deadline, |tries| async move {
        let loaded = ctx.store.load(&line.person.id, request.reward()).await?;
        if let Some(change) = meet(loaded.profile.as_ref(), &line.person, config.settings.points.welcome) {
            let decision = Decision { changes: vec![change], effects: Vec::new() };
            ctx.store.commit(None, ctx.clock.now(), &decision).await?;
            // A newcomer's welcome is part of what they can spend, so everything is read again.
            return Ok(None);
        }
        ctx.remember(&line.person);
        let facts = request.facts(&ctx.store).await?;
        let decision = answer(ctx, config, line, request, &loaded, &facts, tries > 1);
        if decision.is_empty() {
            return Ok(Some(Outcome::Ignored));
        }
        let outcome = match ctx.store.commit(Some(&line.event), ctx.clock.now(), &decision).await? {
            Commit::Applied => Some(Outcome::Done),
            Commit::Duplicate => Some(Outcome::Duplicate),
            Commit::Stale => None,
        };
        Ok(outcome)
    })
    .await
}

enum Request {
    Command(Command),
    Mistyped(String),
}

/// What some commands read beside the viewer and the reward.
#[derive(Default)]
struct Facts {
    waiting: Vec<Redemption>,
    candidates: Vec<Candidate>,
}

impl Request {
    fn reward(&self) -> Option<&RewardId> {
        match self {
            Self::Command(Command::Use { reward, .. }) => Some(reward),
            _ => None,
        }
    }

    async fn facts(&self, store: &impl Ledger) -> Result<Facts, StoreError> {
        let mut facts = Facts::default();
        match self {
            Self::Command(Command::Queue) => facts.waiting = store.waiting(QUEUE_READ).await?,
            Self::Command(Command::Adjust(adjustment)) => {
                facts.candidates = store.candidates(&adjustment.viewer).await?;
            }
            _ => {}
        }
        Ok(facts)
    }

    /// `None` for a reward that was deleted since the line was parsed.
    fn ask<'a>(&'a self, config: &'a Config, loaded: &'a Loaded, facts: &'a Facts) -> Option<Ask<'a>> {
        Some(match self {
            Self::Mistyped(suggestion) => Ask::Mistyped { suggestion },
            Self::Command(command) => match command {
                Command::Help => Ask::Help,
                Command::Points => Ask::Points,
                Command::Rewards { category } => Ask::Rewards { category: category.as_deref() },
                Command::Queue => Ask::Queue { waiting: &facts.waiting },
                Command::Adjust(adjustment) => Ask::Adjust { adjustment, candidates: &facts.candidates },
                Command::AdjustHowTo { command } => Ask::AdjustHowTo { command },
                Command::Use { reward, argument } => Ask::Use {
                    reward: config.reward(reward)?,
                    argument,
                    everybody: &loaded.everybody,
                    own: &loaded.own,
                },
            },
        })
    }
}

fn answer<S, C: Clock>(
    ctx: &Context<S, C>,
    config: &Config,
    line: &ChatLine,
    request: &Request,
    loaded: &Loaded,
    facts: &Facts,
    crowded: bool,
) -> Decision {
    let follower = |profile: &Profile| profile.follower.is_some();
    let scene = Scene {
        config,
        stream: &loaded.stream,
        now: ctx.clock.now(),
        event: &line.event,
        asker: &line.person,
        client: Some(line.client),
        account: &loaded.account,
        follower: loaded.profile.as_ref().is_some_and(follower),
        crowded,
    };
    request.ask(config, loaded, facts).map(|ask| decide(&scene, &ask)).unwrap_or_default()
}
