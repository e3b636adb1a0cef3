//! Builders, and a harness that decides one command, for the tests of the rules.

use super::*;
use crate::board::BoardEntry;
use crate::command::Command;
use crate::reward::{CommandName, Goal, Guard, Kind, LastUse, Milestone, Redeem, Special, Vote};
use crate::{
    Action, Change, LedgerChange, Points, QueueChange, RewardChange, RewardId, Source, StreamId,
    UsageRollback, ViewerId, parse,
};

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

/// A viewer called Bob.
pub(crate) fn viewer_match(id: &str, balance: i64) -> ViewerMatch {
    ViewerMatch {
        viewer: ViewerId::new(id).unwrap(),
        name: "Bob".to_owned(),
        balance: points(balance),
        banned: false,
        hidden: false,
    }
}

pub(crate) fn reward(name: &str, price: i64, kind: Kind) -> Reward {
    Reward::new(RewardId::new(name).unwrap(), CommandName::new(name).unwrap(), points(price), kind)
}

/// A waiting redemption of `reward` by the viewer `name`, for 50 points and without a note.
pub(crate) fn waiting(name: &str, reward: &str) -> Redemption {
    Redemption {
        event: event(name),
        at: Timestamp::from_ms(1000),
        reward: RewardId::new(reward).unwrap(),
        reward_name: reward.to_owned(),
        viewer: ViewerId::new(format!("id-{name}")).unwrap(),
        viewer_name: name.to_owned(),
        price: points(50),
        note: None,
        note_hidden: false,
        stream: StreamId::begun_at(Timestamp::from_ms(1)),
        status: crate::Status::Waiting,
        automatic: false,
    }
}

/// The state in which a test decides one command at a time.
#[derive(Debug)]
pub(crate) struct CommandTest {
    pub(crate) config: Config,
    pub(crate) stream: StreamState,
    pub(crate) asker: Person,
    pub(crate) account: Account,
    pub(crate) follower: bool,
    pub(crate) epoch: u64,
    pub(crate) contended: bool,
    pub(crate) everybody: Usage,
    pub(crate) own: Usage,
    pub(crate) waiting: Vec<Redemption>,
    pub(crate) matches: Vec<ViewerMatch>,
    pub(crate) entries: Vec<BoardEntry>,
    pub(crate) timers: Timers,
    pub(crate) now: Timestamp,
    pub(crate) via: Via,
    pub(crate) ticket: Option<Ticket>,
    pub(crate) asked_at: Option<Timestamp>,
    pub(crate) request: Option<LinkRequest>,
}

