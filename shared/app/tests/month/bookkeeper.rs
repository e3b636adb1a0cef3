//! A model of the rules, written as simply as possible: no table, no conditions, no retries. It receives what
//! reached the bot and when, in the same order, and computes what everybody must have afterwards. It shares
//! no code with the bot, so that a mistake would have to be made twice.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use crate::broadcasts::Broadcasts;
use crate::viewers::{Viewer, brings};

/// A time, in milliseconds since 1970.
pub(crate) type Ms = i64;
pub(crate) const SECOND: Ms = 1000;
pub(crate) const MINUTE: Ms = 60 * SECOND;
pub(crate) const HOUR: Ms = 60 * MINUTE;
pub(crate) const DAY: Ms = 24 * HOUR;

pub(crate) const WELCOME: i64 = 100;
pub(crate) const TICK_POINTS: i64 = 10;
pub(crate) const HYDRATE: i64 = 50;
pub(crate) const RED: i64 = 10;

/// What a viewer typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Typed {
    /// No command.
    Plain,
    /// A command that only asks.
    Asks(&'static str),
    /// `!hydrate`.
    Redeems,
    /// `!red`.
    Votes,
    /// A contribution to the goal with this index, in points.
    Contributes(usize, i64),
    /// A gift to the viewer with this name, in points.
    Gives(String, i64),
    /// A timer: its length in seconds and its unique name.
    Times(i64, String),
}

/// A message in chat.
#[derive(Debug, Clone)]
pub(crate) struct Line {
    pub(crate) id: String,
    pub(crate) viewer: usize,
    /// The viewer's name when it was typed.
    pub(crate) name: String,
    pub(crate) typed: Typed,
    /// By Owncast's clock.
    pub(crate) at: Ms,
}

/// An entry of Owncast's history: a message of a viewer, or (without `line`) of the bot.
#[derive(Debug, Clone)]
pub(crate) struct Remembered {
    pub(crate) at: Ms,
    pub(crate) line: Option<Line>,
}

/// A redemption that can be refunded.
#[derive(Debug, Clone)]
pub(crate) struct Sale {
    pub(crate) id: String,
    pub(crate) at: Ms,
    viewer: usize,
    stream: Option<Ms>,
    pub(crate) open: bool,
}

#[derive(Debug)]
pub(crate) struct Goal {
    pub(crate) target: i64,
    pub(crate) ends: Ms,
    pub(crate) given: BTreeMap<usize, i64>,
    pub(crate) gave_back: bool,
}

impl Goal {
    pub(crate) fn progress(&self) -> i64 {
        self.given.values().sum()
    }
}

pub(crate) struct Timer {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) ends: Ms,
}

pub(crate) struct Books {
    pub(crate) viewers: Vec<Viewer>,
    /// The viewers whom the process of the hook has cached, by name: it does not read them again.
    met_as: HashSet<(usize, String)>,
    /// The commands that were carried out.
    pub(crate) done: HashSet<String>,
    /// The commands that were too old when they were caught up.
    pub(crate) stale: BTreeSet<String>,
    /// The ids of renames that were applied, each once.
    renames: HashSet<String>,
    pub(crate) broadcasts: Broadcasts,
    pub(crate) sales: Vec<Sale>,
    pub(crate) goals: Vec<Goal>,
    pub(crate) vote_ends: Ms,
    pub(crate) votes: u64,
    pub(crate) timers: Vec<Timer>,
    watermark: Option<Ms>,
    /// How many announcements were made, and when the last one was.
    pub(crate) announced: (u64, Option<Ms>),
}

impl Books {
    pub(crate) fn new(viewers: usize, goals: Vec<Goal>, vote_ends: Ms) -> Self {
        Self {
            viewers: vec![Viewer::default(); viewers],
            met_as: HashSet::new(),
            done: HashSet::new(),
            stale: BTreeSet::new(),
            renames: HashSet::new(),
            broadcasts: Broadcasts::default(),
            sales: Vec::new(),
            goals,
            vote_ends,
            votes: 0,
            timers: Vec::new(),
            watermark: None,
            announced: (0, None),
        }
    }

