//! Announcements: the lines that the bot posts in turn while the stream is live.

use ownchatbot_domain::announce::line_at;
use ownchatbot_domain::message::{self, Arg};
use ownchatbot_domain::placeholders;
use ownchatbot_domain::reward::Kind;
use ownchatbot_domain::tick::last_before;
use ownchatbot_domain::{
    Change, Config, Decision, Effect, EventId, Points, Reward, RewardId, StreamChange, StreamState, Timestamp,
};
use ownchatbot_store::{Commit, StoreError};
use ownchatbot_texts::Values;

use crate::context::Context;
use crate::ports::{Clock, Owncast};
use crate::retry::retry_until_deadline;
use crate::run::RunError;

/// What a run of the announcements did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Announcement {
    /// It has committed the next line, which `deliver` posts.
    Said,
    /// The stream is not live.
    Offline,
    /// No lines are set up, or announcements are switched off.
    Nothing,
    /// The last announcement is newer than the interval, or this run is a repeat.
    TooSoon,
    /// Viewers have written fewer messages since the last announcement than the settings ask for.
    Quiet,
}

/// Announces the next line if one is due. `slot` is the planned time of the run and its idempotency key.
///
/// # Errors
/// [`RunError`] when Owncast or the table fails. Nothing is announced then; the next run tries again.
pub async fn on_announcements<C, O>(
    ctx: &Context<C>,
    owncast: &O,
    slot: Timestamp,
) -> Result<Announcement, RunError>
where
    C: Clock,
    O: Owncast,
{
    let stream = ctx.store.stream().await?;
    if !stream.live {
        return Ok(Announcement::Offline);
    }
    let config = ctx.config().await?;
    let settings = &config.settings.announcements;
    if !settings.wanted() {
        return Ok(Announcement::Nothing);
    }
    let announced = ctx.store.announced().await?;
    if announced.at.is_some_and(|at| at > last_before(slot, settings.interval)) {
        return Ok(Announcement::TooSoon);
    }
    if settings.messages > 0 {
        let since = announced.at.max(stream.began);
        let wrote =
            |line: &&crate::event::ChatLine| !line.person.bot && since.is_none_or(|since| line.at > since);
        if owncast.history().await?.iter().filter(wrote).count() < usize::from(settings.messages) {
            return Ok(Announcement::Quiet);
        }
    }
    let event = EventId::scheduled("announcement", slot.sortable());
    let (event, stream, config) = (&event, &stream, &*config);
    let outcome = retry_until_deadline(ctx.deadline, |_| async move {
        let said = ctx.store.announced().await?.said;
        let Some(line) = line_at(settings, said) else { return Ok(Some(Announcement::Nothing)) };
        let line = filled(ctx, config, stream, line.as_str(), None).await?;
        let decision = Decision {
            changes: vec![Change::Stream(StreamChange::Announce { said })],
            effects: vec![Effect::Say(message::own_line(line))],
        };
        Ok(match ctx.commit(Some(event), ctx.clock.now(), decision).await? {
            Commit::Applied => Some(Announcement::Said),
            Commit::Duplicate => Some(Announcement::TooSoon),
            Commit::Stale => None,
        })
    })
    .await?;
    Ok(outcome)
}

/// Fills in the placeholders of a line that the streamer wrote. Goals are read only if the line contains
/// `{goal}`.
pub(crate) async fn filled<C: Clock>(
    ctx: &Context<C>,
    config: &Config,
    stream: &StreamState,
    line: &str,
    name: Option<&str>,
) -> Result<Arg, StoreError> {
    let now = ctx.clock.now();
    let usages = if placeholders::holds(line, "goal") {
        let goals = config.live_rewards().filter(|reward| matches!(reward.kind, Kind::Goal(_)));
        ctx.store.usages(&goals.map(|reward| reward.id.clone()).collect::<Vec<RewardId>>()).await?
    } else {
        Default::default()
    };
    let progress = |reward: &Reward| usages.get(&reward.id).map_or(Points::ZERO, |usage| usage.points);
    let goal = config.next_goal(now, progress);
    Ok(Arg::Markup(ctx.texts.fill(line, &Values { config, stream, now, goal, name })))
}
