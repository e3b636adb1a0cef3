//! What a viewer clicks in the panel.

use ownchatbot_domain::decide::Via;
use ownchatbot_domain::{Command, Decision, Effect, EventId, Parsed, Reply, ViewerId, message};
use ownchatbot_store::Commit;

use crate::command::Request;
use crate::context::Context;
use crate::ports::Clock;
use crate::retry::{AppError, retry_until_deadline};

/// Handles a click of `viewer`, which stands for `command`; `event` is the one-time key of the form. A repeat returns the
/// first reply.
///
/// # Errors
/// [`AppError`] when the table cannot be read or written. Nothing is half done then.
pub async fn on_click<C: Clock>(
    ctx: &Context<C>,
    event: &EventId,
    viewer: &ViewerId,
    command: &Command,
) -> Result<Reply<String>, AppError> {
    let parsed = &Parsed::Command(command.clone());
    retry_until_deadline(ctx.deadline, |tries| async move {
        let config = &ctx.config().await?;
        // One moment for all of it: what is decided on is what is written, and everything of it is found by that.
        let now = ctx.clock.now();
        let request = Request { event, parsed, via: Via::Panel, at: now, by_moderator: false };
        let (loaded, input) = request.load(ctx, config, viewer).await?;
        let decision = match &loaded.profile {
            Some(profile) => request.decide(now, config, &profile.person, (&loaded, input), tries > 1),
            // The viewer was erased since the page was loaded.
            None => Decision::effect(Effect::Reply(Reply::refused(message::reward_gone()))),
        };
        let decision = ctx.worded(decision, &config.settings.points.name);
        match ctx.store.commit(Some(event), now, &decision).await? {
            Commit::Applied => {
                let mut effects = decision.effects.into_iter();
                Ok(effects.find_map(|effect| match effect {
                    Effect::Reply(reply) => Some(reply),
                    _ => None,
                }))
            }
            Commit::Duplicate => ctx.store.reply(event).await,
            Commit::Stale => Ok(None),
        }
    })
    .await
}
