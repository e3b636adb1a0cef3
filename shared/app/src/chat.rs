//! Chat messages: commands, and phrases that the bot answers.

mod phrases;

use ownchatbot_domain::decide::{Via, meet};
use ownchatbot_domain::{Decision, Parsed, parse};

use crate::command::Request;
use crate::context::Context;
use crate::event::ChatLine;
use crate::outcome::Outcome;
use crate::ports::Clock;
use crate::retry::{AppError, retry_until_deadline};

/// Handles a chat message. A command is decided and committed. For any other message, its writer is added to
/// the table if they are unknown, and the first phrase in it that may be triggered is answered.
///
/// # Errors
/// [`AppError`] when the table cannot be read or written. A command has then changed nothing.
pub async fn on_chat<C>(ctx: &Context<C>, line: &ChatLine) -> Result<Outcome, AppError>
where
    C: Clock,
{
    if line.person.bot || line.person.banned {
        return Ok(Outcome::Ignored);
    }
    let config = ctx.settled_config().await?;
    let parsed = &parse(&line.text, &config);
    match parsed {
        Parsed::Command(_) | Parsed::Usage(_) => {}
        Parsed::Unknown { suggestion: Some(_) } if config.settings.chat.suggestions => {}
        Parsed::Chat => {
            crate::presence::make_known(ctx, &line.person).await?;
            return phrases::answer(ctx, &config, line).await;
        }
        Parsed::Unknown { .. } => {
            crate::presence::make_known(ctx, &line.person).await?;
            return Ok(Outcome::Ignored);
        }
    }
    let (config, via) = (&config, Via::Chat(line.client));
    let request =
        Request { event: &line.event, parsed, via, at: line.at, by_moderator: line.person.moderator };
    retry_until_deadline(ctx.deadline, |tries| async move {
        let (loaded, input) = request.load(ctx, config, &line.person.id).await?;
        if let Some(change) = meet(loaded.profile.as_ref(), &line.person, config.settings.points.welcome) {
            let decision = Decision::change(change);
            ctx.store.commit(None, ctx.clock.now(), &decision).await?;
            // A new viewer can spend their welcome points, so everything is read again.
            return Ok(None);
        }
        ctx.remember(&line.person);
        // The clock is read once, so that the decision and the written rows carry the same time: a redemption
        // is found by the time of its receipt.
        let now = ctx.clock.now();
        let decision = request.decide(now, config, &line.person, (&loaded, input), tries > 1);
        if decision.is_empty() {
            return Ok(Some(Outcome::Ignored));
        }
        Ok(Outcome::of(ctx.commit(Some(&line.event), now, decision).await?))
    })
    .await
}
