//! Comparing the table with the bookkeeper.

use std::collections::BTreeMap;

use ownchatbot_domain::{Cause, EventId, LedgerRow, RewardId, Source, Timestamp};
use ownchatbot_testkit::builders::event;

use crate::bookkeeper::{Ms, TICK_POINTS, Typed, WELCOME};
use crate::harness::MonthTest;

impl MonthTest {
    /// Checks after an evening that all balances are right and that no stream or schedule is left running.
    pub(crate) async fn check_evening(&mut self) {
        let day = (self.now - self.began) / crate::DAY;
        assert_eq!(self.offset, 0, "the clock is right again");
        let state = self.bot.store().stream().await.unwrap();
        assert!(!state.live && !self.books.broadcasts.live, "day {day}: {state:?}");
        assert_eq!(state.newest.map(|stream| stream.began().ms()), self.books.broadcasts.newest());
        self.schedules_follow_the_stream().await;
        for (viewer, person) in self.books.viewers.iter().zip(&self.truth.people) {
            let loaded = self.bot.store().load(&person.id, None).await.unwrap();
            let known = loaded.profile.as_ref().map(|profile| profile.person.name.clone());
            assert_eq!(known, viewer.name, "day {day}");
            assert_eq!(loaded.account.balance.get(), viewer.balance, "day {day}: {}", person.name);
            let length = viewer.lengths.last().copied().unwrap_or_default();
            assert_eq!(loaded.account.streak.length, length, "day {day}: the streak of {}", person.name);
        }
        if day % 7 == 6 {
            self.bot.verify_totals().await;
        }
    }

    /// Checks everything, after all evenings.
    pub(crate) async fn check_all(&mut self) {
        self.tally.resumed = self.books.broadcasts.resumed;
        self.tally.streaks = self.books.streaks_paid();
        let points = self.bot.verify_totals().await;
        assert_eq!(points, self.books.viewers.iter().map(|viewer| viewer.balance).sum::<i64>());
        for viewer in 0..self.truth.people.len() {
            self.check_ledger(viewer).await;
        }
        self.check_streams().await;
        self.check_commands().await;
        self.check_rewards().await;
        self.check_outbox().await;
    }

    /// Checks that the ledger contains every movement of points once, and no other.
    async fn check_ledger(&self, viewer: usize) {
        let (person, books) = (&self.truth.people[viewer], &self.books.viewers[viewer]);
        let rows = self.bot.store().ledger(&person.id).await.unwrap();
        let sum = |wanted: fn(&Cause) -> bool| -> i64 {
            rows.iter().filter(|row| wanted(&row.cause)).map(|row| row.delta.get()).sum()
        };
        let mut moved: Vec<(String, i64)> = rows.iter().filter_map(commanded).collect();
        let mut expected = books.moved.clone();
        moved.sort();
        expected.sort();
        assert_eq!(moved, expected, "what {} did", person.name);
        let account = self.bot.store().load(&person.id, None).await.unwrap().account;
        let mut watched: BTreeMap<Ms, i64> = BTreeMap::new();
        for row in &rows {
            if let Cause::Watching(stream) = &row.cause {
                *watched.entry(stream.began().ms()).or_default() += row.delta.get();
            }
        }
        if let Some(open) = &account.open {
            *watched.entry(open.stream.began().ms()).or_default() += open.points.get();
        }
        let expected: BTreeMap<Ms, i64> =
            books.watched.iter().map(|(id, ticks)| (*id, ticks * TICK_POINTS)).collect();
        assert_eq!(watched, expected, "what {} watched", person.name);
        let ticks: i64 = books.watched.values().sum();
        assert_eq!(account.watched_seconds, ticks * 600, "how long {} watched", person.name);
        assert_eq!(
            sum(|cause| matches!(cause, Cause::Refund(_))),
            books.back,
            "what {} got back",
            person.name
        );
        let welcome = if books.name.is_some() { WELCOME } else { 0 };
        assert_eq!(sum(|cause| matches!(cause, Cause::Gift(None))), welcome);
    }

