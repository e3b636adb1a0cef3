//! The card of a reward.

use askama::Template;
use ownchatbot_domain::message::Arg;
use ownchatbot_domain::reward::{Goal, Kind, MAX_NOTE, Note, Requester};
use ownchatbot_domain::{Reward, RewardId, Usage};
use ownchatbot_texts::Words;
use ownchatbot_web::form::{FormTokens, TextField};
use ownchatbot_web::progress::{GoalProgress, votes};
use ownchatbot_web::reward_state::for_whom;
use ownchatbot_web::words::{Moment, grouped};
use ownchatbot_web::{RewardState, filters};

use super::{Personal, Rich};
use crate::public::Public;

/// The card of a reward, with its button.
#[derive(Debug, Template)]
#[template(path = "viewer/parts/card.html")]
pub(crate) struct Card {
    t: Words,
    pub(crate) id: String,
    pub(crate) name: String,
    kind: &'static str,
    about: Rich,
    price_text: String,
    /// The text of the button.
    /// What its button says.
    verb: String,
    /// What the link says where no viewer is signed in.
    sign_in: String,
    note: &'static str,
    max_note: usize,
    /// Who may use it, where that is not everybody.
    access: Option<String>,
    /// Its state, and whether its button can be pressed.
    state: RewardState,
    /// The words of its state as of now.
    state_words: String,
    bar: Option<Bar>,
    /// The field for the note or the amount, where there is one.
    argument: TextField,
    /// The token and key of the form; `None` when no viewer is signed in.
    form: Option<FormTokens>,
}

/// The progress bar of a goal or a vote.
#[derive(Debug)]
pub(crate) struct Bar {
    value: i64,
    limit: i64,
    /// The length of the bar, from 0 to 1,000.
    width: i64,
    /// The text above it.
    text: String,
    /// The text beside the button: what is left.
    rest: String,
    steps: Vec<Step>,
    ends: Option<Moment>,
}

/// A milestone.
#[derive(Debug)]
struct Step {
    at: i64,
    at_text: String,
    text: Rich,
    reached: bool,
    /// Its position on the bar, from 0 to 1,000.
    place: i64,
}

impl Card {
    /// The name of the field for the note or the amount.
    pub(crate) const ARGUMENT: &str = "argument";

    /// The card of `reward` for everybody, or for `personal` where a viewer is signed in.
    pub(crate) fn of(reward: &Reward, public: &Public, personal: Option<&Personal>) -> Self {
        let snapshot = &public.snapshot;
        let everybody = snapshot.usage(&reward.id);
        let state = RewardState::of_everybody(reward, &snapshot.status(&reward.id), &public.words);
        let state = match personal {
            Some(personal) => personal.state_of(reward, public).beside(state),
            None => state,
        };
        let (kind, verb, sign_in) = match reward.kind {
            Kind::Goal(_) => ("goal", "card-contribute", "card-sign-in-to-give"),
            Kind::Vote(_) => ("vote", "card-vote", "card-sign-in-to-vote"),
            Kind::Redeem(_) => ("redeem", "card-redeem", "card-sign-in-to-redeem"),
            Kind::Special(_) => ("special", "card-redeem", "card-sign-in-to-redeem"),
        };
        let words = &public.words;
        Self {
            t: words.clone(),
            id: reward.id.to_string(),
            name: reward.name.to_string(),
            kind,
            about: Rich::new(&reward.description, &public.emojis),
            price_text: grouped(reward.price.get()),
            verb: words.get(verb),
            sign_in: words.get(sign_in),
            note: match reward.note {
                _ if matches!(reward.kind, Kind::Vote(_) | Kind::Goal(_)) => "none",
                Note::None => "none",
                Note::Optional => "optional",
                Note::Required => "required",
            },
            max_note: MAX_NOTE,
            access: for_whom(reward.access, words),
            state_words: state.text_at(snapshot.at, words),
            state,
            bar: match &reward.kind {
                Kind::Goal(goal) => Some(Bar::of_goal(reward, goal, everybody, personal, public)),
                Kind::Vote(_) => Some(Bar::of_vote(reward, everybody, public)),
                Kind::Redeem(_) | Kind::Special(_) => None,
            },
            argument: TextField::new(Self::ARGUMENT, "").with_id(Self::argument_id(reward.id.as_str())),
            form: personal.map(|personal| personal.forms.tokens(reward.id.as_str())),
        }
    }

