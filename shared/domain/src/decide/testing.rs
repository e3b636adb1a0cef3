//! Builders and one helper for the tests of the rules.

use super::*;
use crate::reward::{CommandName, Goal, Kind, Milestone, Redeem, Special, Vote};
use crate::{Action, Points, RewardId, Source, StreamId, ViewerId, parse};

pub(crate) fn points(n: i64) -> Points {
    Points::new(n).unwrap()
}

pub(crate) fn person(name: &str) -> Person {
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

pub(crate) fn reward(name: &str, price: i64, kind: Kind) -> Reward {
    Reward::new(RewardId::new(name).unwrap(), CommandName::new(name).unwrap(), points(price), kind)
}

/// A small world that one command at a time is decided in.
pub(crate) struct Stage {
    pub(crate) config: Config,
    pub(crate) stream: StreamState,
    pub(crate) asker: Person,
    pub(crate) account: Account,
    pub(crate) follower: bool,
    pub(crate) crowded: bool,
    pub(crate) everybody: Usage,
    pub(crate) own: Usage,
    pub(crate) waiting: Vec<Redemption>,
    pub(crate) candidates: Vec<Candidate>,
    pub(crate) now: Timestamp,
}

impl Stage {
    pub(crate) fn new(balance: i64) -> Self {
        let milestone = |at: i64| Milestone { at: points(at), text: format!("step {at}") };
        let goal = Goal::new(points(1000), vec![milestone(250), milestone(500)]).unwrap();
        let confetti = Special { action: Action::Alert("confetti".into()) };
        let rewards = vec![
            reward("hydrate", 50, Kind::Redeem(Redeem::default())),
            reward("red", 10, Kind::Vote(Vote::default())),
            reward("charity", 0, Kind::Goal(goal)),
            reward("confetti", 75, Kind::Special(confetti)),
        ];
        Self {
            config: Config { rewards, ..Config::default() },
            stream: StreamState::default(),
            asker: person("Ann"),
            account: Account { balance: points(balance), ..Account::default() },
            follower: false,
            crowded: false,
            everybody: Usage::default(),
            own: Usage::default(),
            waiting: Vec::new(),
            candidates: Vec::new(),
            now: Timestamp::from_ms(1_000_000_000),
        }
    }

    pub(crate) fn reward(&mut self, name: &str) -> &mut Reward {
        self.config.rewards.iter_mut().find(|reward| reward.name.as_str() == name).unwrap()
    }

    pub(crate) fn live(&mut self) -> StreamId {
        let began = self.now.minus(crate::Span::minutes(10));
        let stream = StreamId::begun_at(began);
        self.stream.newest = Some(stream.clone());
        self.stream.live = true;
        stream
    }

    /// Decides `line` as the asker would have typed it.
    pub(crate) fn decide(&self, line: &str) -> Decision {
        let event = crate::EventId::new(Source::Owncast, "event").unwrap();
        let scene = Scene {
            config: &self.config,
            stream: &self.stream,
            now: self.now,
            event: &event,
            asker: &self.asker,
            client: Some(ClientId(7)),
            account: &self.account,
            follower: self.follower,
            crowded: self.crowded,
        };
        let parsed = parse(line, &self.config);
        let ask = match &parsed {
            crate::Parsed::Chat | crate::Parsed::Unknown { suggestion: None } => return Decision::default(),
            crate::Parsed::Unknown { suggestion: Some(suggestion) } => Ask::Mistyped { suggestion },
            crate::Parsed::Command(command) => match command {
                crate::Command::Help => Ask::Help,
                crate::Command::Points => Ask::Points,
                crate::Command::Rewards { category } => Ask::Rewards { category: category.as_deref() },
                crate::Command::Queue => Ask::Queue { waiting: &self.waiting },
                crate::Command::Adjust(adjustment) => {
                    Ask::Adjust { adjustment, candidates: &self.candidates }
                }
                crate::Command::AdjustHowTo { command } => Ask::AdjustHowTo { command },
                crate::Command::Use { reward, argument } => Ask::Use {
                    reward: self.config.reward(reward).unwrap(),
                    argument,
                    everybody: &self.everybody,
                    own: &self.own,
                },
            },
        };
        decide(&scene, &ask)
    }

    /// What is said and moved, one line each: `say …`, `whisper …`, `move -50`, …
    pub(crate) fn check(&self, line: &str) -> String {
        let decision = self.decide(line);
        let changes = decision.changes.iter().map(|change| match change {
            Change::Move { viewer, delta, cause } => format!("move {viewer} {:+} {cause:?}", delta.get()),
            Change::Use { points, everybody, .. } => {
                let between = everybody.points_between.map(|(low, high)| format!(" if {low}..={high}"));
                format!("use {points}{}", between.unwrap_or_default())
            }
            Change::Enqueue(entry) => {
                format!("enqueue {} {:?} {:?}", entry.reward_name, entry.note, entry.status)
            }
            other => format!("{other:?}"),
        });
        let effects = decision.effects.iter().map(|effect| match effect {
            Effect::Say(line) => format!("say {line}"),
            Effect::Whisper { client, line } => format!("whisper to {}: {line}", client.0),
            Effect::Act { action, .. } => format!("act {action:?}"),
        });
        changes.chain(effects).collect::<Vec<_>>().join("\n")
    }
}

use crate::Change;
