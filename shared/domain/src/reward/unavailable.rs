//! What keeps a reward from being used right now, for everybody or for one viewer.

use super::{Access, Cooldown, Kind, Reward, Scope, Usage};
use crate::{Account, Category, Person, StreamState, Timestamp};

/// What keeps a reward from being used. Points that are missing are no hold: they can be earned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unavailable {
    /// The streamer does not offer it now.
    Off,
    /// It works while the stream is live.
    OnlyLive,
    /// It is for others.
    For(Access),
    /// The vote takes no votes.
    VoteClosed,
    /// The goal is reached.
    GoalReached,
    /// The goal's time is over.
    GoalOver,
    /// It rests.
    OnCooldown {
        /// Until then.
        until: Timestamp,
    },
    /// There are none left.
    SoldOut,
    /// There are none left for this stream.
    StreamLimit,
    /// There are none left in this stream for this viewer.
    ViewerLimit,
    /// This viewer has given all the votes they can.
    VoteLimit,
}

/// What is known of a reward at one moment.
#[derive(Debug, Clone, Copy)]
pub struct RewardStatus<'a> {
    /// The categories.
    pub categories: &'a [Category],
    /// The broadcast.
    pub stream: &'a StreamState,
    /// How much everybody has used it.
    pub everybody: &'a Usage,
    /// The moment.
    pub now: Timestamp,
}

/// What is known of a viewer who looks at a reward.
#[derive(Debug, Clone, Copy)]
pub struct Requester<'a> {
    /// Who.
    pub person: &'a Person,
    /// What they have.
    pub account: &'a Account,
    /// Whether they are a confirmed follower.
    pub follower: bool,
    /// How much they have used it.
    pub own: &'a Usage,
}

impl Reward {
    /// Whether it takes votes or contributions; other kinds are never closed.
    #[must_use]
    pub fn is_open(&self, everybody: &Usage, now: Timestamp) -> bool {
        self.closed(everybody, now).is_none()
    }

    /// How often it can be used still, in this stream or at all, whichever is less; nothing where nothing limits it.
    #[must_use]
    pub fn left(&self, everybody: &Usage, stream: &StreamState) -> Option<u64> {
        let stock = self.limits.stock.map(|stock| u64::from(stock).saturating_sub(everybody.count));
        let used = everybody.count_in(&stream.counting());
        let in_stream = self.limits.per_stream.map(|limit| u64::from(limit).saturating_sub(used));
        stock.into_iter().chain(in_stream).min()
    }

    /// How often a viewer who has used it as `own` says can use it still, in this stream or at all, whichever is less;
    /// nothing where nothing limits them alone.
    #[must_use]
    pub fn left_for(&self, own: &Usage, stream: &StreamState) -> Option<u64> {
        let used = own.count_in(&stream.counting());
        let in_stream = self.limits.per_viewer.map(|limit| u64::from(limit).saturating_sub(used));
        let votes = self.votes_per_viewer().map(|limit| u64::from(limit).saturating_sub(own.count));
        in_stream.into_iter().chain(votes).min()
    }

    /// Until when it rests after the newest use in `usage`, where its cooldown is for `scope` and that lies ahead.
    #[must_use]
    pub fn rests_until(&self, scope: Scope, usage: &Usage, now: Timestamp) -> Option<Timestamp> {
        let Cooldown { length, .. } = self.cooldown.filter(|cooldown| cooldown.scope == scope)?;
        let again = usage.last.as_ref()?.at.saturating_add(length);
        (now < again).then_some(again)
    }

    /// What keeps it from being used: by `requester`, or by everybody where nobody in particular looks.
    #[must_use]
    pub fn unavailable(
        &self,
        status: &RewardStatus<'_>,
        requester: Option<&Requester<'_>>,
    ) -> Option<Unavailable> {
        self.reasons(status, requester).next()
    }

    /// What keeps `requester` from using it and does not keep everybody from it, such as a limit for each viewer.
    #[must_use]
    pub fn unavailable_to(
        &self,
        status: &RewardStatus<'_>,
        requester: &Requester<'_>,
    ) -> Option<Unavailable> {
        let everybody: Vec<Unavailable> = self.reasons(status, None).collect();
        self.reasons(status, Some(requester)).find(|reason| !everybody.contains(reason))
    }

    /// Every reason why it cannot be used, by `requester` or by everybody, the one that is shown in front.
    pub fn reasons(
        &self,
        status: &RewardStatus<'_>,
        requester: Option<&Requester<'_>>,
    ) -> impl Iterator<Item = Unavailable> + use<> {
        let RewardStatus { categories, stream, everybody, now } = *status;
        let refuses = |requester: &&Requester<'_>| {
            !self.access.admits(requester.person, requester.account.is_member(now), requester.follower)
        };
        let own = requester.map(|requester| requester.own);
        let rests = self
            .rests_until(Scope::Everybody, everybody, now)
            .or_else(|| self.rests_until(Scope::EachViewer, own?, now));
        let reached = |limit: Option<u32>, count: u64| limit.is_some_and(|limit| count >= u64::from(limit));
        let counting = stream.counting();
        let reasons = [
            (!self.is_live(categories)).then_some(Unavailable::Off),
            (self.only_live && !stream.live).then_some(Unavailable::OnlyLive),
            requester.filter(refuses).map(|_| Unavailable::For(self.access)),
            self.closed(everybody, now),
            rests.map(|until| Unavailable::OnCooldown { until }),
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
