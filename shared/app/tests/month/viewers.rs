//! What the bookkeeper knows of one viewer.

use std::collections::BTreeMap;

use crate::bookkeeper::{Ms, WAGE, WELCOME};

#[derive(Debug, Clone, Default)]
pub(crate) struct Viewer {
    /// The name under which the bot knows them; nothing before they met.
    pub(crate) name: Option<String>,
    pub(crate) balance: i64,
    /// The slot that was paid last, and what it brought.
    pub(crate) last: Option<(Ms, i64)>,
    /// Ticks paid in each stream.
    pub(crate) watched: BTreeMap<Ms, i64>,
    /// The last stream of them.
    open: Option<Ms>,
    /// Streams in a row, the last of them, and every length that was reached.
    streak: (u32, Option<Ms>),
    pub(crate) lengths: Vec<u32>,
    /// What their own commands and presents have moved: the message and the points.
    pub(crate) moved: Vec<(String, i64)>,
    /// What came back.
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

    /// A tick of `stream` is paid; returns what a streak adds. `counted` are the streams long enough to count.
    pub(crate) fn watches(&mut self, stream: Ms, new: bool, counted: &[Ms]) -> i64 {
        self.balance += WAGE;
        let before = self.open.replace(stream).filter(|before| *before != stream);
        *self.watched.entry(stream).or_default() += 1;
        // The tick that meets somebody only opens their row; the next one finds it.
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

/// What a streak of this length brings.
pub(crate) fn brings(length: u32) -> i64 {
    match length {
        10.. => 50,
        5.. => 25,
        2.. => 10,
        _ => 0,
    }
}
