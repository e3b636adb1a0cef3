//! The plans of evenings: when the stream is live, who comes, and what viewers do minute by minute.

use crate::bookkeeper::{HOUR, MINUTE, Ms, SECOND, Typed};
use crate::events::PlannedEvent;
use crate::harness::MonthTest;
use crate::truth::LOYALTY;

/// The time after an evening in which everything arrives without failures, before the state is checked.
const CALM: Ms = 9 * MINUTE;

impl MonthTest {
    /// Plans the evening that starts at `at`, which is a whole minute.
    pub(crate) fn plan_evening(&mut self, at: Ms) {
        let rng = &mut self.truth.rng;
        let kind = rng.u8(0..100);
        // Most streams are short, because each live minute costs a run of the watchdog.
        let long = if rng.u8(0..100) < 12 { rng.i64(20..150) } else { rng.i64(20..35) };
        let on = at + rng.i64(10..60) * MINUTE + rng.i64(0..MINUTE);
        let mut parts = match kind {
            // No stream tonight, but some chat all the same.
            0..12 => Vec::new(),
            // Too short to count.
            12..22 => vec![(0, rng.i64(5..16))],
            // A break of some minutes in the middle.
            22..45 => {
                let (first, pause) =
                    (rng.i64(4..long), if kind < 36 { rng.i64(1..5) } else { rng.i64(6..13) });
                vec![(0, first), (first + pause, first + pause + long / 2)]
            }
            _ => vec![(0, long)],
        };
        let wobble = rng.i64(0..40) * SECOND;
        for (from, to) in &mut parts {
            (*from, *to) = (on + *from * MINUTE + wobble, on + *to * MINUTE);
        }
        let over = parts.last().map_or(on + 12 * MINUTE, |(_, to)| *to);
        for (from, to) in parts {
            self.agenda.plan(from, PlannedEvent::On);
            self.agenda.plan(to, PlannedEvent::Off);
        }
        for (viewer, loyalty) in LOYALTY.into_iter().enumerate() {
            if self.truth.rng.u8(0..100) < loyalty {
                self.plan_visit(viewer, on, over);
            }
        }
        self.agenda.plan(at, PlannedEvent::Quiet(false));
        let calm = over + 2 * MINUTE;
        self.agenda.plan(calm, PlannedEvent::Quiet(true));
        let end = (calm + CALM) / MINUTE * MINUTE;
        let mut minute = on / MINUTE * MINUTE - 3 * MINUTE;
        while minute < end {
            self.agenda.plan(minute, PlannedEvent::Minute);
            minute += MINUTE;
        }
        if self.jumps {
            let hour = if self.truth.rng.bool() { HOUR } else { -HOUR };
            self.agenda.plan(on + (over - on) / 4, PlannedEvent::Jumps(hour));
            self.agenda.plan(over - (over - on) / 4, PlannedEvent::Jumps(-hour));
        }
        self.agenda.plan(end, PlannedEvent::Refunds(2));
        self.agenda.plan(end + MINUTE, PlannedEvent::Night);
    }

    fn plan_visit(&mut self, viewer: usize, on: Ms, over: Ms) {
        let rng = &mut self.truth.rng;
        let comes = on + rng.i64(-4 * MINUTE..20 * MINUTE);
        let stays = rng.u8(0..100) < 60;
        let leaves = if stays { over + rng.i64(0..MINUTE) } else { comes + rng.i64(MINUTE..60 * MINUTE) };
        let (tabs, again) = (rng.u8(1..4), rng.u8(0..100) < 25);
        let comes = comes.min(over);
        self.agenda.plan(comes, PlannedEvent::Comes(viewer, tabs));
        let leaves = leaves.clamp(comes + SECOND, over + MINUTE);
        self.agenda.plan(leaves, PlannedEvent::Leaves(viewer));
        let back = leaves + self.truth.rng.i64(10 * SECOND..15 * MINUTE);
        if again && back < over {
            self.agenda.plan(back, PlannedEvent::Comes(viewer, 1));
            self.agenda.plan(over + MINUTE, PlannedEvent::Leaves(viewer));
        }
    }

    /// Plans what happens in the minute that starts now.
    pub(crate) fn plan_minute(&mut self) {
        let now = self.now;
        if self.books.broadcasts.live || self.truth.online || self.bot_time() % (5 * MINUTE) == 0 {
            self.plan_watch();
        }
        if self.quiet {
            return;
        }
        let goals: Vec<Ms> = self.books.goals.iter().map(|goal| goal.ends).collect();
        for viewer in 0..LOYALTY.len() {
            if !self.truth.is_there(viewer) {
                continue;
            }
            if self.truth.with_probability(130) {
                let at = now + self.truth.rng.i64(0..MINUTE);
                let typed = self.truth.choose_message(viewer, at, &goals);
                self.agenda.plan(at, PlannedEvent::Types(viewer, typed));
            }
            if self.truth.with_probability(3) {
                let at = now + self.truth.rng.i64(0..MINUTE);
                self.agenda.plan(at, PlannedEvent::Renames(viewer));
            }
            if self.truth.with_probability(5) {
                let at = now + self.truth.rng.i64(0..MINUTE);
                self.agenda.plan(at, PlannedEvent::Comes(viewer, 1));
            }
        }
        if self.truth.with_probability(10) {
            self.agenda.plan(now + MINUTE / 2, PlannedEvent::ColdStart);
        }
        if self.truth.with_probability(self.away_often) {
            let until = now + self.truth.rng.i64(MINUTE..15 * MINUTE);
            self.agenda.plan(now + MINUTE / 3, PlannedEvent::Away(true));
            self.agenda.plan(until, PlannedEvent::Away(false));
            // Sometimes chat is busy during the outage.
            if self.truth.with_probability(300) {
                for n in 0..60 {
                    let viewer = self.truth.rng.usize(0..LOYALTY.len());
                    self.agenda
                        .plan(now + MINUTE / 2 + n * SECOND, PlannedEvent::Types(viewer, Typed::Plain));
                }
            }
        }
    }
}
