//! Runs of the watchdog and of schedules, and deliveries.

use std::sync::atomic::Ordering;

use ownchatbot_app::RunError;
use ownchatbot_app::announce::on_announcements;
use ownchatbot_app::deadline::on_deadline;
use ownchatbot_app::deliver::{DeliveryTargets, on_rows};
use ownchatbot_app::ports::Schedules;
use ownchatbot_app::tick::on_tick;
use ownchatbot_app::timer::on_timer;
use ownchatbot_app::watchdog::on_watchdog;
use ownchatbot_domain::{Schedule, Span, Task, Timestamp, Timing};
use ownchatbot_schedules::Run;
use ownchatbot_store::LaneId;

use crate::bookkeeper::{Ms, SECOND};
use crate::events::PlannedEvent;
use crate::harness::MonthTest;

impl MonthTest {
    /// Plans the watchdog's run of this minute, which is sometimes lost, late or repeated.
    pub(crate) fn plan_watch(&mut self) {
        if !self.quiet && self.failure_rng.u8(0..100) < 5 {
            self.tally.dropped_runs += 1;
            return;
        }
        let slot = self.bot_time();
        for delay in self.delays(0, SECOND) {
            self.agenda.plan(self.now + delay, PlannedEvent::Watch(slot));
        }
    }

    pub(crate) async fn run_watchdog(&mut self, slot: Ms) {
        let (now, failures) = (self.bot_time(), self.scheduler.failures.load(Ordering::Relaxed));
        self.truth.shows(&self.owncast);
        let history = self.truth.history();
        let (online, since) = (self.truth.online, self.truth.since);
        let slot = Timestamp::from_ms(slot);
        match Box::pin(on_watchdog(&self.worker, &self.owncast, &self.scheduler, slot)).await {
            Ok(report) => {
                self.books.closes(now);
                if report.asked && !self.away {
                    self.books.broadcasts.seen(online, since, now);
                    self.books.catches_up(now, &history, |_| true);
                }
                self.tally.caught_up += report.caught_up.commands;
                self.tally.stale += report.caught_up.stale;
                self.tally.mended += usize::from(report.mended);
                self.tally.corrected += report.schedules;
                self.tally.redriven += report.delivered.done + report.delivered.dropped;
                self.tally.ends += report.ended;
                if self.scheduler.failures.load(Ordering::Relaxed) == failures {
                    self.schedules_follow_the_stream().await;
                }
            }
            Err(error) => {
                assert!(self.faulty, "{error:?}");
                self.tally.errors += 1;
                self.read_watchdog_result(now, &history).await;
            }
        }
        self.deliver_new_rows(true).await;
    }

    /// Checks that the recurring schedules are on exactly while the stored state of the stream is live.
    pub(crate) async fn schedules_follow_the_stream(&self) {
        let (on, now) = (self.books.broadcasts.live, self.bot.now());
        for (task, minutes) in [(Task::PointsTick, 10), (Task::Announcements, 15)] {
            let interval = Span::minutes(minutes);
            let timing = Timing::Every { interval, from: now.saturating_add(interval), on };
            let schedule = Schedule { task, timing };
            assert!(self.scheduler.local.holds(&schedule).await.unwrap(), "{schedule:?}");
        }
    }

    /// Starts the runs that are due, which are sometimes lost, late or repeated.
    pub(crate) fn start_due_runs(&mut self) {
        for run in self.scheduler.local.due() {
            if !self.quiet && self.failure_rng.u8(0..100) < 10 {
                self.tally.dropped_runs += 1;
                self.scheduler.local.finish(&run, false);
                continue;
            }
            let mut delays = self.delays(0, SECOND).into_iter();
            let first = delays.next().unwrap_or_default();
            self.agenda.plan(self.now + first, PlannedEvent::Runs(run.clone(), false));
            for again in delays {
                self.tally.repeated_runs += 1;
                self.agenda.plan(self.now + again, PlannedEvent::Runs(run.clone(), true));
            }
        }
    }

    pub(crate) async fn runs(&mut self, run: Run, copy: bool) {
        let now = self.bot_time();
        self.truth.shows(&self.owncast);
        let done = match &run.task {
            Task::PointsTick => self.ticks(run.slot, now).await,
            Task::Announcements => self.announces(run.slot, now).await,
            Task::Timer(id) => {
                // The deployed function waits for the end of a timer; here the run starts at the end.
                let ends = self.books.timers.iter().find(|timer| timer.id == id.id()).map(|timer| timer.ends);
                if let Some(left) = ends.map(|ends| ends - now).filter(|left| *left > 0) {
                    self.agenda.plan(self.now + left, PlannedEvent::Runs(run, copy));
                    return;
                }
                on_timer(&self.worker, id).await.map(|_| ())
            }
            Task::Deadline(reward) => match on_deadline(&self.worker, reward).await {
                Ok(_) => {
                    self.books.closes(now);
                    Ok(())
                }
                Err(error) => {
                    self.read_goals(now).await;
                    Err(error)
                }
            },
        };
        match &done {
            Err(RunError::Owncast(_)) => {
                assert!(self.away);
                self.tally.failed_runs += 1;
            }
            Err(error) => {
                assert!(self.faulty, "{run:?}: {error:?}");
                self.tally.errors += 1;
            }
            Ok(()) => {}
        }
        if !copy {
            self.scheduler.local.finish(&run, done.is_ok());
        }
        self.deliver_new_rows(true).await;
    }

    async fn ticks(&mut self, slot: Timestamp, now: Ms) -> Result<(), RunError> {
        let present = self.truth.present();
        let outcome = on_tick(&self.worker, &self.owncast, slot).await;
        match &outcome {
            Ok(_) => self.books.ticks(slot.ms(), now, &present),
            // The tick saves that the stream is long enough to count before it asks Owncast for its clients.
            Err(RunError::Owncast(_)) => {
                let broadcasts = &mut self.books.broadcasts;
                if let Some(stream) = broadcasts.live_stream() {
                    broadcasts.may_count(stream, now);
                }
            }
            Err(RunError::App(_)) => self.read_tick_result(slot.ms(), &present).await,
        }
        outcome.map(|_| ())
    }

    async fn announces(&mut self, slot: Timestamp, now: Ms) -> Result<(), RunError> {
        let history = self.truth.history();
        let outcome = on_announcements(&self.worker, &self.owncast, slot).await;
        match &outcome {
            Ok(_) => {
                self.books.announces(slot.ms(), now, &history);
            }
            Err(RunError::Owncast(_)) => {}
            Err(RunError::App(_)) => self.read_announcements().await,
        }
        outcome.map(|_| ())
    }

    /// Delivers rows from the table's stream; those of failed lanes are delivered again.
    pub(crate) async fn delivers(&mut self, rows: Vec<(LaneId, u32)>) {
        let targets = DeliveryTargets { owncast: &self.owncast, schedules: &self.scheduler };
        let (_, failed) = on_rows(&self.worker, targets, rows.iter().cloned()).await;
        if !failed.is_empty() {
            assert!(self.faulty, "{failed:?}");
            self.tally.errors += 1;
            self.agenda.plan(self.now + SECOND, PlannedEvent::Rows(rows));
        }
        self.deliver_new_rows(false).await;
    }
}