    async fn check_streams(&self) {
        let mut records = self.bot.store().streams(1000).await.unwrap();
        records.reverse();
        let began: Vec<Ms> = records.iter().map(|record| record.began.ms()).collect();
        let books = &self.books.broadcasts.all;
        assert_eq!(began, books.iter().map(|stream| stream.began).collect::<Vec<_>>());
        let newest = books.len() - 1;
        for (place, (record, stream)) in records.iter().zip(books).enumerate() {
            assert_eq!(record.ended.map(Timestamp::ms), stream.ended, "{record:?}");
            let kept = (record.ticks, record.present, record.peak, record.paid.get());
            assert_eq!(kept, (stream.ticks, stream.present, stream.peak, stream.paid), "{record:?}");
            // Points that are spent after the end are summed up when the next stream starts.
            if place < newest {
                let kept = (record.spent.get(), record.redeems);
                assert_eq!(kept, (stream.spent, stream.redeems), "{record:?}");
            }
        }
    }

    /// Checks that a command has a receipt exactly if it was carried out.
    async fn check_commands(&self) {
        let commands: Vec<_> = self.truth.lines.iter().filter(|line| line.typed != Typed::Plain).collect();
        for some in commands.chunks(100) {
            let events: Vec<EventId> = some.iter().map(|line| event(&line.id)).collect();
            let found = self.bot.store().handled(&events).await.unwrap();
            for (line, event) in some.iter().zip(&events) {
                assert_eq!(found.contains(event), self.books.done.contains(&line.id), "{line:?}");
            }
        }
        let missed = commands.iter().filter(|line| !self.books.done.contains(&line.id)).count();
        assert!(missed * 3 < commands.len(), "{missed} of {} were never carried out", commands.len());
    }

    async fn check_rewards(&self) {
        let id = |name: &str| RewardId::new(name).unwrap();
        let uses = async |name: &str| {
            let usages = self.bot.store().usages(&[id(name)]).await.unwrap();
            usages.get(&id(name)).map_or((0, 0), |usage| (usage.count, usage.points.get()))
        };
        assert_eq!(uses("red").await, (self.books.votes, self.books.votes as i64 * crate::bookkeeper::RED));
        let waiting = self.books.sales.iter().filter(|sale| sale.open).count();
        assert_eq!(self.bot.queue().await.len(), waiting);
        for (place, goal) in self.books.goals.iter().enumerate() {
            assert_eq!(uses(&format!("charity{place}")).await.1, goal.progress());
            assert!(goal.ends > self.now || goal.gave_back == goal.given.is_empty(), "{goal:?}");
        }
    }

    /// Checks that nothing waits in the outbox, all public lines were shown, and every timer has ended once.
    async fn check_outbox(&self) {
        let (mut lines, mut announced) = (BTreeMap::<String, u32>::new(), 0);
        for item in self.bot.table.items().await {
            let text =
                |name: &str| item.get(name).and_then(|value| value.as_s().ok()).map_or("", String::as_str);
            let (pk, state) = (text("pk"), text("state"));
            if !pk.starts_with("OUTBOX#") {
                assert_ne!(pk, "DUE", "{item:?}");
                continue;
            }
            assert!(matches!(state, "done" | "dropped" | ""), "{item:?}");
            announced += u64::from(pk.starts_with("OUTBOX#schedule:announcement-"));
            if text("kind") == "say" {
                *lines.entry(text("line").to_owned()).or_default() += 1;
            }
            if state == "done" && matches!(text("kind"), "say" | "whisper") {
                assert!(self.shown.contains_key(text("line")), "{item:?}");
            }
        }
        let mut ids: Vec<_> = self.rows.iter().collect();
        ids.sort();
        assert!(ids.windows(2).all(|pair| pair[0] != pair[1]), "a row was written twice");
        for timer in &self.books.timers {
            let ended = EventId::new(Source::Schedule, format!("timer-owncast:{}", timer.id)).unwrap();
            assert!(
                self.bot.store().handled_at(&ended).await.unwrap().is_some(),
                "{} has not ended",
                timer.name
            );
            assert_eq!(lines.get(&format!("Time is up: {}", timer.name)), Some(&1));
        }
        assert!(self.bot.store().timers().await.unwrap().running.is_empty());
        assert_eq!(announced, self.books.announced.0);
        assert_eq!(self.bot.store().announced().await.unwrap().said, announced);
    }
}

/// The event id and the points of a row that a command made.
fn commanded(row: &LedgerRow) -> Option<(String, i64)> {
    let commanded = matches!(
        row.cause,
        Cause::Redeem(_) | Cause::Vote(_) | Cause::Contribution(_) | Cause::Gift(Some(_))
    );
    commanded.then(|| (row.event.id().to_owned(), row.delta.get()))
}