    /// Fills the form in.
    pub(crate) fn fill(&mut self, argument: TextField) {
        self.argument = argument.with_id(Self::argument_id(&self.id));
    }

    fn argument_id(reward: &str) -> String {
        format!("{}-{reward}", Self::ARGUMENT)
    }
}

impl Personal {
    /// How this viewer has used `reward`.
    fn own_use(&self, reward: &RewardId) -> Option<&Usage> {
        self.uses.get(reward)
    }

    /// What this viewer has given to the goal `reward`, in words; empty when they have given nothing.
    pub(super) fn gave(&self, reward: &RewardId, words: &Words) -> String {
        match self.own_use(reward).map(|own| own.points).filter(|points| !points.is_zero()) {
            Some(gave) => words.with("card-gave", [("amount", gave.into())]),
            None => String::new(),
        }
    }

    /// What is different for this viewer in the state of `reward`.
    pub(super) fn state_of(&self, reward: &Reward, public: &Public) -> RewardState {
        let loaded = &self.visitor.loaded;
        let unused = Usage::default();
        let requester = Requester {
            person: &self.visitor.person,
            account: &loaded.account,
            follower: loaded.profile.as_ref().is_some_and(|profile| profile.follower.is_some()),
            own: self.own_use(&reward.id).unwrap_or(&unused),
        };
        RewardState::of_viewer(reward, &public.snapshot.status(&reward.id), &requester, &public.words)
    }
}

/// `value` as a share of `limit`, from 0 to 1,000, in whole numbers.
fn share(value: i64, limit: i64) -> i64 {
    let share = i128::from(value.max(0)) * 1000 / i128::from(limit.max(1));
    i64::try_from(share.min(1000)).unwrap_or(1000)
}

impl Bar {
    fn of_goal(
        reward: &Reward,
        goal: &Goal,
        everybody: &Usage,
        personal: Option<&Personal>,
        public: &Public,
    ) -> Self {
        let progress = GoalProgress::of(goal, everybody, &public.words);
        let (value, limit) = (progress.points.get(), progress.target.get());
        let gave =
            personal.map(|personal| personal.gave(&reward.id, &public.words)).filter(|gave| !gave.is_empty());
        let step = |milestone: &ownchatbot_domain::reward::Milestone| Step {
            at: milestone.at.get(),
            at_text: grouped(milestone.at.get()),
            text: Rich::new(&milestone.text, &public.emojis),
            reached: progress.has_reached(milestone),
            place: share(milestone.at.get(), limit),
        };
        Self {
            value,
            limit,
            width: share(value, limit),
            steps: goal.milestones().iter().map(step).collect(),
            text: match gave {
                Some(gave) => {
                    let both = [("progress", Arg::from(&progress.text)), ("own", gave.into())];
                    public.words.with("card-progress-with-own", both)
                }
                None => progress.text,
            },
            rest: progress.rest,
            ends: reward.end().map(Into::into),
        }
    }

    fn of_vote(reward: &Reward, everybody: &Usage, public: &Public) -> Self {
        let all: u64 = public.votes();
        let (value, limit) = (everybody.count, all.max(1));
        let (value, limit) =
            (i64::try_from(value).unwrap_or(i64::MAX), i64::try_from(limit).unwrap_or(i64::MAX));
        Self {
            value,
            limit,
            width: share(value, limit),
            text: votes(everybody.count, &public.words),
            rest: String::new(),
            steps: Vec::new(),
            ends: reward.end().map(Into::into),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn share_stays_between_0_and_1000() {
        assert_eq!(
            [(0, 10), (5, 10), (10, 10), (11, 10), (-1, 10), (1, 0)].map(|(a, b)| share(a, b)),
            [0, 500, 1000, 1000, 0, 1000]
        );
        assert_eq!(share(i64::MAX, i64::MAX), 1000);
    }
}
