//! Builders, named for what they build. A test changes only the fields that matter to it.

// The values come from the tests themselves, so an invalid one is a mistake in the test.
#![expect(clippy::unwrap_used, reason = "for tests")]
#![expect(clippy::missing_panics_doc, reason = "for tests: an invalid value ends the test")]

use ownchatbot_app::event::ChatLine;
use ownchatbot_domain::reward::{
    CommandName, Cooldown, Goal, Kind, Milestone, Note, Redeem, Scope, Special, Vote,
};
use ownchatbot_domain::settings::PointsName;
use ownchatbot_domain::{
    Action, ClientId, EventId, Message, Person, Points, Reward, RewardId, Source, Span, Timestamp, ViewerId,
};
use ownchatbot_texts::{Language, Texts};

/// `n` points.
#[must_use]
pub fn points(n: i64) -> Points {
    Points::new(n).unwrap()
}

/// A viewer called `name`, with the id `id-<name>`.
#[must_use]
pub fn person(name: &str) -> Person {
    Person {
        id: ViewerId::new(format!("id-{name}")).unwrap(),
        name: name.to_owned(),
        former_names: Vec::new(),
        authenticated: false,
        moderator: false,
        bot: false,
        banned: false,
    }
}

/// A chat moderator called `name`.
#[must_use]
pub fn moderator(name: &str) -> Person {
    Person { moderator: true, ..person(name) }
}

/// `many` viewers.
#[must_use]
pub fn crowd(many: usize) -> Vec<Person> {
    (0..many).map(|number| person(&format!("Viewer{number}"))).collect()
}

/// The event that Owncast sends with the id `id`.
#[must_use]
pub fn event(id: &str) -> EventId {
    EventId::new(Source::Owncast, id).unwrap()
}

/// The chat message `id`, which `person` typed in the chat connection 7.
#[must_use]
pub fn chat_line(id: &str, person: &Person, text: &str, at: Timestamp) -> ChatLine {
    ChatLine {
        event: event(id),
        person: person.clone(),
        client: Some(ClientId(7)),
        text: text.to_owned(),
        at,
    }
}

/// A reward whose id is its name.
#[must_use]
pub fn reward(name: &str, price: i64, kind: Kind) -> Reward {
    Reward::new(RewardId::new(name).unwrap(), CommandName::new(name).unwrap(), points(price), kind)
}

/// A redeem with default settings, whose redemptions wait in the queue.
#[must_use]
pub fn redeem(name: &str, price: i64) -> Reward {
    reward(name, price, Kind::Redeem(Redeem::default()))
}

/// A goal of `target` points with milestones at the given points.
#[must_use]
pub fn goal(name: &str, target: i64, milestones: &[i64]) -> Reward {
    let milestone = |at: &i64| Milestone { at: points(*at), text: format!("step {at}") };
    let goal = Goal::new(points(target), milestones.iter().map(milestone).collect()).unwrap();
    reward(name, 0, Kind::Goal(goal))
}

/// Rewards of every kind: the redeems `hydrate` (50 points) and `song` (100 points, with a note and a
/// cooldown), the votes `red` and `blue` (10 points each), the goal `charity` (1,000 points with two
/// milestones), and the special action `confetti` (75 points). A local start has sample rewards of its own,
/// in `local-dev`.
#[must_use]
pub fn sample_rewards() -> Vec<Reward> {
    let cooldown = Some(Cooldown { length: Span::minutes(5), scope: Scope::Everybody });
    let confetti = Special { action: Action::Alert("confetti".to_owned()) };
    vec![
        redeem("hydrate", 50),
        Reward { note: Note::Required, cooldown, ..redeem("song", 100) },
        reward("red", 10, Kind::Vote(Vote::default())),
        reward("blue", 10, Kind::Vote(Vote::default())),
        goal("charity", 1000, &[250, 500]),
        reward("confetti", 75, Kind::Special(confetti)),
    ]
}

/// `message` as a line for chat, in English and with points called points.
#[must_use]
pub fn in_chat(message: &Message) -> String {
    Texts::of(Language::English).chat(message, &PointsName::new("points"))
}
