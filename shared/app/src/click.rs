//! What a viewer clicks in the panel.

use ownchatbot_domain::decide::{CommandContext, CommandInput, Via, decide, sign_out_everywhere, take_back};
use ownchatbot_domain::{
    Config, Decision, Effect, EventId, Profile, RedemptionKey, Reply, RewardId, Timestamp, ViewerId, text,
};

use crate::context::Context;
use crate::ports::Clock;
use crate::retry::{AppError, retry_until_deadline};
use ownchatbot_store::{Commit, Loaded, StoreError};

/// What somebody has clicked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wish {
    /// A reward.
    Use {
        /// Which.
        reward: RewardId,
        /// The note, or the amount for a goal; one line.
        argument: String,
    },
    /// To take back what they redeemed.
    TakeBack(RedemptionKey),
    /// To be shown on boards, or not.
    OnBoards {
        /// Whether to be shown.
        shown: bool,
    },
    /// To be signed out everywhere.
    SignOutEverywhere,
}

/// Handles a click of `viewer`; `event` is the one-time key of the form. A repeat is told what the first was told.
///
/// # Errors
/// [`AppError`] when the table is in the way. Nothing is half done then.
pub async fn on_click<C>(
    ctx: &Context<C>,
    event: &EventId,
    viewer: &ViewerId,
    wish: &Wish,
) -> Result<Reply, AppError>
where
    C: Clock,
{
    retry_until_deadline(ctx.deadline, |tries| async move {
        let config = &ctx.config().await?;
        // One moment for all of it: what is decided on is what is written, and everything of it is found by that.
        let now = ctx.clock.now();
        let decision = match wish {
            Wish::TakeBack(key) => taking_back(ctx, config, viewer, key).await?,
            Wish::Use { reward, .. } => {
                let loaded = ctx.store.load(viewer, Some(reward)).await?;
                asked(now, config, event, &loaded, wish, tries > 1)
            }
            Wish::OnBoards { .. } => {
                let loaded = ctx.store.load(viewer, None).await?;
                asked(now, config, event, &loaded, wish, false)
            }
            Wish::SignOutEverywhere => {
                let profile = ctx.store.load(viewer, None).await?.profile;
                let out = |profile: Profile| sign_out_everywhere(&profile.person);
                profile.map_or_else(|| refused(&text::reward_gone()), out)
            }
        };
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

fn asked(
    now: Timestamp,
    config: &Config,
    event: &EventId,
    loaded: &Loaded,
    wish: &Wish,
    contended: bool,
) -> Decision {
    // Whoever was forgotten meanwhile.
    let Some(profile) = &loaded.profile else { return refused(&text::reward_gone()) };
    if profile.person.banned {
        return refused(&text::you_are_banned());
    }
    let context = CommandContext {
        config,
        stream: &loaded.stream,
        now,
        event,
        asker: &profile.person,
        via: Via::Panel,
        account: &loaded.account,
        follower: profile.follower.is_some(),
        epoch: profile.epoch,
        contended,
    };
    let ask = match wish {
        Wish::Use { reward, argument } => config.reward(reward).map(|reward| CommandInput::Use {
            reward,
            argument,
            everybody: &loaded.everybody,
            own: &loaded.own,
        }),
        Wish::OnBoards { shown } => Some(CommandInput::OnBoards { shown: *shown }),
        Wish::SignOutEverywhere | Wish::TakeBack(_) => None,
    };
    ask.map_or_else(|| refused(&text::reward_gone()), |ask| decide(&context, &ask))
}

async fn taking_back<C>(
    ctx: &Context<C>,
    config: &Config,
    viewer: &ViewerId,
    key: &RedemptionKey,
) -> Result<Decision, StoreError> {
    let Some(redemption) = ctx.store.redemption(key).await? else {
        return Ok(refused(&text::reward_gone()));
    };
    let loaded = ctx.store.load(viewer, Some(&redemption.reward)).await?;
    let allowed = config.settings.panel.take_back;
    Ok(take_back(&redemption, viewer, allowed, &loaded.everybody, &loaded.own))
}

fn refused(text: &text::Text) -> Decision {
    Decision { changes: Vec::new(), effects: vec![Effect::Reply(Reply::refused(text))] }
}
