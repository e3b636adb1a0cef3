//! The bookkeeper's model of one viewer.

use std::collections::BTreeMap;

use crate::bookkeeper::{Ms, TICK_POINTS, WELCOME};

#[derive(Debug, Clone, Default)]
pub(crate) struct Viewer {
    /// The name under which the bot knows them; `None` while they are unknown.
    pub(crate) name: Option<String>,
    pub(crate) balance: i64,
    /// The slot that was paid last, and its points.
    pub(crate) last: Option<(Ms, i64)>,
    /// Ticks paid in each stream.
    pub(crate) watched: BTreeMap<Ms, i64>,
    /// The newest stream in `watched`.
    open: Option<Ms>,
    /// The current streak: its length, and the last stream that counts in it.
    streak: (u32, Option<Ms>),
    pub(crate) lengths: Vec<u32>,
    /// The points that commands and gifts have moved, each with the id of the message.
    pub(crate) moved: Vec<(String, i64)>,
    /// The points that were refunded or returned.
    pub(crate) back: i64,
}

impl Viewer {
    pub(crate) fn met(&mut self, name: &str) {
        if self.name.replace(name.to_owned()).is_none() {
            self.balance = WELCOME;
        }
    }

    pub(crate) fn moves(&mut self, id: &str, points: i64) {
        self.balance += points;
        self.moved.push((id.to_owned(), points));
    }

    pub(crate) fn refunded(&mut self, points: i64) {
        self.balance += points;
        self.back += points;
    }

    /// A tick of `stream` is paid; returns what a streak adds. `counted` are the streams long enough to
    /// count.
    pub(crate) fn watches(&mut self, stream: Ms, new: bool, counted: &[Ms]) -> i64 {
        self.balance += TICK_POINTS;
        let before = self.open.replace(stream).filter(|before| *before != stream);
        *self.watched.entry(stream).or_default() += 1;
        // The tick that adds a new viewer only opens their row; streaks begin with the next one.
        if new {
            return 0;
        }
        let mut extra = 0;
        for stream in before.into_iter().chain([stream]).filter(|stream| counted.contains(stream)) {
            let (length, last) = self.streak;
            if last >= Some(stream) {
                continue;
            }
            let missed = counted.iter().filter(|id| last < Some(**id) && **id < stream).count();
            let length = if last.is_some() && missed == 0 { length + 1 } else { 1 };
            self.streak = (length, Some(stream));
            self.lengths.push(length);
            extra += brings(length);
        }
        self.balance += extra;
        extra
    }
}

/// The points that a streak of this length brings.
pub(crate) fn brings(length: u32) -> i64 {
    match length {
        10.. => 50,
        5.. => 25,
        2.. => 10,
        _ => 0,
    }
}
