//! The rules once more, as simply as they can be written: no table, no conditions, no retries. It is told what reached the
//! bot and when, in the order in which it did, and knows what everybody must have afterwards. It shares no code with the
//! bot, so that a mistake would have to be made twice.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use crate::broadcasts::Broadcasts;
use crate::viewers::{Viewer, brings};

/// A moment, in milliseconds since 1970.
pub(crate) type Ms = i64;
pub(crate) const SECOND: Ms = 1000;
pub(crate) const MINUTE: Ms = 60 * SECOND;
pub(crate) const HOUR: Ms = 60 * MINUTE;
pub(crate) const DAY: Ms = 24 * HOUR;

pub(crate) const WELCOME: i64 = 100;
pub(crate) const WAGE: i64 = 10;
pub(crate) const HYDRATE: i64 = 50;
pub(crate) const RED: i64 = 10;

/// What somebody typed.
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
    /// So many points for this goal.
    Contributes(usize, i64),
    /// So many points for the viewer of this name.
    Presents(String, i64),
    /// A timer of so many seconds, under a name of its own.
    Times(i64, String),
}

/// A message in chat.
#[derive(Debug, Clone)]
pub(crate) struct Line {
    pub(crate) id: String,
    pub(crate) viewer: usize,
    /// What the viewer was called when it was typed.
    pub(crate) name: String,
    pub(crate) typed: Typed,
    /// By Owncast's clock.
    pub(crate) at: Ms,
}

/// What Owncast remembers: a message of a viewer, or of the bot.
#[derive(Debug, Clone)]
pub(crate) struct Remembered {
    pub(crate) at: Ms,
    pub(crate) line: Option<Line>,
}

/// Something bought that can be given back.
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
    /// Whom the process that takes webhooks has met, and under which name: it does not look again.
    met_as: HashSet<(usize, String)>,
    /// The commands that were carried out.
    pub(crate) done: HashSet<String>,
    /// Those that were too old when they were found.
    pub(crate) stale: BTreeSet<String>,
    /// Events of other kinds that count once.
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

    /// The process that takes webhooks is another one now.
    pub(crate) fn forgets(&mut self) {
        self.met_as.clear();
    }

    pub(crate) fn meets(&mut self, viewer: usize, name: &str) {
        self.viewers[viewer].met(name);
    }

    /// Somebody joined, as a webhook says.
    pub(crate) fn joined(&mut self, viewer: usize, name: &str) {
        self.meets(viewer, name);
        self.met_as.insert((viewer, name.to_owned()));
    }

    pub(crate) fn renamed(&mut self, id: &str, viewer: usize, name: &str) {
        // Only what changes something is an event.
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
            Typed::Presents(name, points) => {
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

    /// The streamer gives a redeem back.
    pub(crate) fn refunds(&mut self, sale: usize) {
        let newest = self.broadcasts.newest();
        let sale = &mut self.sales[sale];
        if !std::mem::replace(&mut sale.open, false) {
            return;
        }
        self.viewers[sale.viewer].refunded(HYDRATE);
        // The books of a stream are closed when the next one begins.
        if let Some(record) = self.broadcasts.all.last_mut().filter(|_| sale.stream == newest) {
            record.spent -= HYDRATE;
            record.redeems -= 1;
        }
    }

    /// Goals that missed their end by `now` give everything back.
    pub(crate) fn closes(&mut self, now: Ms) {
        for goal in self.goals.iter_mut().filter(|goal| goal.ends <= now && goal.progress() < goal.target) {
            for (viewer, points) in std::mem::take(&mut goal.given) {
                goal.gave_back = true;
                self.viewers[viewer].refunded(points);
            }
        }
    }

    /// A run of the tick planned at `slot`, with these viewers in chat; what it did is noted when it came to its end.
    pub(crate) fn ticks(&mut self, slot: Ms, now: Ms, present: &[(usize, String)]) {
        let Some(stream) = self.broadcasts.live_stream() else { return };
        self.broadcasts.may_count(stream, now);
        let mut paid = 0;
        for (viewer, name) in present {
            paid += self.pays(*viewer, name, slot, stream);
        }
        self.broadcasts.ticked(slot, present.len() as u64, paid);
    }

    /// Pays one viewer for a slot; returns what that slot has brought them.
    pub(crate) fn pays(&mut self, viewer: usize, name: &str, slot: Ms, stream: Ms) -> i64 {
        let new = self.viewers[viewer].name.is_none();
        if new {
            self.meets(viewer, name);
        }
        let viewer = &mut self.viewers[viewer];
        // Never twice within an interval, less a minute in which a schedule may be early.
        if let Some((last, brought)) = viewer.last.filter(|(last, _)| *last > slot - 9 * MINUTE) {
            return if last == slot { brought } else { 0 };
        }
        let brought = WAGE + viewer.watches(stream, new, &self.broadcasts.counted);
        viewer.last = Some((slot, brought));
        brought
    }

    /// What the watchdog does for messages whose webhook was lost, at `now`, with what Owncast remembers.
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

    /// As far as Owncast's messages have been looked through.
    pub(crate) fn looked_until(&mut self) -> &mut Option<Ms> {
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

    /// What streaks of this length bring, for whoever checks.
    pub(crate) fn streaks_paid(&self) -> i64 {
        self.viewers.iter().flat_map(|viewer| &viewer.lengths).map(|length| brings(*length)).sum()
    }
}
