//! The parts of the page that belong to the signed-in viewer.

use std::collections::BTreeMap;

use askama::Template;
use ownchatbot_domain::Span;
use ownchatbot_domain::message::Arg;
use ownchatbot_domain::tick::award;
use ownchatbot_texts::Words;
use ownchatbot_web::form::PageForms;
use ownchatbot_web::words::{day, grouped};
use ownchatbot_web::{RewardState, filters};
use serde::Serialize;

use super::{Personal, RedemptionRow};
use crate::public::Public;

/// The top of the page: the balance, and the viewer's data for the page's script.
#[derive(Debug, Template)]
#[template(path = "viewer/parts/me.html")]
pub(crate) struct Me {
    /// Whether htmx swaps it in out of band, in place of the earlier one.
    swap: bool,
    t: Words,
    viewer: String,
    signed_in: String,
    balance_text: String,
    points: String,
    income: String,
    uses: String,
}

/// A viewer's own use and state of a reward, for the page's script.
#[derive(Serialize)]
struct OwnUse {
    /// What they gave to a goal, in words; empty when nothing.
    gave: String,
    /// What is different for them in the reward's state, where anything is.
    state: Option<RewardState>,
}

impl Me {
    /// The same, for htmx to swap in out of band.
    pub(crate) fn swapped(self) -> Self {
        Self { swap: true, ..self }
    }

    pub(crate) fn of(public: &Public, personal: &Personal) -> Self {
        let snapshot = &public.snapshot;
        let settings = &snapshot.config.settings;
        let (person, account) = (&personal.visitor.person, &personal.visitor.loaded.account);
        let income = award(&settings.points, person, account, snapshot.at);
        let words = &public.words;
        let (income, interval) = (Arg::from(income), Arg::Every(settings.points.interval));
        let mut uses: BTreeMap<&str, OwnUse> = BTreeMap::new();
        for reward in snapshot.config.live_rewards() {
            let gave = personal.gave(&reward.id, words);
            let state = Some(personal.state_of(reward, public)).filter(|state| state.weight > 0);
            if state.is_some() || !gave.is_empty() {
                uses.insert(reward.id.as_str(), OwnUse { gave, state });
            }
        }
        Self {
            swap: false,
            viewer: personal.hash.clone(),
            balance_text: grouped(account.balance.get()),
            points: settings.points.name.other.clone(),
            signed_in: words.with("me-signed-in", [("name", Arg::from(&person.name))]),
            income: match personal.streak(public) {
                0 => words.with("me-income", [("income", income), ("interval", interval)]),
                streak => words.with(
                    "me-income-streak",
                    [("income", income), ("interval", interval), ("streak", streak.into())],
                ),
            },
            t: words.clone(),
            uses: serde_json::to_string(&uses).unwrap_or_default(),
        }
    }
}

impl Personal {
    /// The number of streams in a row that they have watched until now.
    fn streak(&self, public: &Public) -> u32 {
        let (settings, stream) = (&public.snapshot.config.settings.streaks, &public.snapshot.stream);
        let current = stream.newest.as_ref().filter(|_| stream.live);
        if settings.on {
            self.visitor.loaded.account.streak.standing(&stream.counted, current, settings.grace)
        } else {
            0
        }
    }
}

/// The section "You": what viewers can see and do about themselves.
#[derive(Debug, Template)]
#[template(path = "viewer/parts/own.html")]
pub(crate) struct Own {
    /// Whether htmx swaps it in out of band, in place of the earlier one.
    swap: bool,
    name: String,
    streak: String,
    watched: String,
    member: String,
    on_boards: bool,
    waiting: Vec<RedemptionRow>,
    forms: PageForms,
    delete_what: String,
    t: Words,
}

impl Own {
    /// The same, for htmx to swap in out of band.
    pub(crate) fn swapped(self) -> Self {
        Self { swap: true, ..self }
    }

    pub(crate) fn of(public: &Public, personal: &Personal) -> Self {
        let snapshot = &public.snapshot;
        let settings = &snapshot.config.settings;
        let (person, account) = (&personal.visitor.person, &personal.visitor.loaded.account);
        let words = &public.words;
        let streak = match (settings.streaks.on, personal.streak(public), account.streak.best) {
            (false, ..) => String::new(),
            (true, 0, 0) => words.with("own-streak-none", [("watch", Arg::Long(settings.streaks.watch))]),
            (true, 0, best) => words.with("own-streak-over", [("best", best.into())]),
            (true, now, best) => words.with("own-streak-now", [("now", now.into()), ("best", best.into())]),
        };
        Self {
            swap: false,
            name: person.name.clone(),
            streak,
            watched: words.length(Span::from_ms(account.watched_seconds.saturating_mul(1000))),
            member: match account.member_until {
                Some(until) if until > snapshot.at => {
                    words.with("own-member-until", [("day", day(until).into())])
                }
                Some(until) => words.with("own-member-over", [("day", day(until).into())]),
                None => words.get("own-member-none"),
            },
            on_boards: !account.hidden,
            waiting: RedemptionRow::own(public, personal),
            forms: personal.forms.clone(),
            delete_what: words.with("own-delete-what", [("balance", account.balance.into())]),
            t: words.clone(),
        }
    }
}