    /// The process of the hook was replaced, so its cache is empty.
    pub(crate) fn cold_starts(&mut self) {
        self.met_as.clear();
    }

    pub(crate) fn meets(&mut self, viewer: usize, name: &str) {
        self.viewers[viewer].met(name);
    }

    /// A webhook for a join has reached the bot.
    pub(crate) fn joined(&mut self, viewer: usize, name: &str) {
        self.meets(viewer, name);
        self.met_as.insert((viewer, name.to_owned()));
    }

    pub(crate) fn renamed(&mut self, id: &str, viewer: usize, name: &str) {
        // A rename that changes nothing leaves no receipt.
        if self.viewers[viewer].name.as_deref() != Some(name) && self.renames.insert(id.to_owned()) {
            self.meets(viewer, name);
        }
        self.met_as.insert((viewer, name.to_owned()));
    }

    /// A message has reached the bot at `now`, by the bot's clock.
    pub(crate) fn hears(&mut self, line: &Line, now: Ms) {
        if line.typed != Typed::Plain {
            self.carries_out(line, now);
        } else if !self.met_as.contains(&(line.viewer, line.name.clone())) {
            self.meets(line.viewer, &line.name);
        }
        self.met_as.insert((line.viewer, line.name.clone()));
    }

    /// A command is carried out, unless it was before.
    pub(crate) fn carries_out(&mut self, line: &Line, now: Ms) {
        self.meets(line.viewer, &line.name);
        if self.done.insert(line.id.clone()) {
            self.does(line, now);
        }
    }

    fn does(&mut self, line: &Line, now: Ms) {
        let (viewer, id, has) = (line.viewer, line.id.as_str(), self.viewers[line.viewer].balance);
        match &line.typed {
            Typed::Plain | Typed::Asks(_) => {}
            Typed::Redeems if has >= HYDRATE => {
                self.spends(viewer, id, HYDRATE);
                let stream = self.broadcasts.newest();
                self.sales.push(Sale { id: id.to_owned(), at: now, viewer, stream, open: true });
            }
            Typed::Votes if has >= RED && now < self.vote_ends => {
                self.spends(viewer, id, RED);
                self.votes += 1;
            }
            Typed::Redeems | Typed::Votes => {}
            Typed::Contributes(goal, points) => {
                let goal = &mut self.goals[*goal];
                let open = goal.target - goal.progress();
                let given = open.min(*points);
                if now < goal.ends && given > 0 && given <= has {
                    *goal.given.entry(viewer).or_default() += given;
                    self.spends(viewer, id, given);
                }
            }
            Typed::Gives(name, points) => {
                let to = self.viewers.iter().position(|to| to.name.as_ref() == Some(name));
                if let Some(to) = to.filter(|to| *to != viewer && *points <= has) {
                    self.viewers[viewer].moves(id, -points);
                    self.viewers[to].moves(id, *points);
                }
            }
            // The first viewer is the moderator.
            Typed::Times(seconds, name) => {
                if viewer == 0 && self.timers.iter().filter(|timer| timer.ends > now).count() < 10 {
                    let (id, ends) = (id.to_owned(), now + seconds * SECOND);
                    self.timers.push(Timer { id, name: name.clone(), ends });
                }
            }
        }
    }

    fn spends(&mut self, viewer: usize, id: &str, points: i64) {
        self.viewers[viewer].moves(id, -points);
        if let Some(record) = self.broadcasts.all.last_mut() {
            record.spent += points;
            record.redeems += 1;
        }
    }

