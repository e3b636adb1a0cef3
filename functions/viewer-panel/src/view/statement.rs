//! The statement: a viewer's own ledger in words.

use std::collections::HashMap;

use askama::Template;
use ownchatbot_domain::{Account, Cause, Config, LedgerRow, RewardId, ViewerId};
use ownchatbot_store::Statement;
use ownchatbot_texts::Words;
use ownchatbot_web::words::{Moment, day, signed};

/// A page of the statement.
#[derive(Debug, Template)]
#[template(path = "viewer/parts/statement.html")]
pub(crate) struct StatementView {
    t: Words,
    lines: Vec<Line>,
    /// The pagination cursor of the next page; `None` on the last page.
    next: Option<String>,
}

/// A row of the statement.
#[derive(Debug)]
pub(crate) struct Line {
    what: String,
    why: Option<String>,
    points: String,
    gain: bool,
    at: Option<Moment>,
}

impl StatementView {
    /// The page `statement`. With `account` it is the first page, and begins with the points of the running
    /// stream.
    pub(crate) fn of(
        statement: &Statement,
        account: Option<&Account>,
        config: &Config,
        names: &HashMap<ViewerId, String>,
        words: &Words,
    ) -> Self {
        let open = account.and_then(|account| account.open.as_ref()).filter(|open| !open.points.is_zero());
        let open = open.map(|open| Line {
            what: words.with("statement-watching", [("day", day(open.stream.began()).into())]),
            why: None,
            points: signed(open.points.get()),
            gain: true,
            at: None,
        });
        let rows = statement.rows.iter().map(|row| Line::of(row, config, names, words));
        Self {
            t: words.clone(),
            lines: open.into_iter().chain(rows).collect(),
            next: statement.next.as_ref().map(ToString::to_string),
        }
    }

    /// The viewers whose names the rows of `statement` show.
    pub(crate) fn people(statement: &Statement) -> Vec<ViewerId> {
        let mut people: Vec<ViewerId> = statement
            .rows
            .iter()
            .filter_map(|row| match &row.cause {
                Cause::Gift(Some(viewer)) => Some(viewer.clone()),
                _ => None,
            })
            .collect();
        people.sort();
        people.dedup();
        people
    }
}

impl Line {
    fn of(row: &LedgerRow, config: &Config, names: &HashMap<ViewerId, String>, words: &Words) -> Self {
        let of_reward = |text, id: &RewardId| {
            let name = config.reward(id).map_or_else(|| id.to_string(), |reward| reward.name.to_string());
            words.with(text, [("reward", name.into())])
        };
        let of_viewer = |text, viewer| {
            let name = names.get(viewer).cloned().unwrap_or_else(|| words.get("statement-somebody"));
            words.with(text, [("viewer", name.into())])
        };
        let gain = row.delta.get() >= 0;
        let (what, why) = match &row.cause {
            Cause::Watching(stream) => {
                (words.with("statement-watched", [("day", day(stream.began()).into())]), None)
            }
            Cause::Redeem(id) => (of_reward("statement-redeemed", id), None),
            Cause::Vote(id) => (of_reward("statement-voted", id), None),
            Cause::Contribution(id) => (of_reward("statement-gave", id), None),
            Cause::Refund(id) => (of_reward("statement-refunded", id), None),
            Cause::Donation => (words.get("statement-donation"), None),
            Cause::Gift(None) => (words.get("statement-welcome"), None),
            Cause::Gift(Some(viewer)) if gain => (of_viewer("statement-from", viewer), None),
            Cause::Gift(Some(viewer)) => (of_viewer("statement-to", viewer), None),
            Cause::Streak(length) => (words.with("statement-streak", [("length", (*length).into())]), None),
            Cause::Correction { reason, .. } => (words.get("statement-adjusted"), reason.clone()),
        };
        Self { what, why, points: signed(row.delta.get()), gain, at: Some(row.at.into()) }
    }
}
