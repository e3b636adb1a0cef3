//! A reward, with its button.

use askama::Template;
use ownchatbot_domain::reward::{Access, Goal, Kind, MAX_NOTE, Note, Requester, RewardStatus, Unavailable};
use ownchatbot_domain::{Points, Reward, Timestamp, Usage};

use super::{Forms, Personal, Rich};
use crate::public::Public;
use ownchatbot_web::words::grouped;

/// A reward, with its button.
#[derive(Debug, Template)]
#[template(path = "viewer/parts/card.html")]
pub(crate) struct Card {
    pub(crate) id: String,
    pub(crate) name: String,
    kind: &'static str,
    about: Rich,
    price: i64,
    price_said: String,
    /// What the button says.
    verb: &'static str,
    note: &'static str,
    most_note: usize,
    /// Who may use it, where that is not everybody.
    access: Option<&'static str>,
    state: State,
    /// Whether the button can be pressed.
    usable: bool,
    bar: Option<Bar>,
    /// What the form carries; nothing for whoever is not signed in.
    form: Option<Form>,
}

#[derive(Debug)]
struct Form {
    csrf: String,
    key: String,
}

/// How a reward stands, in a few words.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct State {
    /// In words; empty when there is nothing to say.
    pub(crate) said: String,
    /// `good`, `warn` or `soft`.
    pub(crate) tone: &'static str,
    /// Until when it rests, in milliseconds since 1970; the words count down to it.
    pub(crate) until: Option<i64>,
}

/// How far a goal or a vote is.
#[derive(Debug)]
pub(crate) struct Bar {
    value: i64,
    limit: i64,
    /// How long the bar is, of 1,000.
    width: i64,
    /// What is said above it.
    said: String,
    /// What is left, beside the button.
    rest: String,
    steps: Vec<Step>,
    ends: Option<ownchatbot_web::words::Moment>,
}

/// A milestone.
#[derive(Debug)]
struct Step {
    at: i64,
    at_said: String,
    text: Rich,
    reached: bool,
    /// Where it lies, of 1,000.
    place: i64,
}

impl Card {
    /// The card of `reward`, as everybody or `personal` sees it.
    pub(crate) fn of(reward: &Reward, public: &Public, personal: Option<&Personal>) -> Self {
        let snapshot = &public.snapshot;
        let unused = Usage::default();
        let everybody = snapshot.usages.get(&reward.id).unwrap_or(&unused);
        let own = personal.and_then(|personal| personal.uses.get(&reward.id)).unwrap_or(&unused);
        let status = RewardStatus {
            categories: &snapshot.config.categories,
            stream: &snapshot.stream,
            everybody,
            now: snapshot.at,
        };
        let requester = personal.map(|personal| personal.requester(own));
        let unavailable = reward.unavailable(&status, requester.as_ref());
        let balance = personal.map(|personal| personal.visitor.loaded.account.balance);
        let missing =
            balance.and_then(|balance| reward.price.checked_sub(balance)).filter(|points| !points.is_zero());
        let left = reward.left(everybody, &snapshot.stream);
        let yours = personal.and_then(|_| reward.left_for(own, &snapshot.stream));
        let (verb, kind) = match reward.kind {
            Kind::Goal(_) => ("Contribute", "goal"),
            Kind::Vote(_) => ("Vote", "vote"),
            Kind::Redeem(_) => ("Redeem", "redeem"),
            Kind::Special(_) => ("Redeem", "special"),
        };
        let form = |forms: &Forms| Form { csrf: forms.csrf.clone(), key: forms.key(reward.id.as_str()) };
        Self {
            id: reward.id.to_string(),
            name: reward.name.to_string(),
            kind,
            about: Rich::new(&reward.description, &public.emojis),
            price: reward.price.get(),
            price_said: grouped(reward.price.get()),
            verb,
            note: match reward.note {
                _ if matches!(reward.kind, Kind::Vote(_) | Kind::Goal(_)) => "none",
                Note::None => "none",
                Note::Optional => "optional",
                Note::Required => "required",
            },
            most_note: MAX_NOTE,
            access: for_whom(reward.access),
            state: state(unavailable, missing, (left, yours), snapshot.at),
            usable: unavailable.is_none() && missing.is_none(),
            bar: match &reward.kind {
                Kind::Goal(goal) => Some(Bar::of_goal(reward, goal, everybody, own, public)),
                Kind::Vote(_) => Some(Bar::of_vote(reward, everybody, public)),
                Kind::Redeem(_) | Kind::Special(_) => None,
            },
            form: personal.map(|personal| form(&personal.forms)),
        }
    }
}

impl Personal {
    fn requester<'a>(&'a self, own: &'a Usage) -> Requester<'a> {
        let loaded = &self.visitor.loaded;
        let follower = loaded.profile.as_ref().is_some_and(|profile| profile.follower.is_some());
        Requester { person: &self.visitor.person, account: &loaded.account, follower, own }
    }

    /// What keeps this viewer, and not everybody, from using `reward`; in words, and until when.
    pub(super) fn hold_of(&self, reward: &Reward, public: &Public) -> Option<State> {
        let snapshot = &public.snapshot;
        let unused = Usage::default();
        let everybody = snapshot.usages.get(&reward.id).unwrap_or(&unused);
        let own = self.uses.get(&reward.id).unwrap_or(&unused);
        let status = RewardStatus {
            categories: &snapshot.config.categories,
            stream: &snapshot.stream,
            everybody,
            now: snapshot.at,
        };
        let unavailable = reward.unavailable(&status, Some(&self.requester(own)))?;
        (reward.unavailable(&status, None) != Some(unavailable))
            .then(|| state(Some(unavailable), None, (None, None), snapshot.at))
    }
}