impl CommandTest {
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
            epoch: 3,
            contended: false,
            everybody: Usage::default(),
            own: Usage::default(),
            waiting: Vec::new(),
            matches: Vec::new(),
            entries: Vec::new(),
            timers: Timers::default(),
            now: Timestamp::from_ms(1_000_000_000),
            via: Via::Chat(Some(ClientId(7))),
            ticket: None,
            asked_at: None,
            request: None,
        }
    }

    pub(crate) fn reward(&mut self, name: &str) -> &mut Reward {
        self.config.rewards.iter_mut().find(|reward| reward.name.as_str() == name).unwrap()
    }

    pub(crate) fn live(&mut self) -> StreamId {
        let began = self.now.saturating_sub(crate::Span::minutes(10));
        let stream = StreamId::begun_at(began);
        self.stream.newest = Some(stream.clone());
        self.stream.live = true;
        stream
    }

    /// Decides `line` as typed by the asker.
    pub(crate) fn decide(&self, line: &str) -> Decision {
        self.decide_input(self.input(parse(line, &self.config)))
    }

    /// Decides `input` for the asker.
    pub(crate) fn decide_input(&self, input: CommandInput) -> Decision {
        let event = crate::EventId::new(Source::Owncast, "event").unwrap();
        let context = CommandContext {
            config: &self.config,
            stream: &self.stream,
            now: self.now,
            event: &event,
            asker: &self.asker,
            via: self.via,
            account: &self.account,
            follower: self.follower,
            epoch: self.epoch,
            contended: self.contended,
        };
        decide(&context, input)
    }

    /// The input that would be loaded for a parsed line, from the state of this test.
    fn input(&self, parsed: crate::Parsed) -> CommandInput {
        let command = match parsed {
            crate::Parsed::Chat | crate::Parsed::Unknown { suggestion: None } => return CommandInput::Gone,
            crate::Parsed::Unknown { suggestion: Some(name) } => return CommandInput::Suggestion(name),
            crate::Parsed::Usage(command) => return CommandInput::Usage(command),
            crate::Parsed::Command(command) => command,
        };
        match command {
            Command::Simple(command) => CommandInput::Simple(command),
            Command::Queue => CommandInput::Queue { waiting: self.waiting.clone() },
            Command::Adjust(adjustment) => CommandInput::Adjust { adjustment, matches: self.matches.clone() },
            Command::Top { order } => CommandInput::Top { order, entries: self.entries.clone() },
            Command::Give(gift) => CommandInput::Give { gift, matches: self.matches.clone() },
            Command::Timer(command) => CommandInput::Timer { command, timers: self.timers.clone() },
            Command::Panel => CommandInput::Panel {
                ticket: self.ticket.clone(),
                asked_at: self.asked_at.unwrap_or(self.now),
            },
            Command::Link { .. } => CommandInput::Link { request: self.request.clone() },
            Command::Use { reward, argument } => CommandInput::Use {
                reward: self.config.reward(&reward).unwrap().clone(),
                argument,
                everybody: self.everybody.clone(),
                own: self.own.clone(),
            },
            Command::TakeBack(_) => panic!("no chat line is parsed to a take-back"),
        }
    }

    /// Decides that the asker takes `redemption` back by a click.
    pub(crate) fn take_back(&self, redemption: &Redemption) -> Decision {
        let (everybody, own) = (self.everybody.clone(), self.own.clone());
        self.decide_input(CommandInput::TakeBack { redemption: redemption.clone(), everybody, own })
    }

    /// The changes and effects that `line` leads to, one per line: `move … -50 …`, `say …`, `whisper to …`, …
    pub(crate) fn check(&self, line: &str) -> String {
        let decision = self.decide(line);
        let changes = decision.changes.iter().map(|change| match change {
            Change::Ledger(LedgerChange::Move { viewer, delta, cause }) => {
                format!("move {viewer} {:+} {cause:?}", delta.get())
            }
            Change::Reward(RewardChange::Use { points, everybody, .. }) => {
                let between = everybody.points_between.map(|(low, high)| format!(" if {low}..={high}"));
                format!("use {points}{}", between.unwrap_or_default())
            }
            Change::Queue(QueueChange::Enqueue(entry)) => {
                format!("enqueue {} {:?} {:?}", entry.reward_name, entry.note, entry.status)
            }
            Change::Viewer(change) => format!("{change:?}"),
            Change::Ledger(change) => format!("{change:?}"),
            Change::Reward(change) => format!("{change:?}"),
            Change::Queue(change) => format!("{change:?}"),
            Change::Stream(change) => format!("{change:?}"),
            Change::Access(change) => format!("{change:?}"),
            Change::Configure(change) => format!("{change:?}"),
        });
        let effects = decision.effects.iter().map(|effect| match effect {
            Effect::Say(line) => format!("say {line}"),
            Effect::Whisper { client, line } => format!("whisper to {}: {line}", client.0),
            Effect::Schedule(schedule) => format!("schedule {} {:?}", schedule.task, schedule.timing),
            Effect::Unschedule(task) => format!("unschedule {task}"),
            Effect::SignIn { client, viewer, .. } => format!("sign-in of {viewer} to {}", client.0),
            Effect::Reply(Reply { done, line }) => {
                format!("{} {line}", if *done { "reply" } else { "refuse" })
            }
            Effect::Show(alert) => format!("show {alert:?}"),
            Effect::Act { action, .. } => format!("act {action:?}"),
        });
        changes.chain(effects).collect::<Vec<_>>().join("\n")
    }

    /// Decides `line`, which must change nothing and answer with one whisper; returns the whisper.
    #[track_caller]
    pub(crate) fn refusal(&self, line: &str) -> String {
        let decision = self.decide(line);
        match (decision.changes.as_slice(), decision.effects.as_slice()) {
            ([], [Effect::Whisper { client: ClientId(7), line }]) => line.to_string(),
            _ => panic!("{line} was not refused: {decision:?}"),
        }
    }

    /// The conditions of the use that `line` leads to: on the use by all viewers, and on the asker's own.
    #[track_caller]
    pub(crate) fn guards(&self, line: &str) -> (Guard, Guard) {
        let decision = self.decide(line);
        let guards = decision.changes.iter().find_map(|change| match change {
            Change::Reward(RewardChange::Use { everybody, own, .. }) => {
                Some((everybody.clone(), own.clone()))
            }
            _ => None,
        });
        guards.unwrap_or_else(|| panic!("{line} uses nothing: {decision:?}"))
    }

    /// Whether `line` leads to a use of a reward.
    pub(crate) fn allows(&self, line: &str) -> bool {
        self.decide(line)
            .changes
            .iter()
            .any(|change| matches!(change, Change::Reward(RewardChange::Use { .. })))
    }
}

pub(crate) fn event(id: &str) -> EventId {
    EventId::new(Source::Owncast, id).unwrap()
}

/// A last use at `at`.
pub(crate) fn used_at(at: Timestamp) -> Option<LastUse> {
    Some(LastUse { event: event("earlier"), at })
}

/// Whether `guard` holds for `usage` when the reward is used in `stream`, as the conditional write checks it.
pub(crate) fn holds(usage: &Usage, guard: &Guard, stream: &StreamId) -> bool {
    let same = usage.stream.as_ref() == Some(stream);
    let rested = |since| usage.last.as_ref().is_none_or(|last| last.at <= since);
    let between = |(low, high)| low <= usage.points && usage.points <= high;
    same == guard.same_stream
        && guard.rested_since.is_none_or(rested)
        && guard.count_below.is_none_or(|limit| usage.count < limit)
        && (!same || guard.in_stream_below.is_none_or(|limit| usage.in_stream < limit))
        && guard.points_between.is_none_or(between)
}

/// The usage after one more use, as the store writes it.
pub(crate) fn after_use(usage: &Usage, points: Points, stream: &StreamId, last: LastUse) -> Usage {
    Usage {
        count: usage.count + 1,
        in_stream: usage.count_in(stream) + 1,
        stream_points: usage.points_in(stream).checked_add(points).unwrap(),
        stream: Some(stream.clone()),
        last: Some(last),
        points: usage.points.checked_add(points).unwrap(),
        ended_for: usage.ended_for,
    }
}

/// The usage after a use was reverted, as the store writes it.
pub(crate) fn after_revert(usage: &Usage, rollback: UsageRollback, redemption: &Redemption) -> Usage {
    Usage {
        count: usage.count - 1,
        in_stream: usage.in_stream - u64::from(rollback.same_stream),
        stream_points: match rollback.same_stream {
            true => usage.stream_points.checked_sub(redemption.price).unwrap(),
            false => usage.stream_points,
        },
        stream: usage.stream.clone(),
        last: usage.last.clone().filter(|_| !rollback.newest),
        points: usage.points.checked_sub(redemption.price).unwrap(),
        ended_for: usage.ended_for,
    }
}
