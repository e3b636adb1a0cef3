//! Builds the document from the public snapshot.

use ownchatbot_app::SigningKey;
use ownchatbot_domain::board::{self, Order};
use ownchatbot_domain::reward::{Access, Kind, Note, Unavailable};
use ownchatbot_domain::timer::Timer;
use ownchatbot_domain::{Alert, Category, CategoryId, Redemption, Reward, Span, Timestamp, Usage};
use ownchatbot_store::{ActiveAlert, PublicSnapshot};
use ownchatbot_texts::Words;
use ownchatbot_web::RewardState;
use ownchatbot_web::progress::{GoalProgress, votes};
use ownchatbot_web::words::grouped;

use crate::document::{self, Board, BoardEntry, Document, Goal, Milestone, Vote, Waiting, What};
use crate::pace;

/// The most viewers in each order of the board.
const MAX_SHOWN: usize = 10;

impl Document {
    /// The document of `snapshot`, with viewers' ids hashed by `key`. `moved` is when votes, goals or the
    /// queue last changed, as far as this process knows.
    pub(crate) fn of(
        snapshot: &PublicSnapshot,
        key: &SigningKey,
        moved: Option<Timestamp>,
        words: &Words,
    ) -> Self {
        let (mut rewards, mut votes, mut goals) = (Vec::new(), Vec::new(), Vec::new());
        for reward in snapshot.config.live_rewards() {
            let usage = snapshot.usage(&reward.id);
            let open = reward.is_open(usage, snapshot.at);
            rewards.push(shown(reward, snapshot, words));
            match &reward.kind {
                Kind::Vote(_) => votes.push(vote(reward, usage, open, words)),
                Kind::Goal(goal) => goals.push(bar(reward, goal, usage, open, words)),
                Kind::Redeem(_) | Kind::Special(_) => {}
            }
        }
        Self {
            version: 1,
            at: snapshot.at.ms(),
            next_poll_ms: pace::next_poll_ms(snapshot, moved),
            live: snapshot.stream.live,
            away: snapshot.away_since.is_some(),
            title: snapshot.stream.title.clone(),
            began: snapshot.stream.began.map(Timestamp::ms),
            prefix: snapshot.config.settings.chat.prefix.to_string(),
            points: snapshot.config.settings.points.name.other.clone(),
            rewards,
            votes,
            goals,
            queue: snapshot.waiting.iter().map(|redemption| waiting(redemption, key)).collect(),
            waiting: snapshot.waiting.len(),
            waiting_text: words.with("waiting", [("count", snapshot.waiting.len().into())]),
            board: Board {
                points: first(snapshot, Order::Points, key, words),
                watched: first(snapshot, Order::Watched, key, words),
            },
            timers: snapshot.timers.running.iter().map(timer).collect(),
            alerts: snapshot.alerts.iter().map(|shown| alert(shown, words)).collect(),
            unlisted: RewardState::off(words),
        }
    }
}

fn shown(reward: &Reward, snapshot: &PublicSnapshot, words: &Words) -> document::Reward {
    let status = snapshot.status(&reward.id);
    // A cooldown is reported by `ready_at`, every other reason by `on`.
    let cooldown = |reason| match reason {
        Unavailable::OnCooldown { until } => Some(until.ms()),
        _ => None,
    };
    let category = |id: &CategoryId| -> Option<&Category> {
        snapshot.config.categories.iter().find(|category| category.id == *id)
    };
    document::Reward {
        id: reward.id.to_string(),
        name: reward.name.to_string(),
        kind: match reward.kind {
            Kind::Redeem(_) => "redeem",
            Kind::Vote(_) => "vote",
            Kind::Goal(_) => "goal",
            Kind::Special(_) => "special",
        },
        price: reward.price.get(),
        description: reward.description.clone(),
        on: reward.reasons(&status, None).all(|reason| cooldown(reason).is_some()),
        ready_at: reward.reasons(&status, None).find_map(cooldown),
        left: reward.left(status.everybody, status.stream),
        access: match reward.access {
            Access::Everybody => "everybody",
            Access::Authenticated => "authenticated",
            Access::Members => "members",
            Access::Followers => "followers",
            Access::Moderators => "moderators",
        },
        note: match reward.note {
            Note::None => "none",
            Note::Optional => "optional",
            Note::Required => "required",
        },
        only_live: reward.only_live,
        categories: reward.categories.iter().filter_map(category).map(|known| known.name.clone()).collect(),
        ends: reward.end().map(Timestamp::ms),
        price_text: grouped(reward.price.get()),
        state: RewardState::of_everybody(reward, &status, words),
    }
}