const fn for_whom(access: Access) -> Option<&'static str> {
    match access {
        Access::Everybody => None,
        Access::Authenticated => Some("for authenticated chatters"),
        Access::Members => Some("members only"),
        Access::Followers => Some("followers only"),
        Access::Moderators => Some("moderators only"),
    }
}

/// What is said of a reward, of which so many are left: for everybody, and for this viewer alone.
fn state(
    unavailable: Option<Unavailable>,
    missing: Option<Points>,
    (left, yours): (Option<u64>, Option<u64>),
    now: Timestamp,
) -> State {
    let fewer = yours.filter(|yours| left.is_none_or(|left| *yours <= left));
    let left = match fewer {
        Some(yours) => Some(format!("{yours} left for you")),
        None => left.map(|left| format!("{left} left")),
    };
    let warn = |said: &str| State { said: said.to_owned(), tone: "warn", until: None };
    match (unavailable, missing, left) {
        (Some(Unavailable::Off), ..) => warn("off right now"),
        (Some(Unavailable::OnlyLive), ..) => warn("while the stream is live"),
        (Some(Unavailable::For(access)), ..) => warn(for_whom(access).unwrap_or_default()),
        (Some(Unavailable::VoteClosed), ..) => warn("closed"),
        (Some(Unavailable::GoalReached), ..) => {
            State { said: "reached".to_owned(), tone: "good", until: None }
        }
        (Some(Unavailable::GoalOver), ..) => warn("over"),
        (Some(Unavailable::OnCooldown { until }), ..) => {
            State { said: format!("again in {}", until.since(now)), tone: "warn", until: Some(until.ms()) }
        }
        (Some(Unavailable::SoldOut | Unavailable::StreamLimit), ..) => warn("used up"),
        (Some(Unavailable::ViewerLimit), ..) => warn("used up for you"),
        (Some(Unavailable::VoteLimit), ..) => warn("all your votes given"),
        (None, Some(missing), _) => {
            State { said: format!("{} more to go", grouped(missing.get())), tone: "soft", until: None }
        }
        (None, None, Some(said)) => State { said, tone: "soft", until: None },
        (None, None, None) => State::default(),
    }
}

/// Where `value` of `limit` lies, of 1,000. In steps of whole numbers: a bar needs no more.
fn share(value: i64, limit: i64) -> i64 {
    let share = i128::from(value.max(0)) * 1000 / i128::from(limit.max(1));
    i64::try_from(share.min(1000)).unwrap_or(1000)
}

impl Bar {
    fn of_goal(reward: &Reward, goal: &Goal, everybody: &Usage, own: &Usage, public: &Public) -> Self {
        let limit = goal.target().get();
        let value = everybody.points.min(goal.target()).get();
        let given = own.points.get();
        let yours = if given > 0 { format!(" — you gave {}", grouped(given)) } else { String::new() };
        let rest = limit - value;
        let step = |milestone: &ownchatbot_domain::reward::Milestone| Step {
            at: milestone.at.get(),
            at_said: grouped(milestone.at.get()),
            text: Rich::new(&milestone.text, &public.emojis),
            reached: milestone.at.get() <= value,
            place: share(milestone.at.get(), limit),
        };
        Self {
            value,
            limit,
            width: share(value, limit),
            said: format!("{} of {}{yours}", grouped(value), grouped(limit)),
            rest: if rest > 0 { format!("{} to go", grouped(rest)) } else { "reached".to_owned() },
            steps: goal.milestones().iter().map(step).collect(),
            ends: reward.end().map(Into::into),
        }
    }

    fn of_vote(reward: &Reward, everybody: &Usage, public: &Public) -> Self {
        let all: u64 = public.votes();
        let (value, limit) = (everybody.count, all.max(1));
        let (value, limit) =
            (i64::try_from(value).unwrap_or(i64::MAX), i64::try_from(limit).unwrap_or(i64::MAX));
        let votes = if value == 1 { "vote" } else { "votes" };
        Self {
            value,
            limit,
            width: share(value, limit),
            said: format!("{} {votes}", grouped(value)),
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
    fn a_bar_never_leaves_its_box() {
        assert_eq!(
            [(0, 10), (5, 10), (10, 10), (11, 10), (-1, 10), (1, 0)].map(|(a, b)| share(a, b)),
            [0, 500, 1000, 1000, 0, 1000]
        );
        assert_eq!(share(i64::MAX, i64::MAX), 1000);
    }

    #[test]
    fn a_state_says_the_worst_first() {
        let now = Timestamp::from_ms(1_000_000);
        let rests = Unavailable::OnCooldown { until: Timestamp::from_ms(1_192_000) };
        let missing = Points::new(1_030);
        assert_eq!(state(Some(rests), missing, (Some(2), None), now).said, "again in 3:12");
        assert_eq!(state(None, missing, (Some(2), None), now).said, "1,030 more to go");
        assert_eq!(state(None, None, (Some(2), Some(3)), now).said, "2 left");
        assert_eq!(state(None, None, (Some(2), Some(1)), now).said, "1 left for you");
        assert_eq!(state(None, None, (None, Some(1)), now).said, "1 left for you");
        assert_eq!(state(None, None, (None, None), now), State::default());
    }
}
