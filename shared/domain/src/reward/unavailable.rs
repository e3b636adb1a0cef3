//! Why a reward cannot be used right now, by all viewers or by one.

use super::{Access, Cooldown, Kind, Reward, Scope, Usage};
use crate::{Account, Category, Person, StreamState, Timestamp};

/// Why a reward cannot be used. A balance below the price is not a reason: points can be earned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unavailable {
    /// The streamer does not offer it at the moment.
    Off,
    /// It only works while the stream is live, and the stream is offline.
    OnlyLive,
    /// It is only for these viewers.
    For(Access),
    /// The vote is closed or has ended.
    VoteClosed,
    /// The goal is reached.
    GoalReached,
    /// The goal has ended before it was reached.
    GoalOver,
    /// It is on cooldown.
    OnCooldown {
        /// When the cooldown ends.
        until: Timestamp,
    },
    /// The stock is used up.
    SoldOut,
    /// The limit of all viewers for this stream is used up.
    StreamLimit,
    /// The limit of this viewer for this stream is used up.
    ViewerLimit,
    /// This viewer has no votes left.
    VoteLimit,
}

/// The state that decides whether a reward can be used.
#[derive(Debug, Clone, Copy)]
pub struct RewardStatus<'a> {
    /// The categories of the configuration.
    pub categories: &'a [Category],
    /// The state of the stream.
    pub stream: &'a StreamState,
    /// How much all viewers have used the reward.
    pub everybody: &'a Usage,
    /// The current time.
    pub now: Timestamp,
}

/// The viewer for whom a reward is checked.
#[derive(Debug, Clone, Copy)]
pub struct Requester<'a> {
    /// The viewer.
    pub person: &'a Person,
    /// Their account, for the membership.
    pub account: &'a Account,
    /// Whether they are a confirmed follower.
    pub follower: bool,
    /// How much they have used the reward.
    pub own: &'a Usage,
}

impl Reward {
    /// Whether it takes votes or contributions. Redeems and specials are always open.
    #[must_use]
    pub fn is_open(&self, everybody: &Usage, now: Timestamp) -> bool {
        self.closed(everybody, now).is_none()
    }

    /// The number of uses that are left, in this stream or in all, whichever is less; `None` without a limit.
    #[must_use]
    pub fn left(&self, everybody: &Usage, stream: &StreamState) -> Option<u64> {
        let stock = self.limits.stock.map(|stock| u64::from(stock).saturating_sub(everybody.count));
        let used = everybody.count_in(&stream.counting());
        let in_stream = self.limits.per_stream.map(|limit| u64::from(limit).saturating_sub(used));
        stock.into_iter().chain(in_stream).min()
    }

    /// The number of uses that are left for the viewer with the usage `own`, in this stream or in all,
    /// whichever is less; `None` without a limit for each viewer.
    #[must_use]
    pub fn left_for(&self, own: &Usage, stream: &StreamState) -> Option<u64> {
        let used = own.count_in(&stream.counting());
        let in_stream = self.limits.per_viewer.map(|limit| u64::from(limit).saturating_sub(used));
        let votes = self.votes_per_viewer().map(|limit| u64::from(limit).saturating_sub(own.count));
        in_stream.into_iter().chain(votes).min()
    }

    /// When the cooldown after the last use in `usage` ends, if it applies to `scope` and has not passed.
    #[must_use]
    pub fn rests_until(&self, scope: Scope, usage: &Usage, now: Timestamp) -> Option<Timestamp> {
        let Cooldown { length, .. } = self.cooldown.filter(|cooldown| cooldown.scope == scope)?;
        let again = usage.last.as_ref()?.at.saturating_add(length);
        (now < again).then_some(again)
    }

    /// Why it cannot be used by `requester`, or by any viewer when that is `None`. Of several reasons the
    /// first is returned, in order of how long they last and for how many viewers.
    #[must_use]
    pub fn unavailable(
        &self,
        status: &RewardStatus<'_>,
        requester: Option<&Requester<'_>>,
    ) -> Option<Unavailable> {
        self.reasons(status, requester).next()
    }

    /// The first reason why `requester` cannot use it that does not apply to all viewers, such as a limit for
    /// each viewer.
    #[must_use]
    pub fn unavailable_to(
        &self,
        status: &RewardStatus<'_>,
        requester: &Requester<'_>,
    ) -> Option<Unavailable> {
        let everybody: Vec<Unavailable> = self.reasons(status, None).collect();
        self.reasons(status, Some(requester)).find(|reason| !everybody.contains(reason))
    }

    /// All reasons why it cannot be used by `requester`, or by any viewer when that is `None`, the most important
    /// first.
    pub fn reasons(
        &self,
        status: &RewardStatus<'_>,
        requester: Option<&Requester<'_>>,
    ) -> impl Iterator<Item = Unavailable> + use<> {
        let RewardStatus { categories, stream, everybody, now } = *status;
        let excluded = |requester: &&Requester<'_>| {
            !self.access.admits(requester.person, requester.account.is_member(now), requester.follower)
        };
        let own = requester.map(|requester| requester.own);
        let cooldown_end = self
            .rests_until(Scope::Everybody, everybody, now)
            .or_else(|| self.rests_until(Scope::EachViewer, own?, now));
        let reached = |limit: Option<u32>, count: u64| limit.is_some_and(|limit| count >= u64::from(limit));
        let counting = stream.counting();
        let reasons = [
            (!self.is_live(categories)).then_some(Unavailable::Off),
            (self.only_live && !stream.live).then_some(Unavailable::OnlyLive),
            requester.filter(excluded).map(|_| Unavailable::For(self.access)),
            self.closed(everybody, now),
            cooldown_end.map(|until| Unavailable::OnCooldown { until }),
            reached(self.limits.stock, everybody.count).then_some(Unavailable::SoldOut),
            reached(self.limits.per_stream, everybody.count_in(&counting))
                .then_some(Unavailable::StreamLimit),
            own.filter(|own| reached(self.limits.per_viewer, own.count_in(&counting)))
                .map(|_| Unavailable::ViewerLimit),
            own.filter(|own| reached(self.votes_per_viewer(), own.count)).map(|_| Unavailable::VoteLimit),
        ];
        reasons.into_iter().flatten()
    }

    const fn votes_per_viewer(&self) -> Option<u32> {
        match &self.kind {
            Kind::Vote(vote) => vote.per_viewer,
            _ => None,
        }
    }

    fn closed(&self, everybody: &Usage, now: Timestamp) -> Option<Unavailable> {
        match &self.kind {
            Kind::Vote(vote) => (!vote.open || self.is_over(now)).then_some(Unavailable::VoteClosed),
            Kind::Goal(goal) if everybody.points >= goal.target() => Some(Unavailable::GoalReached),
            Kind::Goal(_) => self.is_over(now).then_some(Unavailable::GoalOver),
            Kind::Redeem(_) | Kind::Special(_) => None,
        }
    }
}

#[cfg(test)]
mod tests;
