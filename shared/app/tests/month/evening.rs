//! How evenings go: when the stream is on, who comes, and what they do minute by minute.

use crate::bookkeeper::{HOUR, MINUTE, Ms, SECOND, Typed};
use crate::happening::Happening;
use crate::harness::MonthTest;
use crate::truth::LOYALTY;

/// After the end of an evening everything arrives for so long before it is compared.
const CALM: Ms = 9 * MINUTE;

impl MonthTest {
    /// Plans the evening that begins at `at`, a whole minute.
    pub(crate) fn plan_evening(&mut self, at: Ms) {
        let chance = &mut self.truth.chance;
        let kind = chance.u8(0..100);
        // Mostly short: each minute on air costs a run of the watchdog.
        let long = if chance.u8(0..100) < 12 { chance.i64(20..150) } else { chance.i64(20..35) };
        let on = at + chance.i64(10..60) * MINUTE + chance.i64(0..MINUTE);
        let mut parts = match kind {
            // No stream tonight, but some chat all the same.
            0..12 => Vec::new(),
            // Too short to count.
            12..22 => vec![(0, chance.i64(5..16))],
            // A break of some minutes in the middle.
            22..45 => {
                let (first, pause) =
                    (chance.i64(4..long), if kind < 36 { chance.i64(1..5) } else { chance.i64(6..13) });
                vec![(0, first), (first + pause, first + pause + long / 2)]
            }
            _ => vec![(0, long)],
        };
        let wobble = chance.i64(0..40) * SECOND;
        for (from, to) in &mut parts {
            (*from, *to) = (on + *from * MINUTE + wobble, on + *to * MINUTE);
        }
        let over = parts.last().map_or(on + 12 * MINUTE, |(_, to)| *to);
        for (from, to) in parts {
            self.agenda.plan(from, Happening::On);
            self.agenda.plan(to, Happening::Off);
        }
        for (viewer, loyalty) in LOYALTY.into_iter().enumerate() {
            if self.truth.chance.u8(0..100) < loyalty {
                self.plan_visit(viewer, on, over);
            }
        }
        self.agenda.plan(at, Happening::Quiet(false));
        let calm = over + 2 * MINUTE;
        self.agenda.plan(calm, Happening::Quiet(true));
        let end = (calm + CALM) / MINUTE * MINUTE;
        let mut minute = on / MINUTE * MINUTE - 3 * MINUTE;
        while minute < end {
            self.agenda.plan(minute, Happening::Minute);
            minute += MINUTE;
        }
        if self.jumps {
            let hour = if self.truth.chance.bool() { HOUR } else { -HOUR };
            self.agenda.plan(on + (over - on) / 4, Happening::Jumps(hour));
            self.agenda.plan(over - (over - on) / 4, Happening::Jumps(-hour));
        }
        self.agenda.plan(end, Happening::Refunds(2));
        self.agenda.plan(end + MINUTE, Happening::Night);
    }

    fn plan_visit(&mut self, viewer: usize, on: Ms, over: Ms) {
        let chance = &mut self.truth.chance;
        let comes = on + chance.i64(-4 * MINUTE..20 * MINUTE);
        let stays = chance.u8(0..100) < 60;
        let leaves =
            if stays { over + chance.i64(0..MINUTE) } else { comes + chance.i64(MINUTE..60 * MINUTE) };
        let (tabs, again) = (chance.u8(1..4), chance.u8(0..100) < 25);
        let comes = comes.min(over);
        self.agenda.plan(comes, Happening::Comes(viewer, tabs));
        let leaves = leaves.clamp(comes + SECOND, over + MINUTE);
        self.agenda.plan(leaves, Happening::Leaves(viewer));
        let back = leaves + self.truth.chance.i64(10 * SECOND..15 * MINUTE);
        if again && back < over {
            self.agenda.plan(back, Happening::Comes(viewer, 1));
            self.agenda.plan(over + MINUTE, Happening::Leaves(viewer));
        }
    }

    /// What happens in the minute that begins now.
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
            if self.truth.now_and_then(130) {
                let at = now + self.truth.chance.i64(0..MINUTE);
                let typed = self.truth.thinks_of(viewer, at, &goals);
                self.agenda.plan(at, Happening::Types(viewer, typed));
            }
            if self.truth.now_and_then(3) {
                let at = now + self.truth.chance.i64(0..MINUTE);
                self.agenda.plan(at, Happening::Renames(viewer));
            }
            if self.truth.now_and_then(5) {
                let at = now + self.truth.chance.i64(0..MINUTE);
                self.agenda.plan(at, Happening::Comes(viewer, 1));
            }
        }
        if self.truth.now_and_then(10) {
            self.agenda.plan(now + MINUTE / 2, Happening::ColdStart);
        }
        if self.truth.now_and_then(self.away_often) {
            let until = now + self.truth.chance.i64(MINUTE..15 * MINUTE);
            self.agenda.plan(now + MINUTE / 3, Happening::Away(true));
            self.agenda.plan(until, Happening::Away(false));
            // Everybody asks what is going on.
            if self.truth.now_and_then(300) {
                for n in 0..60 {
                    let viewer = self.truth.chance.usize(0..LOYALTY.len());
                    self.agenda.plan(now + MINUTE / 2 + n * SECOND, Happening::Types(viewer, Typed::Plain));
                }
            }
        }
    }
}
