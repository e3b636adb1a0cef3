//! The parts of the page that belong to the signed-in viewer.

use std::collections::BTreeMap;

use askama::Template;
use ownchatbot_domain::Span;
use ownchatbot_domain::tick::award;
use ownchatbot_web::form::PageForms;
use ownchatbot_web::words::{day, grouped, length, short};
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
    viewer: String,
    name: String,
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
        let streak = personal.streak(public);
        let streak = if streak > 0 { format!(" · streak {streak}") } else { String::new() };
        let mut uses: BTreeMap<&str, OwnUse> = BTreeMap::new();
        for reward in snapshot.config.live_rewards() {
            let gave = personal.gave(&reward.id);
            let state = Some(personal.state_of(reward, public)).filter(|state| state.weight > 0);
            if state.is_some() || !gave.is_empty() {
                uses.insert(reward.id.as_str(), OwnUse { gave, state });
            }
        }
        Self {
            swap: false,
            viewer: personal.hash.clone(),
            name: person.name.clone(),
            balance_text: grouped(account.balance.get()),
            points: settings.points.name.other.clone(),
            income: format!("+{} every {}{streak}", grouped(income.get()), short(settings.points.interval)),
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
    points: String,
    balance_text: String,
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
        let streak = match (settings.streaks.on, personal.streak(public), account.streak.best) {
            (false, ..) => String::new(),
            (true, 0, 0) => {
                format!("None yet: watch a stream for {} to begin one.", length(settings.streaks.watch))
            }
            (true, 0, best) => format!("Ended; your best is {best}."),
            (true, now, best) => format!("{now} in a row; your best is {best}."),
        };
        Self {
            swap: false,
            name: person.name.clone(),
            streak,
            watched: length(Span::from_ms(account.watched_seconds.saturating_mul(1000))),
            member: match account.member_until {
                Some(until) if until > snapshot.at => format!("Member until {}.", day(until)),
                Some(until) => format!("Ended {}.", day(until)),
                None => "Not a member.".to_owned(),
            },
            on_boards: !account.hidden,
            waiting: RedemptionRow::own(public, personal),
            forms: personal.forms.clone(),
            points: settings.points.name.other.clone(),
            balance_text: grouped(account.balance.get()),
        }
    }
}