fn vote(reward: &Reward, usage: &Usage, open: bool, words: &Words) -> Vote {
    Vote {
        id: reward.id.to_string(),
        name: reward.name.to_string(),
        description: reward.description.clone(),
        count: usage.count,
        points: usage.points.get(),
        open,
        ends: reward.end().map(Timestamp::ms),
        count_text: votes(usage.count, words),
    }
}

fn bar(
    reward: &Reward,
    goal: &ownchatbot_domain::reward::Goal,
    usage: &Usage,
    open: bool,
    words: &Words,
) -> Goal {
    let progress = GoalProgress::of(goal, usage, words);
    let step = |milestone: &ownchatbot_domain::reward::Milestone| Milestone {
        at: milestone.at.get(),
        text: milestone.text.clone(),
        reached: progress.has_reached(milestone),
    };
    Goal {
        id: reward.id.to_string(),
        name: reward.name.to_string(),
        description: reward.description.clone(),
        progress: progress.points.get(),
        target: progress.target.get(),
        milestones: goal.milestones().iter().map(step).collect(),
        open,
        ends: reward.end().map(Timestamp::ms),
        progress_text: progress.text,
        rest_text: progress.rest,
    }
}

fn waiting(redemption: &Redemption, key: &SigningKey) -> Waiting {
    Waiting {
        id: redemption.event.to_string(),
        viewer: key.viewer(redemption.viewer.as_str()),
        name: redemption.viewer_name.clone(),
        reward: redemption.reward_name.clone(),
        note: redemption.note.clone().filter(|_| !redemption.note_hidden),
        at: redemption.at.ms(),
    }
}

fn first(snapshot: &PublicSnapshot, order: Order, key: &SigningKey, words: &Words) -> Vec<BoardEntry> {
    let entry = |entry: &board::BoardEntry| {
        let (value, value_text) = match order {
            Order::Points => (entry.balance.get(), grouped(entry.balance.get())),
            Order::Watched => {
                let seconds = entry.watched_seconds;
                (seconds, words.length(Span::from_ms(seconds.saturating_mul(1000))))
            }
        };
        BoardEntry { viewer: key.viewer(entry.viewer.as_str()), name: entry.name.clone(), value, value_text }
    };
    board::top(&snapshot.board, order, MAX_SHOWN).into_iter().map(entry).collect()
}

fn timer(timer: &Timer) -> document::Timer {
    document::Timer {
        id: timer.id.to_string(),
        name: timer.name.clone(),
        set_at: timer.set_at.ms(),
        ends: timer.ends.ms(),
    }
}

fn alert(shown: &ActiveAlert, words: &Words) -> document::Alert {
    let none = What::default();
    let what = match shown.alert.clone() {
        Alert::Redeem { viewer, reward, note } => {
            What { kind: "redeem", name: Some(viewer), reward: Some(reward), text: note, ..none }
        }
        Alert::Special { name, viewer, reward, note } => What {
            kind: "special",
            name: Some(viewer),
            reward: Some(reward),
            text: note,
            effect: Some(name),
            ..none
        },
        Alert::Milestone { reward, at, text } => {
            let (points, amount_text) = (Some(at.get()), Some(grouped(at.get())));
            What { kind: "milestone", reward: Some(reward), text: Some(text), points, amount_text, ..none }
        }
        Alert::Goal { reward, target } => {
            let (points, amount_text) =
                (Some(target.get()), Some(words.with("alert-given", [("amount", target.into())])));
            What { kind: "goal", reward: Some(reward), points, amount_text, ..none }
        }
        Alert::Follow { name } => What { kind: "follow", name: Some(name), ..none },
        Alert::Timer { name } => What { kind: "timer", name: Some(name), ..none },
    };
    document::Alert::new(shown.id.clone(), shown.at.ms(), what)
}
