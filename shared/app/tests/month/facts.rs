//! The effects of calls that failed. Only the table shows what such a call has done, so the bookkeeper is
//! given what the table holds. What follows from it is still computed by the bookkeeper.

use ownchatbot_domain::{EventId, RewardId, StreamState, Timestamp};
use ownchatbot_testkit::builders::event;

use crate::FAULTS;
use crate::bookkeeper::{Line, Ms, Remembered, Typed};
use crate::events::Webhook;
use crate::harness::MonthTest;

impl MonthTest {
    /// Switches faults of the table on, if the test has them and the time is not quiet.
    pub(crate) fn faults(&mut self) {
        if self.faulty && !self.quiet {
            self.bot.faults.at_random(20, FAULTS, self.failure_rng.u64(..));
        } else {
            self.bot.faults.stop();
        }
    }

    async fn state(&self) -> StreamState {
        self.bot.faults.stop();
        self.bot.store().stream().await.unwrap()
    }

    async fn handled(&self, lines: &[Line]) -> Vec<Line> {
        self.bot.faults.stop();
        let events: Vec<EventId> = lines.iter().map(|line| event(&line.id)).collect();
        if events.is_empty() {
            return Vec::new();
        }
        let found = self.bot.store().handled(&events).await.unwrap();
        lines.iter().filter(|line| found.contains(&event(&line.id))).cloned().collect()
    }

    /// Reads the names under which the bot knows the viewers.
    async fn read_people(&mut self) {
        self.bot.faults.stop();
        for viewer in 0..self.truth.people.len() {
            let loaded = self.bot.store().load(&self.truth.people[viewer].id, None).await.unwrap();
            if let Some(profile) = loaded.profile {
                self.books.meets(viewer, &profile.person.name);
            }
        }
    }

    /// Reads what a failed webhook has done.
    pub(crate) async fn read_webhook_result(&mut self, webhook: &Webhook, now: Ms) {
        self.read_people().await;
        let done = match webhook {
            Webhook::Chat(line) if line.typed != Typed::Plain => {
                !self.handled(std::slice::from_ref(line)).await.is_empty()
            }
            Webhook::Started(_, at) | Webhook::Stopped(_, at) => {
                self.state().await.changed_at.is_some_and(|changed| changed.ms() == *at)
            }
            _ => false,
        };
        if done {
            self.notes(webhook, now);
        }
        self.faults();
    }

    /// Reads the state of the stream after a failed run of the watchdog.
    async fn read_stream(&mut self, now: Ms) {
        let state = self.state().await;
        if state.live != self.books.broadcasts.live {
            self.books.broadcasts.seen(self.truth.online, self.truth.since, now);
        }
    }

    pub(crate) async fn read_watchdog_result(&mut self, now: Ms, history: &[Remembered]) {
        self.read_goals(now).await;
        self.read_people().await;
        self.read_stream(now).await;
        let lines: Vec<Line> = history.iter().filter_map(|said| said.line.clone()).collect();
        let reached: Vec<String> = self.handled(&lines).await.into_iter().map(|line| line.id).collect();
        let kept = self.bot.store().watch().await.unwrap().watermark.map(Timestamp::ms);
        // Stale commands count only if the run completed catching up.
        let stale = self.books.stale.clone();
        if kept.is_some() {
            self.books.catches_up(now, history, |id| reached.iter().any(|reached| reached == id));
        }
        if *self.books.watermark() != kept {
            self.books.stale = stale;
        }
        *self.books.watermark() = kept;
        self.faults();
    }

    pub(crate) async fn read_goals(&mut self, now: Ms) {
        self.bot.faults.stop();
        for place in 0..self.books.goals.len() {
            if self.books.goals[place].ends > now {
                continue;
            }
            let id = RewardId::new(format!("charity{place}")).unwrap();
            let usages = self.bot.store().usages(std::slice::from_ref(&id)).await.unwrap();
            let holds = usages.get(&id).map_or(0, |usage| usage.points.get());
            if holds != self.books.goals[place].progress() {
                assert_eq!(holds, 0, "all contributions to {id} are returned, or none");
                self.books.closes(now);
            }
        }
        self.faults();
    }

    /// Reads whom a failed tick has paid, and whether it is in the record.
    pub(crate) async fn read_tick_result(&mut self, slot: Ms, present: &[(usize, String)]) {
        let state = self.state().await;
        let Some(stream) = self.books.broadcasts.live_stream() else { return self.faults() };
        let counted = state.counted.iter().map(|stream| stream.began().ms());
        self.books.broadcasts.counted = counted.collect();
        let ids: Vec<_> = present.iter().map(|(viewer, _)| self.truth.people[*viewer].id.clone()).collect();
        let accounts =
            if ids.is_empty() { Default::default() } else { self.bot.store().accounts(&ids).await.unwrap() };
        let mut paid = 0;
        for ((viewer, name), id) in present.iter().zip(&ids) {
            if accounts
                .get(id)
                .and_then(|account| account.as_ref()?.last_tick)
                .is_some_and(|last| last.ms() == slot)
            {
                paid += self.books.pays(*viewer, name, slot, stream);
            }
        }
        let records = self.bot.store().streams(1).await.unwrap();
        let known = self.books.broadcasts.all.last().map(|stream| stream.ticks);
        if records.first().map(|record| record.ticks) != known {
            self.books.broadcasts.ticked(slot, present.len() as u64, paid);
        }
        self.faults();
    }

    pub(crate) async fn read_announcements(&mut self) {
        self.bot.faults.stop();
        let announced = self.bot.store().announced().await.unwrap();
        self.books.announced = (announced.said, announced.at.map(Timestamp::ms));
        self.faults();
    }
}
