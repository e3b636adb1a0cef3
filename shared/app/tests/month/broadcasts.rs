//! The bookkeeper's model of streams.

use crate::bookkeeper::{MINUTE, Ms};

/// A stream with its record.
#[derive(Debug, Clone, Default)]
pub(crate) struct Broadcast {
    pub(crate) began: Ms,
    pub(crate) ended: Option<Ms>,
    pub(crate) ticks: u64,
    pub(crate) present: u64,
    pub(crate) peak: u64,
    pub(crate) paid: i64,
    pub(crate) spent: i64,
    pub(crate) redeems: u64,
    last_slot: Option<Ms>,
}

/// All streams, as the bot must have understood them.
#[derive(Debug, Default)]
pub(crate) struct Broadcasts {
    pub(crate) all: Vec<Broadcast>,
    pub(crate) live: bool,
    /// The time of the last start or stop that changed the state.
    pub(crate) changed: Option<Ms>,
    /// The streams that were long enough to count.
    pub(crate) counted: Vec<Ms>,
    pub(crate) resumed: u32,
}

impl Broadcasts {
    pub(crate) fn newest(&self) -> Option<Ms> {
        self.all.last().map(|stream| stream.began)
    }

    pub(crate) fn live_stream(&self) -> Option<Ms> {
        self.newest().filter(|_| self.live)
    }

    fn is_news(&self, at: Ms) -> bool {
        self.changed.is_none_or(|changed| changed < at)
    }

    /// A broadcast began at `at`.
    pub(crate) fn started(&mut self, at: Ms) {
        if !self.is_news(at) {
            return;
        }
        let soon = self.changed.is_some_and(|changed| at - changed <= 5 * MINUTE);
        match self.all.last_mut().filter(|_| soon) {
            // Both a webhook and the watchdog report the same start.
            Some(_) if self.live => return,
            Some(stream) => {
                stream.ended = None;
                self.resumed += 1;
            }
            None => self.all.push(Broadcast { began: at, ..Broadcast::default() }),
        }
        self.live = true;
        self.changed = Some(at);
    }

    /// The broadcast ended at `at`.
    pub(crate) fn stopped(&mut self, at: Ms) {
        if !self.is_news(at) {
            return;
        }
        if let Some(stream) = self.all.last_mut().filter(|_| self.live) {
            stream.ended = Some(at);
        }
        self.live = false;
        self.changed = Some(at);
    }

    /// The watchdog reads at `now` whether Owncast is live, and since when.
    pub(crate) fn seen(&mut self, online: bool, since: Ms, now: Ms) {
        let at = if self.is_news(since) { since } else { now };
        match (self.live, online) {
            (false, true) => self.started(at),
            (true, false) => self.stopped(at),
            _ => {}
        }
    }

    /// How many planned ticks fit into the streams that started at `from` or later, and how many of them ran.
    pub(crate) fn ticks_since(&self, from: Ms) -> (i64, i64) {
        let streams = self.all.iter().filter(|stream| stream.began >= from);
        let length = |stream: &Broadcast| stream.ended.unwrap_or(stream.began) - stream.began;
        streams.fold((0, 0), |(fit, ran), stream| {
            (fit + length(stream) / (10 * MINUTE), ran + i64::try_from(stream.ticks).unwrap())
        })
    }

    /// A stream counts from the first tick that runs 20 minutes after its beginning.
    pub(crate) fn may_count(&mut self, stream: Ms, now: Ms) {
        if now - stream >= 20 * MINUTE && !self.counted.contains(&stream) {
            self.counted.push(stream);
        }
    }

    /// Only the first completed run of a slot counts in the record.
    pub(crate) fn ticked(&mut self, slot: Ms, present: u64, paid: i64) {
        let Some(stream) = self.all.last_mut() else { return };
        if stream.last_slot.is_none_or(|last| last < slot) {
            stream.last_slot = Some(slot);
            stream.ticks += 1;
            stream.present += present;
            stream.peak = stream.peak.max(present);
            stream.paid += paid;
        }
    }
}
