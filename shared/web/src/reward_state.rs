//! How a reward is described: a few words, whether it can be used, until when, and what holds afterwards.
//!
//! Pages and `/overlay/live.json` take it from here, and scripts only show it. The state for everybody and
//! the state for one viewer are separate, since they are sent separately: a page's script receives the first
//! every few seconds, and the second after a click and once a minute.

use std::fmt;

use ownchatbot_domain::message::Arg;
use ownchatbot_domain::reward::{Access, Requester, RewardStatus, Unavailable};
use ownchatbot_domain::{Reward, Timestamp};
use ownchatbot_texts::Words;
use serde::Serialize;

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
    pub fn of_everybody(reward: &Reward, status: &RewardStatus<'_>, words: &Words) -> Self {
        Self::of(reward, status, None, words)
    }

    /// What is different for `requester`: why only they cannot use it, the points they lack, or how often
    /// they alone can still use it. The weight is 0 where nothing is different.
    #[must_use]
    pub fn of_viewer(
        reward: &Reward,
        status: &RewardStatus<'_>,
        requester: &Requester<'_>,
        words: &Words,
    ) -> Self {
        Self::of(reward, status, Some(requester), words)
    }

    /// The state of a reward that the streamer does not offer at the moment.
    #[must_use]
    pub fn off(words: &Words) -> Self {
        Self::unavailable(Unavailable::Off, words)
    }

    fn of(
        reward: &Reward,
        status: &RewardStatus<'_>,
        requester: Option<&Requester<'_>>,
        words: &Words,
    ) -> Self {
        let unavailable = match requester {
            None => reward.unavailable(status, None),
            Some(requester) => reward.unavailable_to(status, requester),
        };
        match unavailable {
            Some(Unavailable::OnCooldown { until }) => {
                let after = Self::of(reward, &RewardStatus { now: until, ..*status }, requester, words);
                let unavailable = Self::unavailable(Unavailable::OnCooldown { until }, words);
                Self { until: Some(until.ms()), after: Some(Box::new(after)), ..unavailable }
            }
            Some(reason) => Self::unavailable(reason, words),
            None => match requester {
                None => Self::left(reward.left(status.everybody, status.stream), "state-left", words),
                Some(requester) => match reward.price.checked_sub(requester.account.balance) {
                    Some(missing) if !missing.is_zero() => Self {
                        text: words.with("state-missing", [("missing", missing.into())]),
                        usable: false,
                        weight: POINTS_MISSING,
                        ..Self::default()
                    },
                    _ => {
                        let left = reward.left_for(requester.own, status.stream);
                        Self::left(left, "state-left-for-you", words)
                    }
                },
            },
        }
    }

    fn unavailable(reason: Unavailable, words: &Words) -> Self {
        let id = match reason {
            Unavailable::For(access) => {
                let text = for_whom(access, words).unwrap_or_default();
                return Self {
                    text,
                    tone: Tone::Warn,
                    usable: false,
                    weight: weight(reason),
                    until: None,
                    after: None,
                };
            }
            Unavailable::Off => "state-off",
            Unavailable::OnlyLive => "state-only-live",
            Unavailable::VoteClosed => "state-vote-closed",
            Unavailable::GoalReached => "state-goal-reached",
            Unavailable::GoalOver => "state-goal-over",
            Unavailable::OnCooldown { .. } => "state-on-cooldown",
            Unavailable::SoldOut | Unavailable::StreamLimit => "state-used-up",
            Unavailable::ViewerLimit => "state-used-up-for-you",
            Unavailable::VoteLimit => "state-all-votes-given",
        };
        let tone = if reason == Unavailable::GoalReached { Tone::Good } else { Tone::Warn };
        Self { text: words.get(id), tone, usable: false, weight: weight(reason), until: None, after: None }
    }

    fn left(left: Option<u64>, id: &str, words: &Words) -> Self {
        let Some(left) = left else { return Self::default() };
        let fewer = u32::try_from(left.saturating_sub(1)).unwrap_or(u32::MAX);
        let weight = ONE_LEFT.saturating_sub(fewer).max(1);
        Self { text: words.with(id, [("left", left.into())]), weight, ..Self::default() }
    }

    /// The state to show to a viewer: this one, which is their own, or `everybody`, whichever weighs more.
    #[must_use]
    pub fn beside(self, everybody: Self) -> Self {
        if self.weight >= everybody.weight { self } else { everybody }
    }

    /// The words as they read at `now`, with the time that is left.
    #[must_use]
    pub fn text_at(&self, now: Timestamp, words: &Words) -> String {
        match self.until {
            Some(until) => {
                let left = Arg::Countdown(Timestamp::from_ms(until).since(now));
                words.with("state-with-time", [("text", Arg::from(&self.text)), ("time", left)])
            }
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
pub fn for_whom(access: Access, words: &Words) -> Option<String> {
    let id = match access {
        Access::Everybody => return None,
        Access::Authenticated => "state-authenticated",
        Access::Members => "state-members",
        Access::Followers => "state-followers",
        Access::Moderators => "state-moderators",
    };
    Some(words.get(id))
}

#[cfg(test)]
mod tests;
