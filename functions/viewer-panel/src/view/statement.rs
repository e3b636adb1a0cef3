//! The statement: a viewer's own ledger in words.

use std::collections::HashMap;

use askama::Template;
use ownchatbot_domain::{Account, Cause, Config, LedgerRow, RewardId, ViewerId};
use ownchatbot_store::Statement;
use ownchatbot_web::words::{Moment, day, signed};

/// A page of the statement.
#[derive(Debug, Template)]
#[template(path = "viewer/parts/statement.html")]
pub(crate) struct StatementView {
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
    ) -> Self {
        let open = account.and_then(|account| account.open.as_ref()).filter(|open| !open.points.is_zero());
        let open = open.map(|open| Line {
            what: format!("Watching the stream of {}, so far", day(open.stream.began())),
            why: None,
            points: signed(open.points.get()),
            gain: true,
            at: None,
        });
        let rows = statement.rows.iter().map(|row| Line::of(row, config, names));
        Self {
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
    fn of(row: &LedgerRow, config: &Config, names: &HashMap<ViewerId, String>) -> Self {
        let reward = |id: &RewardId| {
            config.reward(id).map_or_else(|| id.to_string(), |reward| reward.name.to_string())
        };
        let name = |viewer| names.get(viewer).map_or("somebody", String::as_str);
        let gain = row.delta.get() >= 0;
        let (what, why) = match &row.cause {
            Cause::Watching(stream) => (format!("Watched the stream of {}", day(stream.began())), None),
            Cause::Redeem(id) => (format!("Redeemed {}", reward(id)), None),
            Cause::Vote(id) => (format!("Voted for {}", reward(id)), None),
            Cause::Contribution(id) => (format!("Gave to {}", reward(id)), None),
            Cause::Refund(id) => (format!("Back from {}", reward(id)), None),
            Cause::Donation => ("Thanks for a donation".to_owned(), None),
            Cause::Gift(None) => ("Welcome".to_owned(), None),
            Cause::Gift(Some(viewer)) if gain => (format!("From {}", name(viewer)), None),
            Cause::Gift(Some(viewer)) => (format!("To {}", name(viewer)), None),
            Cause::Streak(length) => (format!("{length} streams in a row"), None),
            Cause::Correction { reason, .. } => ("Adjusted by a moderator".to_owned(), reason.clone()),
        };
        Self { what, why, points: signed(row.delta.get()), gain, at: Some(row.at.into()) }
    }
}
