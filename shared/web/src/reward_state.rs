//! How a reward is described: a few words, whether it can be used, until when, and what holds afterwards.
//!
//! Pages and `/overlay/live.json` take it from here, and scripts only show it. The state for everybody and
//! the state for one viewer are separate, since they are sent separately: a page's script receives the first
//! every few seconds, and the second after a click and once a minute.

use std::fmt;

use ownchatbot_domain::reward::{Access, Requester, RewardStatus, Unavailable};
use ownchatbot_domain::{Reward, Timestamp};
use serde::Serialize;

use crate::words::grouped;

/// How a reward is described to everybody, or what is different for one viewer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RewardState {
    /// A few words; empty when there is nothing to say. Where `until` is set, the time left until then
    /// follows them.
    pub text: String,
    /// The colour of the words.
    pub tone: Tone,
    /// Whether the reward can be used.
    pub usable: bool,
    /// The priority, from 0. Of everybody's state and a viewer's own the one with the greater weight is
    /// shown, and the viewer's own when both weigh the same.
    pub weight: u32,
    /// When it ends, in milliseconds since 1970 (UTC), where that is known.
    pub until: Option<i64>,
    /// The state from then on, as far as that is known now; present exactly when `until` is.
    pub after: Option<Box<Self>>,
}

impl Default for RewardState {
    /// No words, and the reward can be used.
    fn default() -> Self {
        Self { text: String::new(), tone: Tone::Soft, usable: true, weight: 0, until: None, after: None }
    }
}

/// The colour of a state's words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Tone {
    /// Something has been reached.
    Good,
    /// The reward cannot be used.
    Warn,
    /// A remark, such as what is left.
    Soft,
}

impl fmt::Display for Tone {
    /// The name of its style class.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Good => "good",
            Self::Warn => "warn",
            Self::Soft => "soft",
        })
    }
}

/// The weight of "1 left". Each further one that is left takes 1 from it, down to a weight of 1.
const ONE_LEFT: u32 = 1_000_000;
/// The weight of points that the viewer lacks.
const POINTS_MISSING: u32 = ONE_LEFT + 1;
/// The least weight of a reason why a reward cannot be used.
const UNAVAILABLE: u32 = ONE_LEFT + 2;

impl RewardState {
    /// The state of `reward` as everybody sees it.
    #[must_use]
    pub fn of_everybody(reward: &Reward, status: &RewardStatus<'_>) -> Self {
        Self::of(reward, status, None)
    }

    /// What is different for `requester`: why only they cannot use it, the points they lack, or how often
    /// they alone can still use it. The weight is 0 where nothing is different.
    #[must_use]
    pub fn of_viewer(reward: &Reward, status: &RewardStatus<'_>, requester: &Requester<'_>) -> Self {
        Self::of(reward, status, Some(requester))
    }

    /// The state of a reward that the streamer does not offer at the moment.
    #[must_use]
    pub fn off() -> Self {
        Self::unavailable(Unavailable::Off)
    }

    fn of(reward: &Reward, status: &RewardStatus<'_>, requester: Option<&Requester<'_>>) -> Self {
        let unavailable = match requester {
            None => reward.unavailable(status, None),
            Some(requester) => reward.unavailable_to(status, requester),
        };
        match unavailable {
            Some(Unavailable::OnCooldown { until }) => {
                let after = Self::of(reward, &RewardStatus { now: until, ..*status }, requester);
                let unavailable = Self::unavailable(Unavailable::OnCooldown { until });
                Self { until: Some(until.ms()), after: Some(Box::new(after)), ..unavailable }
            }
            Some(reason) => Self::unavailable(reason),
            None => match requester {
                None => Self::left(reward.left(status.everybody, status.stream), "left"),
                Some(requester) => match reward.price.checked_sub(requester.account.balance) {
                    Some(missing) if !missing.is_zero() => Self {
                        text: format!("{} more to go", grouped(missing.get())),
                        usable: false,
                        weight: POINTS_MISSING,
                        ..Self::default()
                    },
                    _ => Self::left(reward.left_for(requester.own, status.stream), "left for you"),
                },
            },
        }
    }

    fn unavailable(reason: Unavailable) -> Self {
        let (text, tone) = match reason {
            Unavailable::Off => ("off right now", Tone::Warn),
            Unavailable::OnlyLive => ("while the stream is live", Tone::Warn),
            Unavailable::For(access) => (for_whom(access).unwrap_or_default(), Tone::Warn),
            Unavailable::VoteClosed => ("closed", Tone::Warn),
            Unavailable::GoalReached => ("reached", Tone::Good),
            Unavailable::GoalOver => ("over", Tone::Warn),
            Unavailable::OnCooldown { .. } => ("again in", Tone::Warn),
            Unavailable::SoldOut | Unavailable::StreamLimit => ("used up", Tone::Warn),
            Unavailable::ViewerLimit => ("used up for you", Tone::Warn),
            Unavailable::VoteLimit => ("all your votes given", Tone::Warn),
        };
        Self { text: text.to_owned(), tone, usable: false, weight: weight(reason), until: None, after: None }
    }

    fn left(left: Option<u64>, words: &str) -> Self {
        let Some(left) = left else { return Self::default() };
        let fewer = u32::try_from(left.saturating_sub(1)).unwrap_or(u32::MAX);
        let weight = ONE_LEFT.saturating_sub(fewer).max(1);
        Self { text: format!("{left} {words}"), weight, ..Self::default() }
    }

    /// The state to show to a viewer: this one, which is their own, or `everybody`, whichever weighs more.
    #[must_use]
    pub fn beside(self, everybody: Self) -> Self {
        if self.weight >= everybody.weight { self } else { everybody }
    }

    /// The words as they read at `now`, with the time that is left.
    #[must_use]
    pub fn words(&self, now: Timestamp) -> String {
        match self.until {
            Some(until) => format!("{} {}", self.text, Timestamp::from_ms(until).since(now)),
            None => self.text.clone(),
        }
    }
}

/// The weights of reasons are in the order in which [`Reward::reasons`] gives them.
const fn weight(reason: Unavailable) -> u32 {
    UNAVAILABLE
        + match reason {
            Unavailable::VoteLimit => 0,
            Unavailable::ViewerLimit => 1,
            Unavailable::StreamLimit => 2,
            Unavailable::SoldOut => 3,
            Unavailable::OnCooldown { .. } => 4,
            Unavailable::GoalOver => 5,
            Unavailable::GoalReached => 6,
            Unavailable::VoteClosed => 7,
            Unavailable::For(_) => 8,
            Unavailable::OnlyLive => 9,
            Unavailable::Off => 10,
        }
}

/// Who may use a reward, in a few words; `None` where everybody may.
#[must_use]
pub const fn for_whom(access: Access) -> Option<&'static str> {
    match access {
        Access::Everybody => None,
        Access::Authenticated => Some("for authenticated chatters"),
        Access::Members => Some("members only"),
        Access::Followers => Some("followers only"),
        Access::Moderators => Some("moderators only"),
    }
}

#[cfg(test)]
mod tests;
