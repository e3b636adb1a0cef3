//! Catching up with commands whose webhook was lost, from Owncast's chat history.

use ownchatbot_domain::{Decision, Effect, EventId, Parsed, Span, message, parse};
use ownchatbot_store::Watch;

use crate::chat::on_chat;
use crate::context::Context;
use crate::event::ChatLine;
use crate::outcome::Outcome;
use crate::ports::{Clock, Owncast};
use crate::retry::retry_until_deadline;
use crate::run::RunError;

/// The age below which a message is left to its webhook, which may still arrive and carries the connection
/// for whispers.
const MIN_AGE: Span = Span::seconds(20);

/// The commands that were caught up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct CaughtUp {
    /// How many commands were carried out.
    pub commands: usize,
    /// How many commands were too old to be carried out.
    pub stale: usize,
}

/// Carries out the commands after the watermark that have no receipt, the oldest first, and moves the
/// watermark.
pub(super) async fn catch_up<C, O>(
    ctx: &Context<C>,
    owncast: &O,
    watch: &mut Watch,
) -> Result<CaughtUp, RunError>
where
    C: Clock,
    O: Owncast,
{
    let (config, now) = (ctx.config().await?, ctx.clock.now());
    let is_command =
        |line: &ChatLine| matches!(parse(&line.text, &config), Parsed::Command(_) | Parsed::Usage(_));
    let mut lines = owncast.history().await?;
    lines.retain(|line| line.at <= now.saturating_sub(MIN_AGE));
    // The watermark is a time by Owncast's clock, as in the messages, so that no message is skipped when our
    // clock jumps.
    let newest = lines.iter().map(|line| line.at).max();
    let Some(watermark) = watch.watermark else {
        // This is the first run: messages from before the bot was connected are not commands to it.
        watch.watermark = newest.or(Some(now));
        return Ok(CaughtUp::default());
    };
    lines.retain(|line| watermark < line.at);
    lines.sort_by(|a, b| (a.at, &a.event).cmp(&(b.at, &b.event)));
    lines.retain(|line| !line.person.bot && !line.person.banned && is_command(line));
    let events: Vec<EventId> = lines.iter().map(|line| line.event.clone()).collect();
    let handled = if events.is_empty() { Default::default() } else { ctx.store.handled(&events).await? };
    lines.retain(|line| !handled.contains(&line.event));
    let oldest = now.saturating_sub(config.settings.streams.catch_up);
    let (stale, fresh): (Vec<_>, Vec<_>) = lines.into_iter().partition(|line| line.at < oldest);
    let mut done = CaughtUp { commands: 0, stale: stale.len() };
    for line in &fresh {
        if on_chat(ctx, line).await? == Outcome::Done {
            done.commands += 1;
        }
    }
    if let Some(last) = stale.last() {
        summarise(ctx, last, stale.len()).await?;
    }
    watch.watermark = newest.max(Some(watermark));
    if done != CaughtUp::default() {
        tracing::info!(commands = done.commands, stale = done.stale, "caught up with missed commands");
    }
    Ok(done)
}

/// Announces in one line how many commands were too old. The event's id depends on the last of them, so that
/// it is announced once.
async fn summarise<C: Clock>(ctx: &Context<C>, last: &ChatLine, count: usize) -> Result<(), RunError> {
    let notice = Effect::Say(message::missed_commands(count));
    let decision: &Decision = &Decision::effect(notice);
    let event = &EventId::by_bot("missed", last.event.id());
    retry_until_deadline(ctx.deadline, |_| async move {
        ctx.commit(Some(event), ctx.clock.now(), decision.clone()).await.map(Some)
    })
    .await?;
    Ok(())
}