    /// The streamer refunds a redemption.
    pub(crate) fn refunds(&mut self, sale: usize) {
        let newest = self.broadcasts.newest();
        let sale = &mut self.sales[sale];
        if !std::mem::replace(&mut sale.open, false) {
            return;
        }
        self.viewers[sale.viewer].refunded(HYDRATE);
        // The record of a stream is completed when the next one starts.
        if let Some(record) = self.broadcasts.all.last_mut().filter(|_| sale.stream == newest) {
            record.spent -= HYDRATE;
            record.redeems -= 1;
        }
    }

    /// Goals that were missed at their end, by `now`, return all contributions.
    pub(crate) fn closes(&mut self, now: Ms) {
        for goal in self.goals.iter_mut().filter(|goal| goal.ends <= now && goal.progress() < goal.target) {
            for (viewer, points) in std::mem::take(&mut goal.given) {
                goal.gave_back = true;
                self.viewers[viewer].refunded(points);
            }
        }
    }

    /// A completed run of the tick planned at `slot`, with these viewers in chat.
    pub(crate) fn ticks(&mut self, slot: Ms, now: Ms, present: &[(usize, String)]) {
        let Some(stream) = self.broadcasts.live_stream() else { return };
        self.broadcasts.may_count(stream, now);
        let mut paid = 0;
        for (viewer, name) in present {
            paid += self.pays(*viewer, name, slot, stream);
        }
        self.broadcasts.ticked(slot, present.len() as u64, paid);
    }

    /// Pays one viewer for a slot. Returns the points that the slot has brought them.
    pub(crate) fn pays(&mut self, viewer: usize, name: &str, slot: Ms, stream: Ms) -> i64 {
        let new = self.viewers[viewer].name.is_none();
        if new {
            self.meets(viewer, name);
        }
        let viewer = &mut self.viewers[viewer];
        // A viewer is not paid twice within an interval, less a minute by which a schedule may be early.
        if let Some((last, brought)) = viewer.last.filter(|(last, _)| *last > slot - 9 * MINUTE) {
            return if last == slot { brought } else { 0 };
        }
        let brought = TICK_POINTS + viewer.watches(stream, new, &self.broadcasts.counted);
        viewer.last = Some((slot, brought));
        brought
    }

    /// The watchdog catches up at `now` with the messages in Owncast's history whose webhook was lost.
    pub(crate) fn catches_up(&mut self, now: Ms, history: &[Remembered], reached: impl Fn(&str) -> bool) {
        let old_enough: Vec<&Remembered> =
            history.iter().filter(|said| said.at <= now - 20 * SECOND).collect();
        let newest = old_enough.iter().map(|said| said.at).max();
        let Some(watermark) = self.watermark else {
            self.watermark = newest.or(Some(now));
            return;
        };
        for line in old_enough.iter().filter(|said| said.at > watermark).filter_map(|said| said.line.as_ref())
        {
            if line.typed == Typed::Plain || self.done.contains(&line.id) {
            } else if line.at < now - 10 * MINUTE {
                self.stale.insert(line.id.clone());
            } else if reached(&line.id) {
                self.carries_out(line, now);
            }
        }
        self.watermark = newest.max(Some(watermark));
    }

    /// The time up to which the watchdog has read Owncast's history.
    pub(crate) fn watermark(&mut self) -> &mut Option<Ms> {
        &mut self.watermark
    }

    /// Whether the announcement planned at `slot` is made at `now`.
    pub(crate) fn announces(&mut self, slot: Ms, now: Ms, history: &[Remembered]) -> bool {
        let (said, last) = self.announced;
        let Some(stream) = self.broadcasts.live_stream() else { return false };
        let since = last.unwrap_or(0).max(stream);
        let wrote = history.iter().filter(|said| said.line.is_some() && said.at > since).count();
        let says = last.is_none_or(|last| last <= slot - 14 * MINUTE) && wrote >= 5;
        if says {
            self.announced = (said + 1, Some(now));
        }
        says
    }

    /// The points that all streaks have brought.
    pub(crate) fn streaks_paid(&self) -> i64 {
        self.viewers.iter().flat_map(|viewer| &viewer.lengths).map(|length| brings(*length)).sum()
    }
}
